"""Claim, commit, call, record: once, however often it is asked and whatever the gateway says."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from common.phones import hash_phone
from notifications import delivery, outbox, tasks
from notifications.gateways import Outgoing, Refusal, Verdict, routes
from notifications.gateways.printing import Printing
from notifications.models import (
    Attempt,
    Contact,
    GatewayHealth,
    Importance,
    Message,
    Suppression,
)
from notifications.sweep import sweep
from notifications.verdicts import MOST_ATTEMPTS
from tests.notifications.conftest import PHONE, Gateway, text
from tests.races import at_once


def fresh(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def test_it_works(queued: Message, gateway: Gateway) -> None:
    delivery.drain()
    sent = fresh(queued)
    assert gateway.taken == [(PHONE, "Hi.")]
    assert (sent.status, sent.attempts, sent.lease, sent.lease_until) == ("sent", 1, None, None)
    assert sent.sent_at
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.sid) == ("accepted", "SM" + "1".zfill(32))
    assert gateway.tokens == [attempt.token.hex]


def test_sending_twice_sends_once(queued: Message, gateway: Gateway) -> None:
    delivery.drain()
    tasks.drain()
    tasks.drain(of_a_later_version=True)
    assert len(gateway.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_it_once(queued: Message, gateway: Gateway) -> None:
    at_once(*[lambda: delivery.drain()] * 8)
    assert len(gateway.taken) == 1
    assert fresh(queued).attempts == 1


@pytest.mark.django_db(transaction=True)
def test_the_attempt_is_committed_before_the_gateway_is_spoken_to(
    queued: Message, gateway: Gateway
) -> None:
    seen: list[tuple[bool, str, int]] = []

    def look() -> None:  # on a connection of its own: it sees only what is committed
        seen.append((connection.in_atomic_block, fresh(queued).status, Attempt.objects.count()))
        connection.close()

    gateway.meanwhile = look
    delivery.drain()
    assert seen == [(False, "sending", 1)]


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_one_gateway_hangs_goes_out_through_the_other(
    queued: Message, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    hanging, arrived, waited = threading.Event(), threading.Event(), list[bool]()
    other = Gateway()
    other.meanwhile = arrived.set
    monkeypatch.setitem(routes.gateways(), "other", other)

    def hang() -> None:
        hanging.set()
        waited.append(arrived.wait(30))

    def write() -> None:
        assert hanging.wait(30)
        with transaction.atomic():
            neighbour = outbox.find_or_add_contact("+14155550102", name="", language="en", now=now)
            (late,) = outbox.enqueue([text(neighbour, "event:2")], now=now)
            Message.objects.filter(pk=late.pk).update(gateway="other")

    gateway.meanwhile = hang
    at_once(delivery.drain, write)
    assert waited == [True]
    assert [to for to, _ in other.taken] == ["+14155550102"]


def test_what_is_not_due_yet_waits(queued: Message, gateway: Gateway) -> None:
    Message.objects.update(run_at=timezone.now() + timedelta(minutes=5))
    delivery.drain()
    assert sweep() == 0
    assert gateway.taken == []


def test_a_number_that_cannot_be_texted_fails_and_is_remembered(
    queued: Message, gateway: Gateway, now: datetime
) -> None:
    gateway.error = Refusal("no such number", Verdict.NUMBER, code="21211")
    delivery.drain()
    delivery.drain()
    failed = fresh(queued)
    assert (failed.status, failed.error, len(gateway.taken)) == ("failed", "no such number", 1)
    contact = Contact.objects.get()
    assert contact.untextable == "unreachable"
    (next_one,) = outbox.enqueue([text(contact, "event:2")], now=now)
    assert next_one.status == "suppressed"


def test_a_text_never_goes_to_the_wrong_kind_of_address(
    queued: Message, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """The number died while this text was on its way to the queue, or back to it."""
    settings.EMAIL_HOST = "mail.example.gov"
    twilio, mail = Gateway(), Gateway()
    monkeypatch.setitem(routes.gateways(), "twilio", twilio)
    monkeypatch.setitem(routes.gateways(), "mail", mail)
    Message.objects.update(gateway="twilio")
    Contact.objects.update(untextable="landline", email="li@example.org")
    delivery.drain()
    delivery.drain()
    sent = fresh(queued)
    assert (twilio.taken, mail.taken) == ([], [("li@example.org", "Hi.")])
    assert (sent.status, sent.gateway, sent.attempts) == ("sent", "mail", 1)


def test_what_the_gateway_will_never_take_waits_for_a_person(
    queued: Message, gateway: Gateway
) -> None:
    gateway.error = Refusal("the body is too long", Verdict.PERMANENT, code="21617")
    delivery.drain()
    delivery.drain()
    parked = fresh(queued)
    assert (parked.status, parked.error, len(gateway.taken)) == (
        "parked",
        "the body is too long",
        1,
    )


def test_an_opt_out_the_gateway_knows_of_is_ours_from_now_on(
    queued: Message, gateway: Gateway
) -> None:
    gateway.error = Refusal("unsubscribed", Verdict.OPTED_OUT, code="21610")
    delivery.drain()
    assert fresh(queued).status == "suppressed"
    assert Suppression.objects.get().phone_hash == hash_phone(PHONE)


@pytest.mark.parametrize(
    "error", [Refusal("read timeout", Verdict.AMBIGUOUS), ZeroDivisionError("a bug of ours")]
)
def test_when_nobody_can_tell_it_is_unknown_and_never_sent_blindly(
    error: Exception, queued: Message, gateway: Gateway
) -> None:
    gateway.error = error
    delivery.drain()
    sweep()
    assert (fresh(queued).status, len(gateway.taken)) == ("unknown", 1)


def test_what_was_proven_not_taken_is_tried_again_later_and_later(
    queued: Message, gateway: Gateway
) -> None:
    gateway.error = Refusal("connection refused", Verdict.RETRY)
    waits = []
    for _ in range(MOST_ATTEMPTS):
        before = timezone.now()
        GatewayHealth.objects.all().delete()  # one text does not open the breaker
        delivery.drain()
        waits.append(fresh(queued).run_at - before)
        if fresh(queued).status == "queued":
            Message.objects.update(run_at=timezone.now())
    assert fresh(queued).status == "parked"
    assert waits[0] < waits[3] < waits[6]
    assert len(gateway.taken) == MOST_ATTEMPTS


def test_who_stopped_after_it_was_queued_gets_nothing(
    queued: Message, gateway: Gateway, now: datetime
) -> None:
    Suppression.objects.create(phone_hash=hash_phone(PHONE), source="STOP", created_at=now)
    delivery.drain()
    assert (fresh(queued).status, gateway.taken) == ("suppressed", [])


def test_who_was_erased_after_it_was_queued_gets_nothing(queued: Message, gateway: Gateway) -> None:
    Contact.objects.update(phone=None)
    delivery.drain()
    assert (fresh(queued).status, gateway.taken) == ("suppressed", [])


def test_texts_to_one_person_go_one_after_the_other(
    contact: Contact, gateway: Gateway, now: datetime
) -> None:
    outbox.enqueue([text(contact, f"event:{n}", body=f"{n}") for n in range(3)], now=now)
    most_at_once: list[int] = []
    gateway.meanwhile = lambda: most_at_once.append(len(gateway.taken))
    delivery.drain()
    assert [body for _, body in gateway.taken] == ["0", "1", "2"]
    assert most_at_once == [1, 2, 3]


def test_nothing_overtakes_a_text_in_doubt(
    contact: Contact, gateway: Gateway, now: datetime
) -> None:
    outbox.enqueue([text(contact, f"event:{n}") for n in range(2)], now=now)
    gateway.error = Refusal("read timeout", Verdict.AMBIGUOUS)
    delivery.drain()
    gateway.error = None
    delivery.drain()
    assert len(gateway.taken) == 1


def test_four_texts_an_hour_are_enough_unless_it_is_urgent(
    contact: Contact, gateway: Gateway, now: datetime
) -> None:
    outbox.enqueue([text(contact, f"event:{n}") for n in range(6)], now=now)
    outbox.enqueue([text(contact, "urgent", importance=Importance.CRITICAL)], now=now)
    delivery.drain()
    assert Message.objects.filter(status="sent").count() == 4
    assert Message.objects.get(dedupe_key="urgent").status == "sent"
    Message.objects.filter(status="sent").update(sent_at=now - timedelta(hours=2))
    delivery.drain()
    assert not Message.objects.exclude(status="sent").exists()


def test_the_sweep_sends_what_nudges_lost(
    contact: Contact, gateway: Gateway, now: datetime
) -> None:
    outbox.enqueue([text(contact, f"event:{n}") for n in range(3)], now=now)
    assert sweep() == 3
    assert sweep() == 0
    assert len(gateway.taken) == 3


def test_what_is_not_worth_saying_any_more_is_not_said(queued: Message, gateway: Gateway) -> None:
    Message.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sweep()
    assert (fresh(queued).status, gateway.taken) == ("expired", [])


def test_without_a_gateway_the_log_shows_the_words_and_hides_the_number(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    sid = Printing().send(Outgoing(PHONE, "One\ntwo", "0" * 32, timedelta(hours=1)))
    assert sid.startswith("printed-")
    assert "One / two" in caplog.text
    assert PHONE not in caplog.text


@pytest.mark.parametrize("task", [tasks.drain, tasks.sweep_up])
def test_a_backlog_larger_than_one_turn_asks_for_the_next(
    task: Callable[[], None],
    contact: Contact,
    gateway: Gateway,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "MOST_AT_ONCE", 2)
    outbox.enqueue([text(contact, f"event:{n}") for n in range(3)], now=now)
    nudges_pending()  # of an earlier test
    task()
    assert nudges_pending() == 1
    task()
    assert (nudges_pending(), len(gateway.taken)) == (0, 3)


def nudges_pending() -> int:
    """How many nudges are about to go out; waits until they have."""
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for timer in timers:
        timer.join()
    return len(timers)
