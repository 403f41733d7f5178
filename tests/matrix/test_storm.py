"""A little of benchmarks/storm.py, and far worse; no list is blind, so nothing may double."""

from benchmarks.rain import rain, weather
from tests.matrix.town import Town


def test_nothing_is_lost_and_nothing_said_twice(town: Town) -> None:
    bad = weather(doubt=0.1, receipts=0.6, lists=0)
    figures = rain(town, texts=200, rate=100, seed=3, faults=bad)
    assert figures["times all workers were killed"] > 0
    assert figures["duplicates of blind retry"] > 0
    assert figures["duplicates at the gateway"] == figures["marked as said twice"] == 0
    assert figures["never sent and not parked"] == 0
    assert figures["under way or unknown at the end"] == 0
