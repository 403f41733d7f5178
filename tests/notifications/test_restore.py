"""A backup remembers texts as waiting that were sent after it was made."""

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from notifications import delivery
from notifications.gateways import Found, Refusal, Verdict, routes
from notifications.models import Attempt, Contact, Message
from notifications.outbox import enqueue
from notifications.restore import NOBODY_KNOWS, Fate, reconcile_restored
from tests.notifications.conftest import Gateway, text


@pytest.fixture
def restored(contact: Contact, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Message:
    """It waits, as far as the backup knows, for a gateway that can be asked by its words."""
    monkeypatch.setitem(routes.gateways(), "twilio", gateway)
    (message,) = enqueue([text(contact)], now=timezone.now() - timedelta(hours=1))
    Message.objects.update(gateway="twilio")
    return message


def test_what_the_gateway_has_is_not_sent_again(restored: Message, gateway: Gateway) -> None:
    gateway.known = [Found("SMx", "delivered")]
    assert reconcile_restored() == {Fate.SENT: 1}
    delivery.drain()
    restored.refresh_from_db()
    assert (restored.status, Attempt.objects.get().sid, gateway.taken) == ("delivered", "SMx", [])
    assert reconcile_restored() == {}


def test_what_it_has_not_goes_with_the_first_worker(restored: Message, gateway: Gateway) -> None:
    assert reconcile_restored() == reconcile_restored() == {Fate.WAITS: 1}
    assert not Attempt.objects.exists()
    delivery.drain()
    assert len(gateway.taken) == 1


def test_two_alike_need_two(restored: Message, gateway: Gateway, contact: Contact) -> None:
    enqueue([text(contact, "event:2")], now=timezone.now() - timedelta(minutes=30))
    Message.objects.update(gateway="twilio")
    gateway.known = [Found("SMx", "sent")]
    assert reconcile_restored() == {Fate.SENT: 1, Fate.WAITS: 1}
    restored.refresh_from_db()
    assert restored.status == "sent"


def test_where_nobody_can_be_asked_a_person_decides(queued: Message, gateway: Gateway) -> None:
    assert reconcile_restored() == {Fate.PARKED: 1}
    queued.refresh_from_db()
    assert (queued.status, queued.error) == ("parked", NOBODY_KNOWS)
    assert reconcile_restored() == {}


def test_what_is_not_due_cannot_have_been_sent(
    contact: Contact, gateway: Gateway, now: datetime
) -> None:
    enqueue([text(contact)], now=now, wait=timedelta(minutes=5))
    assert reconcile_restored() == {}


def test_the_command_insists_on_an_answer(restored: Message, gateway: Gateway) -> None:
    gateway.known = Refusal("503", Verdict.AMBIGUOUS)
    with pytest.raises(CommandError, match="could not be looked up: 1"):
        call_command("reconcile_restored")
    gateway.known = []
    call_command("reconcile_restored")
