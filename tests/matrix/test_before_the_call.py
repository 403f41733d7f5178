"""The failure matrix, up to the moment in which the gateway is spoken to."""

from tests.gateway.run import RunningGateway
from tests.matrix.database import locked
from tests.matrix.texts import queue, settled, status, tries
from tests.matrix.town import Town, freeze, thaw, until

PHONE = "+14155550101"


def test_killed_after_the_claim_and_before_the_call(town: Town, gateway: RunningGateway) -> None:
    with locked("notifications_suppression") as lock:
        (text,) = queue(PHONE)
        until(lock.holds_somebody_up)
        town.kill_workers()
    assert (status(text), len(tries(text)), gateway.texts()) == ("sending", 1, [])
    town.start_worker()
    settled(text)
    assert (text.resent, len(gateway.texts())) == (True, 1)


def test_frozen_beyond_its_lease_and_woken_before_the_call(
    town: Town, gateway: RunningGateway
) -> None:
    (sleeper,) = town.workers
    with locked("notifications_suppression") as lock:
        (text,) = queue(PHONE)
        until(lock.holds_somebody_up)
        freeze(sleeper)
    town.start_worker()
    settled(text)
    thaw(sleeper)
    until(lambda: tries(text)[0].finished_at)
    assert (tries(text)[0].outcome, len(gateway.texts())) == ("refused", 1)
