"""A little of benchmarks/storm.py: lost answers, lost receipts, blind lists, killed workers."""

from benchmarks.rain import rain
from tests.matrix.town import Town


def test_nothing_is_lost_and_nothing_said_twice(town: Town) -> None:
    figures = rain(town, texts=200, rate=100, seed=3)
    assert figures["times all workers were killed"] > 0
    assert figures["duplicates of blind retry"] > 0
    assert figures["duplicates at the gateway"] == figures["marked as said twice"] == 0
    assert figures["never sent and not parked"] == 0
    assert figures["under way or unknown at the end"] == 0
