"""Texts that wait for a person, and what the person does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from notifications import consent, delivery, outbox, parked
from notifications.gateways import Refusal, Verdict
from notifications.models import Attempt, Contact, GatewayHealth, Message
from notifications.parked import NotPossible
from tests.notifications.conftest import Gateway, text


@contextmanager
def refused(why: str) -> Iterator[None]:
    with pytest.raises(NotPossible, match=why), transaction.atomic():
        yield


@pytest.fixture
def held(gateway: Gateway, queued: Message) -> Message:
    """Refused by the gateway, and not with a code that says why."""
    gateway.error = Refusal("the gateway refuses this text", Verdict.PERMANENT, code="99999")
    delivery.drain()
    gateway.error = None
    queued.refresh_from_db()
    assert queued.status == "parked"
    return queued


def test_it_works(gateway: Gateway, held: Message, now: datetime) -> None:
    parked.send_again(held.pk, now=now)
    held.refresh_from_db()
    assert (held.status, held.attempts, held.error) == ("queued", 0, "")
    delivery.drain()
    held.refresh_from_db()
    assert held.status == "sent" and len(gateway.taken) == 2
    assert Attempt.objects.filter(message=held).count() == 2


def test_a_second_click_changes_nothing(held: Message, now: datetime) -> None:
    parked.send_again(held.pk, now=now)
    parked.send_again(held.pk, now=now + timedelta(seconds=5))
    held.refresh_from_db()
    assert held.status == "queued" and held.run_at == now


def test_a_text_that_lay_long_is_worth_sending_again(held: Message, now: datetime) -> None:
    Message.objects.update(expires_at=now - timedelta(days=3))
    parked.send_again(held.pk, now=timezone.now())
    assert delivery.drain() == 1


def test_what_was_in_doubt_once_is_not_doubted_twice(held: Message, now: datetime) -> None:
    Message.objects.update(resent=True)
    parked.send_again(held.pk, now=now)
    assert Message.objects.get().resent


def test_a_text_that_was_lost_on_the_way_may_go_once_more(queued: Message, now: datetime) -> None:
    Message.objects.update(status="undelivered", sent_at=now)
    parked.send_again(queued.pk, now=now)
    message = Message.objects.get()
    assert message.status == "queued" and message.resent


@pytest.mark.parametrize("status", ["sent", "delivered", "failed", "cancelled", "unknown"])
def test_a_text_that_moved_meanwhile_is_left_alone(
    queued: Message, now: datetime, status: str
) -> None:
    Message.objects.update(status=status)
    with refused("moved on meanwhile"):
        parked.send_again(queued.pk, now=now)
    assert Message.objects.get().status == status


def test_nobody_is_texted_in_vain_or_against_their_will(held: Message, now: datetime) -> None:
    consent.opt_out(held.recipient, source="text", now=now)
    with refused("wants no texts"):
        parked.send_again(held.pk, now=now)
    Contact.objects.update(untextable="landline")
    with refused("gets no texts"):
        parked.send_again(held.pk, now=now)
    assert Message.objects.get().status == "parked"


def test_let_be(held: Message, now: datetime) -> None:
    parked.let_be(held.pk)
    parked.let_be(held.pk)
    assert Message.objects.get().status == "cancelled"
    with refused("moved on meanwhile"):
        parked.send_again(held.pk, now=now)


def test_what_is_on_its_way_cannot_be_let_be(held: Message, now: datetime) -> None:
    parked.send_again(held.pk, now=now)
    with refused("moved on meanwhile"):
        parked.let_be(held.pk)
    assert Message.objects.get().status == "queued"


def test_all_of_one_reason_after_an_outage(gateway: Gateway, held: Message, now: datetime) -> None:
    for n in range(4):
        one = outbox.find_or_add_contact(f"+1415555011{n}", name="", language="en", now=now)
        outbox.enqueue([text(one, f"event:more:{n}")], now=now)
    Message.objects.filter(pk__gt=held.pk).update(status="parked", error=held.error)
    other, silent, dead, again = Message.objects.filter(pk__gt=held.pk).order_by("pk")
    Message.objects.filter(pk=other.pk).update(error="lost on the way")
    consent.opt_out(silent.recipient, source="text", now=now)
    Contact.objects.filter(phone=dead.recipient).update(untextable="landline")

    assert parked.send_all_again(gateway="printing", error=held.error, now=now) == (2, 2)
    assert parked.send_all_again(gateway="printing", error=held.error, now=now) == (0, 2)
    states = dict(Message.objects.values_list("pk", "status"))
    assert states[held.pk] == states[again.pk] == "queued"
    assert states[other.pk] == states[silent.pk] == states[dead.pk] == "parked"


def test_a_gateway_that_was_mended_is_tried_at_once(
    gateway: Gateway, queued: Message, now: datetime
) -> None:
    GatewayHealth.objects.create(
        name="printing", opened_at=now, closed_until=now + timedelta(minutes=5), failures=9
    )
    assert delivery.drain() == 0
    parked.try_gateway("printing")
    assert delivery.drain() == 1
    assert GatewayHealth.objects.get().opened_at is None
