"""Why a text waits; and how the gateways fare."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from notifications import delivery, outbox, ways
from notifications.gateways import Refusal, Verdict
from notifications.models import Contact, GatewayHealth, Message
from notifications.waits import Wait, Why, why_it_waits
from tests.notifications.conftest import Gateway, text

NOON = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)  # in Shanghai
MIDNIGHT = datetime(2026, 7, 31, 16, 0, tzinfo=UTC)
EIGHT = datetime(2026, 8, 1, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def queue(contact: Contact, key: str = "event:1", *, at: datetime = NOON, **more: Any) -> Message:
    (message,) = outbox.enqueue([text(contact, key, **more)], now=at)
    return message


def why(message: Message, now: datetime = NOON, *, tried: bool = False) -> list[Wait]:
    message.refresh_from_db()
    return why_it_waits(message, tried=tried, now=now)


def test_its_turn_comes(contact: Contact) -> None:
    assert why(queue(contact)) == [Wait(Why.TURN)]


def test_there_may_be_more_to_say(contact: Contact) -> None:
    (message,) = outbox.enqueue([text(contact)], now=NOON, wait=1.5 * MINUTE)
    assert why(message) == [Wait(Why.NEWS, NOON + 1.5 * MINUTE)]
    assert why(message, tried=True) == [Wait(Why.AGAIN, NOON + 1.5 * MINUTE)]


def test_the_night(contact: Contact, settings: LazySettings) -> None:
    settings.TEXT_HOURS = "08:00-21:00"
    assert why(queue(contact, at=MIDNIGHT), MIDNIGHT) == [Wait(Why.NIGHT, EIGHT)]
    urgent = queue(contact, "urgent", at=MIDNIGHT, importance=0)
    assert why(urgent, MIDNIGHT) == [Wait(Why.TURN)]


def test_other_texts_to_the_same_person(contact: Contact) -> None:
    message, other = queue(contact), queue(contact, "other")
    Message.objects.filter(pk=other.pk).update(status="unknown")
    assert why(message) == [Wait(Why.DOUBT)]
    Message.objects.filter(pk=other.pk).update(status="cancelled")
    for n in range(4):
        sent = queue(contact, f"sent:{n}")
        at = NOON - n * 10 * MINUTE
        Message.objects.filter(pk=sent.pk).update(status="sent", sent_at=at)
    assert why(message) == [Wait(Why.ENOUGH, NOON + 30 * MINUTE)]
    assert why(queue(contact, "reply", importance=1)) == [Wait(Why.TURN)]


def test_its_gateway(contact: Contact) -> None:
    message = queue(contact)
    health = GatewayHealth.objects.create(name="printing", closed_until=NOON + MINUTE)
    assert why(message) == [Wait(Why.PAUSE, NOON + MINUTE)]
    health.opened_at = NOON
    health.save()
    assert why(message) == [Wait(Why.BROKEN, NOON + MINUTE)]
    Message.objects.update(gateway="gone")
    assert why(message) == [Wait(Why.NO_GATEWAY)]


def test_too_late_and_not_waiting_at_all(contact: Contact) -> None:
    message = queue(contact)
    assert why(message, NOON + timedelta(days=3)) == [Wait(Why.TOO_LATE)]
    Message.objects.update(status="sent")
    assert why(message) == []


def test_how_the_gateways_fare(
    gateway: Gateway, queued: Message, now: datetime, settings: LazySettings
) -> None:
    settings.TEXT_ROUTES = ["+86=elsewhere"]
    delivery.drain()
    gateway.error = Refusal("busy", Verdict.RETRY)
    queue(Contact.objects.create(phone="+14155550102", created_at=now), "two", at=now)
    delivery.drain()
    GatewayHealth.objects.filter(name="printing").update(opened_at=now, closed_until=now)
    seen = ways.look(now + timedelta(seconds=5))
    elsewhere, printing = seen.ways
    assert seen.whole_hour
    assert (elsewhere.name, elsewhere.state) == ("elsewhere", ways.State.MISSING)
    assert elsewhere.prefixes == ["+86"]
    assert printing.state == ways.State.BROKEN
    assert printing.counts["accepted"] == 1 and printing.counts["refused"] == 1
    assert printing.tried == 2 and printing.waiting == 1
    later = ways.look(now + timedelta(hours=2))
    assert later.ways[1].tried == 0


@pytest.mark.django_db
def test_a_town_without_texts(now: datetime) -> None:
    (printing,) = ways.look(now).ways
    assert printing.state == ways.State.WORKS and printing.tried == 0
