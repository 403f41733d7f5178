"""Claim, commit, call, record: once, however often it is asked and whatever the gateway says."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from common.phones import hash_phone
from notifications import delivery, outbox, tasks
from notifications.models import Contact, Message, Suppression
from notifications.transports import TransportError, choose_transport
from tests.notifications.conftest import PHONE, Gateway, text
from tests.races import at_once


def fresh(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def test_it_works(queued: Message, gateway: Gateway) -> None:
    delivery.drain()
    sent = fresh(queued)
    assert gateway.taken == [(PHONE, "Hi.")]
    assert (sent.status, sent.attempts, sent.lease_until) == ("sent", 1, None)
    assert sent.provider_sid == "SM" + "1".zfill(32)
    assert sent.sent_at


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
def test_no_transaction_is_open_while_the_gateway_thinks(queued: Message, gateway: Gateway) -> None:
    seen: list[tuple[bool, str]] = []
    gateway.meanwhile = lambda: seen.append((connection.in_atomic_block, fresh(queued).status))
    delivery.drain()
    assert seen == [(False, "sending")]


def test_what_is_not_due_yet_waits(queued: Message, gateway: Gateway) -> None:
    Message.objects.update(run_at=timezone.now() + timedelta(minutes=5))
    delivery.drain()
    assert delivery.sweep() == 0
    assert gateway.taken == []


def test_a_wrong_number_fails_for_good(queued: Message, gateway: Gateway) -> None:
    gateway.error = TransportError("21211 no such number", permanent=True)
    delivery.drain()
    delivery.drain()
    failed = fresh(queued)
    assert (failed.status, failed.error, len(gateway.taken)) == (
        "failed",
        "21211 no such number",
        1,
    )


def test_when_nobody_can_tell_it_is_unknown_and_never_sent_blindly(
    queued: Message, gateway: Gateway
) -> None:
    gateway.error = TransportError("read timeout", ambiguous=True)
    delivery.drain()
    delivery.sweep()
    assert (fresh(queued).status, len(gateway.taken)) == ("unknown", 1)


def test_what_was_proven_not_taken_is_tried_again_later_and_later(
    queued: Message, gateway: Gateway
) -> None:
    gateway.error = TransportError("429 too many requests")
    waits = []
    for _ in range(delivery.MOST_ATTEMPTS):
        before = timezone.now()
        delivery.drain()
        waits.append(fresh(queued).run_at - before)
        if fresh(queued).status == "queued":
            Message.objects.update(run_at=timezone.now())
    assert fresh(queued).status == "failed"
    assert waits[1] < waits[3] < waits[5]
    assert len(gateway.taken) == delivery.MOST_ATTEMPTS


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


def test_a_receipt_that_overtakes_the_answer_is_not_undone(
    queued: Message, gateway: Gateway, now: datetime
) -> None:
    gateway.meanwhile = lambda: delivery.record_status(queued.pk, "delivered", now=now)
    delivery.drain()
    assert (fresh(queued).status, fresh(queued).delivered_at) == ("delivered", now)
    assert fresh(queued).provider_sid == "SM" + "1".zfill(32)  # later receipts name it


@pytest.mark.parametrize("late", ["sending", "sent", "undelivered", "failed", "unknown"])
def test_receipts_only_move_forward(
    late: str, queued: Message, gateway: Gateway, now: datetime
) -> None:
    delivery.drain()
    assert delivery.record_status(queued.pk, "delivered", now=now)
    assert not delivery.record_status(queued.pk, "delivered", now=now)
    assert not delivery.record_status(queued.pk, late, now=now)
    assert fresh(queued).status == "delivered"


def test_a_worker_that_died_leaves_unknown_never_queued(
    queued: Message, gateway: Gateway, now: datetime
) -> None:
    Message.objects.update(status="sending", lease_until=now - timedelta(seconds=1))
    tasks.sweep()
    left = fresh(queued)
    assert (left.status, left.lease_until, gateway.taken) == ("unknown", None, [])


def test_a_worker_that_still_works_keeps_its_text(queued: Message, gateway: Gateway) -> None:
    Message.objects.update(status="sending", lease_until=timezone.now() + delivery.LEASE)
    delivery.sweep()
    assert fresh(queued).status == "sending"


def test_the_sweep_sends_what_nudges_lost(
    contact: Contact, gateway: Gateway, now: datetime
) -> None:
    outbox.enqueue([text(contact, f"event:{n}") for n in range(3)], now=now)
    assert delivery.sweep() == 3
    assert delivery.sweep() == 0
    assert len(gateway.taken) == 3


def test_without_a_gateway_the_log_shows_the_words_and_hides_the_number(
    queued: Message, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    sid = choose_transport().send(to=PHONE, body="One\ntwo")
    assert sid.startswith("printed-")
    assert "One / two" in caplog.text
    assert PHONE not in caplog.text


@pytest.mark.parametrize("task", [tasks.drain, tasks.sweep])
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
