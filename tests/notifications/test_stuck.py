"""Whether texts move, as the head of every staff page asks."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import LazySettings
from django.utils import timezone

from notifications import outbox
from notifications.models import Contact, GatewayHealth, Message
from notifications.stuck import MOST, stuck
from tests.notifications.conftest import text

NOON = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)  # in Shanghai
MIDNIGHT = datetime(2026, 7, 31, 16, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def waits(contact: Contact, *, since: datetime, key: str = "event:1", **more: Any) -> Message:
    (message,) = outbox.enqueue([text(contact, key, **more)], now=since)
    return message


def test_nothing_is_wrong(db: None) -> None:
    assert not stuck(timezone.now())


def test_a_text_is_given_a_minute(contact: Contact) -> None:
    waits(contact, since=NOON)
    assert not stuck(NOON + 0.9 * MINUTE)
    assert stuck(NOON + 7 * MINUTE).since == NOON


def test_the_oldest_counts_through_whichever_gateway(contact: Contact, now: datetime) -> None:
    for n, gateway in enumerate(["twilio", "json", "gone"]):
        one = outbox.find_or_add_contact(f"+1415555011{n}", name="", language="en", now=now)
        for importance in (0, 2, 3):
            waits(one, since=NOON - n * MINUTE, key=f"{n}:{importance}", importance=importance)
        Message.objects.filter(contact=one).update(gateway=gateway)
    assert stuck(NOON + 5 * MINUTE).since == NOON - 2 * MINUTE


def test_what_waits_for_the_morning_is_not_stuck(contact: Contact, settings: LazySettings) -> None:
    settings.TEXT_HOURS = "08:00-21:00"
    waits(contact, since=MIDNIGHT)
    assert not stuck(MIDNIGHT + timedelta(hours=3))
    eight = MIDNIGHT + timedelta(hours=8)
    assert not stuck(eight + 0.5 * MINUTE)
    assert stuck(eight + 3 * MINUTE).since == eight


def test_what_may_ring_at_night_is_stuck_at_night(contact: Contact, settings: LazySettings) -> None:
    settings.TEXT_HOURS = "08:00-21:00"
    waits(contact, since=MIDNIGHT, importance=0)
    assert stuck(MIDNIGHT + 5 * MINUTE).since == MIDNIGHT


def test_a_text_that_may_not_go_yet_is_passed_over(contact: Contact, now: datetime) -> None:
    waits(contact, since=NOON, key="held")
    first = waits(contact, since=NOON, key="first")
    Message.objects.filter(pk=first.pk).update(status="unknown")
    assert not stuck(NOON + 9 * MINUTE)
    Message.objects.filter(pk=first.pk).update(status="sent", sent_at=NOON)
    assert stuck(NOON + 9 * MINUTE)
    for n in range(3):
        sent = waits(contact, since=NOON, key=f"sent:{n}")
        Message.objects.filter(pk=sent.pk).update(status="sent", sent_at=NOON)
    assert not stuck(NOON + 9 * MINUTE)
    assert stuck(NOON + 61 * MINUTE)


def test_parked_texts_and_broken_gateways(contact: Contact, now: datetime) -> None:
    batch = [text(contact, f"event:{n}") for n in range(MOST + 5)]
    outbox.enqueue(batch, now=now)
    Message.objects.update(status="parked")
    health = GatewayHealth.objects.create(name="printing", closed_until=now + MINUTE)
    GatewayHealth.objects.create(name="given up", opened_at=now, closed_until=now)
    found = stuck(now)  # to ask for a pause is no fault
    assert (found.since, found.parked, found.broken) == (None, MOST + 1, [])
    health.opened_at = now
    health.save()
    assert stuck(now).broken == ["printing"]


def test_it_is_one_cheap_statement(
    contact: Contact, now: datetime, django_assert_num_queries: Any
) -> None:
    waits(contact, since=now)
    with django_assert_num_queries(1):
        stuck(now)
