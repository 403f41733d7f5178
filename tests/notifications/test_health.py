"""A gateway that fails again and again is left alone, but for one text in a while."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from notifications import delivery, health, outbox
from notifications.gateways import Refusal, Verdict
from notifications.health import Seen, allowance, note
from notifications.models import Contact, GatewayHealth, Message
from tests.notifications.conftest import Gateway, text


def later() -> None:
    """The pause is over."""
    GatewayHealth.objects.update(closed_until=timezone.now() - timedelta(seconds=1))
    Message.objects.filter(status="queued").update(run_at=timezone.now())


@pytest.fixture
def many(db: None, now: datetime) -> list[Message]:
    people = [
        outbox.find_or_add_contact(f"+141555501{n:02}", name="", language="en", now=now)
        for n in range(10, 30)
    ]
    return outbox.enqueue([text(one, f"event:{one.pk}") for one in people], now=now)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    health._troubled.clear()


@pytest.mark.django_db
def test_five_failures_in_a_row_open_it() -> None:
    note("one", [Seen.BAD] * 4)
    assert allowance("one", most=32) == (32, False)
    note("one", [Seen.BAD])
    assert allowance("one", most=32) == (0, False)
    later()
    assert allowance("one", most=32) == (1, True)
    assert allowance("one", most=32) == (0, True) or allowance("one", most=32) == (0, False)


@pytest.mark.django_db
def test_one_success_in_between_keeps_it_closed() -> None:
    note("one", [Seen.BAD] * 4)
    note("one", [Seen.GOOD])
    note("one", [Seen.BAD] * 4)
    assert allowance("one", most=32) == (32, False)


@pytest.mark.django_db
def test_half_of_twenty_open_it_though_none_follow_each_other() -> None:
    note("one", [Seen.BAD, Seen.GOOD] * 10)
    assert allowance("one", most=32)[0] == 0


@pytest.mark.django_db
def test_calls_that_fail_together_are_one_outage() -> None:
    note("one", [Seen.BAD] * 5)
    assert 25 < pause_left() <= 30
    note("one", [Seen.BAD] * 27)  # they were under way when it opened
    assert 25 < pause_left() <= 30


@pytest.mark.django_db
def test_a_probe_that_fails_waits_longer_and_one_that_succeeds_ends_it() -> None:
    note("one", [Seen.BAD] * 5)
    for elapsed, longest in ((30, 30), (60, 60), (120, 120), (240, 240), (480, 300), (3600, 300)):
        GatewayHealth.objects.update(opened_at=timezone.now() - timedelta(seconds=elapsed))
        note("one", [Seen.BAD])
        assert longest - 5 < pause_left() <= longest + 5
    note("one", [Seen.GOOD])
    assert allowance("one", most=32) == (32, False)


def pause_left() -> float:
    until = GatewayHealth.objects.get().closed_until
    assert until
    return (until - timezone.now()).total_seconds()


@pytest.mark.django_db
def test_a_wrong_clock_does_not_hold_the_others_up(monkeypatch: pytest.MonkeyPatch) -> None:
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(hours=1))
    note("one", [Seen.BAD] * 5)
    health.pause("two", timedelta(seconds=30))
    assert (allowance("one", most=32), allowance("two", most=32)) == ((0, False), (0, False))
    monkeypatch.undo()
    for one in GatewayHealth.objects.all():
        assert one.closed_until and one.closed_until < timezone.now() + timedelta(minutes=1)


def test_wrong_credentials_hold_everything_at_once_and_cost_no_attempt(
    many: list[Message], gateway: Gateway
) -> None:
    gateway.error = Refusal("20003 authenticate", Verdict.ACCOUNT, code="20003", http_status=401)
    delivery.drain()
    called = len(gateway.taken)
    later()
    GatewayHealth.objects.update(closed_until=timezone.now() + timedelta(minutes=1))
    delivery.drain()
    assert len(gateway.taken) == called
    assert not Message.objects.exclude(status="queued", attempts=0).exists()
    assert "20003" in GatewayHealth.objects.get().reason


def test_an_outage_of_hours_costs_no_text_its_attempts(
    many: list[Message], gateway: Gateway
) -> None:
    gateway.error = Refusal("connection refused", Verdict.RETRY)
    for _ in range(12):
        delivery.drain()
        later()
    assert Message.objects.filter(status="queued").count() == len(many)
    gateway.error = None
    delivery.drain()
    delivery.drain()
    assert Message.objects.filter(status="sent").count() == len(many)


def test_a_gateway_that_asks_for_a_pause_gets_it(
    contact: Contact, queued: Message, gateway: Gateway
) -> None:
    gateway.error = Refusal("429", Verdict.RETRY, retry_after=timedelta(minutes=2))
    delivery.drain()
    gateway.error = None
    Message.objects.update(run_at=timezone.now())
    delivery.drain()
    assert len(gateway.taken) == 1
    later()
    delivery.drain()
    queued.refresh_from_db()
    assert (queued.status, queued.attempts) == ("sent", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("seen", [[Seen.GOOD], [Seen.BAD, Seen.GOOD]])
def test_calls_that_were_under_way_do_not_end_the_pause(seen: list[Seen]) -> None:
    health.pause("one", timedelta(minutes=2))
    note("one", seen)
    assert allowance("one", most=32) == (0, False)
    later()
    assert allowance("one", most=32) == (32, False)
    note("one", [Seen.GOOD])
    assert not GatewayHealth.objects.filter(closed_until__isnull=False)


def test_a_person_can_say_that_it_is_mended(queued: Message, gateway: Gateway) -> None:
    note("printing", [Seen.CLOSED], reason="20003")
    delivery.drain()
    assert gateway.taken == []
    health.try_again("printing")
    delivery.drain()
    assert len(gateway.taken) == 1
    assert not GatewayHealth.objects.filter(closed_until__isnull=False)
