"""The failure matrix, up to the moment in which the gateway is spoken to."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import transaction

from notifications import tasks
from notifications.models import Importance, Message
from tests.gateway.run import RunningGateway
from tests.matrix.database import locked
from tests.matrix.texts import CROWD, queue, settled, status, tries
from tests.matrix.town import Town, freeze, thaw, until
from tickets.models import Category, Responsibility, Ticket, Unit

CSRF = "0" * 32


@pytest.fixture
def form(phone: str) -> dict[str, str]:
    """A report, as the web page sends it."""
    lighting = Unit.objects.create(code="lighting", name_en="Street lighting", name_zh="路灯管理处")
    dark = Category.objects.create(code="dark", name_en="Street light out", name_zh="路灯不亮")
    Responsibility.objects.create(category=dark, unit=lighting)
    return {
        **{"csrfmiddlewaretoken": CSRF, "key": str(uuid4()), "category": "dark", "language": "en"},
        **{"lon": "125.4", "lat": "43.83", "address": "Chuangye Avenue", "phone": phone},
        "words": "All the lamps are dark.",
    }


def test_killed_before_the_ticket_is_committed(
    town: Town, gateway: RunningGateway, form: dict[str, str]
) -> None:
    def report() -> int:
        return town.ask("POST", "/report/", urlencode(form), Cookie=f"csrftoken={CSRF}")

    with locked("notifications_message", mode="EXCLUSIVE") as lock, ThreadPoolExecutor() as threads:
        asked = threads.submit(report)
        until(lock.holds_somebody_up)
        town.kill_web()
        assert isinstance(asked.exception(), OSError)
    assert not Ticket.objects.exists()
    assert not Message.objects.exists()
    town.start_web()
    until(town.answers)
    assert report() == report() == 302  # the same form, and again
    settled(Message.objects.get())
    assert len(gateway.texts()) == 1


def test_the_broker_is_down_after_the_commit(
    town: Town, gateway: RunningGateway, phone: str
) -> None:
    town.kill_redis()
    (text,) = queue(phone)
    assert status(text) == "queued"
    town.start_redis()
    settled(text)
    assert len(gateway.texts()) == 1


def test_the_nudge_is_lost(town: Town, gateway: RunningGateway, phone: str) -> None:
    town.kill_workers()
    (text,) = queue(phone)
    until(town.nudged)
    town.kill_redis()
    town.start_redis()
    town.start_worker()
    settled(text)
    assert len(gateway.texts()) == 1


def test_two_workers_and_every_nudge_doubled(town: Town, gateway: RunningGateway) -> None:
    town.kill_workers()
    gateway.faults(latency_ms=20)
    texts = [
        text
        for number in range(5)
        for text in queue(*CROWD, body=f"Ticket {number}: done.", importance=Importance.CRITICAL)
    ]
    for _ in range(50):
        tasks.drain.delay()
    town.start_worker()
    town.start_worker()
    settled(*texts)
    assert (gateway.summary()["accepted"], gateway.summary()["doubled"]) == (200, 0)


def test_frozen_beyond_its_lease_and_woken_before_the_call(
    town: Town, gateway: RunningGateway, phone: str
) -> None:
    (sleeper,) = town.workers
    with locked("notifications_suppression") as lock:
        (text,) = queue(phone)
        until(lock.holds_somebody_up)
        freeze(sleeper)
    town.start_worker()
    settled(text)
    thaw(sleeper)
    until(lambda: tries(text)[0].finished_at)
    assert (tries(text)[0].outcome, len(gateway.texts())) == ("refused", 1)


def test_stopped_between_enqueue_and_claim(town: Town, gateway: RunningGateway, phone: str) -> None:
    (sleeper,) = town.workers
    freeze(sleeper)
    (waiting,) = queue(phone)
    with transaction.atomic():
        (unseen,) = queue(phone, body="Committed after a STOP that could not see it.")
        assert town.say(phone, "STOP") == 200
    thaw(sleeper)
    settled(waiting, unseen)
    assert (waiting.status, unseen.status, gateway.texts()) == ("suppressed", "suppressed", [])


def test_stopped_after_it_was_accepted(town: Town, gateway: RunningGateway, phone: str) -> None:
    gateway.faults(latency_ms=500)
    (text,) = queue(phone)
    until(gateway.texts)
    assert town.say(phone, "STOP") == 200
    (next_one,) = queue(phone, body="Too late.")
    settled(text, next_one)
    until(lambda: status(text) == "delivered")
    assert (next_one.status, len(gateway.texts())) == ("suppressed", 1)
