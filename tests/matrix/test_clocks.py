"""The failure matrix: a worker whose clock is wrong, and one that slept through its call."""

from pathlib import Path

from config.embedded import ROOT
from tests.gateway.run import RunningGateway
from tests.matrix.texts import queue, settled, status, tries
from tests.matrix.town import Town, freeze, thaw, until

WRONG = Path(__file__).parent / "wrong_clock"


def test_two_clocks_disagree(town: Town, gateway: RunningGateway, phone: str) -> None:
    """Asked too early, the lists would know nothing, and the text be sent again."""
    town.kill_workers()
    gateway.faults({"kind": "error_after", "count": 1}, {"kind": "callback_lost"}, list_lag=1.5)
    (text,) = queue(phone)
    for hours in (1, -1):
        town.start_worker(PYTHONPATH=f"{WRONG}:{ROOT}", CLOCK_IS_WRONG_BY=str(hours * 3600))
    settled(text)
    town.kill_workers()
    assert (text.status, text.resent, len(gateway.texts())) == ("delivered", False, 1)


def test_frozen_during_the_call(town: Town, gateway: RunningGateway, phone: str) -> None:
    (sleeper,) = town.workers
    gateway.faults({"kind": "hang_after", "seconds": 1, "count": 1}, {"kind": "callback_lost"})
    (text,) = queue(phone)
    until(gateway.texts)
    freeze(sleeper)
    town.start_worker()
    until(lambda: status(text) in ("sent", "delivered"))
    thaw(sleeper)
    until(lambda: tries(text)[0].finished_at)
    assert (text.doubled, len(tries(text)), len(gateway.texts())) == (False, 1, 1)
