"""What nobody could tell is asked for, and sent again at most once."""

import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from notifications import delivery, outbox
from notifications.claim import claim
from notifications.gateways import Found, Outgoing, Refusal, Verdict, routes
from notifications.models import Attempt, Contact, Importance, Message
from notifications.outbox import find_or_add_contact
from notifications.reconcile import NOT_ASKED, reconcile
from notifications.sweep import end_leases, sweep
from tests.notifications.conftest import PHONE, Gateway, text

DOUBT = Refusal("read timeout", Verdict.AMBIGUOUS)


@pytest.fixture
def unknown(queued: Message, gateway: Gateway) -> Message:
    """A text whose answer was lost; the next one would be accepted."""
    gateway.error = DOUBT
    delivery.drain()
    gateway.error = None
    return queued


def look(message: Message) -> str:
    """The time to ask has come; the text's status afterwards."""
    Message.objects.filter(look_at__isnull=False).update(look_at=timezone.now())
    sweep()
    message.refresh_from_db()
    return message.status


def test_it_is_found(unknown: Message, gateway: Gateway) -> None:
    gateway.known = [Found(sid="SMx", status="sent")]
    assert look(unknown) == "sent"
    assert (Attempt.objects.get().sid, len(gateway.taken)) == ("SMx", 1)


def test_nobody_asks_before_its_time(unknown: Message, gateway: Gateway) -> None:
    gateway.known = [Found(sid="SMx", status="sent")]
    sweep()
    unknown.refresh_from_db()
    assert unknown.status == "unknown"


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_one_gateway_is_asked_goes_out_through_the_other(
    unknown: Message, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    arrived, waited = threading.Event(), list[bool]()
    other = Gateway()
    other.meanwhile = arrived.set
    monkeypatch.setitem(routes.gateways(), "other", other)

    def hang(*_: object, **__: object) -> list[Found]:
        neighbour = find_or_add_contact("+14155550102", name="", language="en", now=now)
        with transaction.atomic():
            (late,) = outbox.enqueue([text(neighbour, "event:2")], now=now)
            Message.objects.filter(pk=late.pk).update(gateway="other")
        connection.close()
        waited.append(arrived.wait(30))
        return []

    monkeypatch.setattr(gateway, "look_up", hang)
    look(unknown)
    assert waited == [True]


@pytest.mark.parametrize("wrong", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_wrong_clock_neither_hurries_nor_delays(
    wrong: timedelta, unknown: Message, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + wrong)
    sweep()
    unknown.refresh_from_db()
    assert (unknown.status, unknown.looks) == ("unknown", 0)
    for looks in (1, 2):
        Message.objects.update(look_at=right() - timedelta(seconds=1))
        sweep()
        sweep()
        unknown.refresh_from_db()
        assert (unknown.status, unknown.looks) == ("unknown", looks)
    Message.objects.update(look_at=right() - timedelta(seconds=1))
    sweep()
    unknown.refresh_from_db()
    assert (unknown.status, len(gateway.taken)) == ("sent", 2)


@pytest.mark.django_db(transaction=True)
def test_who_was_frozen_while_asking_undoes_nothing(
    unknown: Message, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(*_: object, **__: object) -> list[Found]:
        Message.objects.update(looks=0, resent=True)  # others asked, and sent it once more
        connection.close()
        return []

    assert [look(unknown) for _ in range(2)] == ["unknown", "unknown"]
    monkeypatch.setattr(gateway, "look_up", look_up)
    assert look(unknown) == "unknown"
    assert (unknown.looks, len(gateway.taken)) == (0, 1)


@pytest.mark.django_db
def test_a_storm_is_asked_about_in_one_turn(gateway: Gateway, now: datetime) -> None:
    for number in range(40):
        contact = find_or_add_contact(f"+14155550{100 + number}", name="", language="en", now=now)
        message = text(contact, f"event:{number}", status="unknown", look_at=now, segments=1)
        message.created_at = message.run_at = message.expires_at = now
        message.gateway = "printing"
        message.save()
        message.tries.create(token=uuid4(), gateway="printing", started_at=now)
    gateway.known = Refusal("not now", Verdict.AMBIGUOUS)
    assert reconcile() == 40


def test_not_found_three_times_it_is_sent_once_more(unknown: Message, gateway: Gateway) -> None:
    assert [look(unknown) for _ in range(2)] == ["unknown", "unknown"]
    assert look(unknown) == "sent"
    assert (unknown.resent, unknown.doubled, len(gateway.taken)) == (True, False, 2)


def test_in_doubt_a_second_time_it_waits_for_a_person(unknown: Message, gateway: Gateway) -> None:
    gateway.error = DOUBT
    assert [look(unknown) for _ in range(6)] == ["unknown"] * 5 + ["parked"]
    assert len(gateway.taken) == 2
    assert unknown.error


def test_what_is_only_for_information_is_never_said_twice(
    unknown: Message, gateway: Gateway
) -> None:
    Message.objects.update(importance=Importance.INFO)
    assert [look(unknown) for _ in range(3)][-1] == "parked"
    assert len(gateway.taken) == 1


def test_a_gateway_that_cannot_be_asked_proves_nothing(unknown: Message, gateway: Gateway) -> None:
    gateway.known = Refusal("503", Verdict.AMBIGUOUS)
    assert [look(unknown) for _ in range(5)] == ["unknown"] * 5
    assert (unknown.looks, len(gateway.taken)) == (0, 1)


def test_where_a_look_is_proof_one_is_enough(unknown: Message, gateway: Gateway) -> None:
    gateway.proof = True
    assert look(unknown) == "sent"
    assert (unknown.resent, len(gateway.taken)) == (False, 2)


def test_somebody_elses_id_is_no_evidence(unknown: Message, gateway: Gateway) -> None:
    known = Attempt.objects.get()
    Attempt.objects.create(
        message=known.message,
        token="0" * 32,
        gateway=known.gateway,
        started_at=known.started_at - timedelta(hours=1),
        sid="SMx",
    )
    known.delete()
    Attempt.objects.create(
        message=known.message,
        token="1" * 32,
        gateway=known.gateway,
        started_at=known.started_at,
    )
    gateway.known = [Found(sid="SMx", status="sent")]
    assert look(unknown) == "unknown"


def test_found_twice_it_was_said_twice(unknown: Message, gateway: Gateway) -> None:
    for _ in range(3):
        look(unknown)  # sent once more
    first = Attempt.objects.earliest("pk")
    from notifications.receipts import settle

    settle(first, sid="SMold", status="sent", code="", now=timezone.now())
    unknown.refresh_from_db()
    assert unknown.doubled


def test_a_worker_that_died_leaves_unknown_never_queued(queued: Message, gateway: Gateway) -> None:
    claim("printing", most=1, night=False)  # and then it died
    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()
    queued.refresh_from_db()
    assert (queued.status, queued.lease, gateway.taken) == ("unknown", None, [])
    gateway.known = [Found(sid="SMx", status="delivered")]
    assert look(queued) == "delivered"


def test_a_worker_that_still_works_keeps_its_text(queued: Message, gateway: Gateway) -> None:
    claim("printing", most=1, night=False)
    assert end_leases() == 0


def test_a_worker_that_slept_beyond_its_lease_does_not_speak(
    queued: Message, gateway: Gateway
) -> None:
    (claimed,) = claim("printing", most=1, night=False)
    call = delivery._call(claimed, delivery._clock() - 1, False)
    delivery._write_down("printing", [call])
    queued.refresh_from_db()
    assert (queued.status, queued.attempts, gateway.taken) == ("queued", 0, [])


def test_a_text_that_was_refused_after_all_goes_at_once(queued: Message, gateway: Gateway) -> None:
    (claimed,) = claim("printing", most=1, night=False)
    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    end_leases()
    gateway.error = Refusal("connection refused", Verdict.RETRY)
    delivery._write_down("printing", [delivery._call(claimed, delivery._clock() + 60, False)])
    gateway.error = None
    assert look(queued) == "sent"
    assert not queued.resent


def test_a_text_without_a_receipt_is_asked_about_and_stays_sent(
    queued: Message, gateway: Gateway
) -> None:
    delivery.drain()
    gateway.known = [Found(sid="SM" + "1".zfill(32), status="sent")]
    assert look(queued) == "sent"
    gateway.known = [Found(sid="SM" + "1".zfill(32), status="delivered")]
    assert look(queued) == "delivered"


@pytest.mark.parametrize("erased", [False, True])
def test_a_gateway_that_was_removed_keeps_a_person_waiting_for_a_day_at_most(
    erased: bool, unknown: Message, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(routes.gateways(), "printing")
    if erased:
        Contact.objects.update(phone=None)
    assert look(unknown) == "unknown"
    Attempt.objects.update(started_at=timezone.now() - timedelta(hours=25))
    assert look(unknown) == "parked"
    assert (unknown.error, unknown.look_at) == (NOT_ASKED, None)


def test_nobody_asks_for_ever_whether_a_text_arrived(
    queued: Message, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.drain()
    gateway.known = DOUBT
    assert look(queued) == "sent"
    assert queued.look_at
    Attempt.objects.update(started_at=timezone.now() - timedelta(hours=25))
    assert look(queued) == "sent"
    assert queued.look_at is None


def test_what_was_proven_not_sent_goes_although_nobody_can_be_asked(
    unknown: Message, gateway: Gateway
) -> None:
    Attempt.objects.update(outcome="refused")
    gateway.known = DOUBT
    assert look(unknown) == "sent"


def test_the_gateway_is_asked_about_the_number_that_was_texted_though_it_died_since(
    queued: Message, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(routes.gateways(), "twilio", gateway)
    Message.objects.update(gateway="twilio")
    gateway.error = DOUBT
    delivery.drain()
    Contact.objects.update(untextable="landline", email="li@example.org")
    asked = list[str]()

    def look_up(text: Outgoing, *, since: datetime) -> list[Found]:
        asked.append(text.to)
        return []

    monkeypatch.setattr(gateway, "look_up", look_up)
    assert look(queued) == "unknown"
    assert asked == [PHONE]
