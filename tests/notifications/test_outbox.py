"""Texts are stored with the fact they tell of; the broker is only asked to hurry."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from common.phones import hash_phone
from config.celery import app
from notifications import outbox
from notifications.models import EARLIER, Contact, Message, MessageStatus, Suppression
from notifications.sweep import sweep
from tests.notifications.conftest import PHONE, Gateway, text
from tests.raw_sql import raises, refused_by


def test_a_text_waits_with_its_words_and_segments(contact: Contact, now: datetime) -> None:
    (message,) = outbox.enqueue([text(contact, body="Fixed.\r\nThanks.  ")], now=now)
    message.refresh_from_db()
    assert (message.status, message.body, message.segments) == ("queued", "Fixed.\nThanks.", 1)
    assert (message.run_at, message.recipient) == (now, PHONE)


def test_a_fact_is_told_once(contact: Contact, now: datetime) -> None:
    outbox.enqueue([text(contact)], now=now)
    with raises(IntegrityError, "dedupe_key"):
        outbox.enqueue([text(contact, body="Again.")], now=now)
    assert Message.objects.get().body == "Hi."


def test_whoever_wants_no_texts_gets_none_and_the_log_says_why(
    contact: Contact, now: datetime, gateway: Gateway
) -> None:
    Suppression.objects.create(phone_hash=hash_phone(PHONE), source="STOP", created_at=now)
    (message,) = outbox.enqueue([text(contact)], now=now)
    sweep()
    message.refresh_from_db()
    assert (message.status, gateway.taken) == ("suppressed", [])


def test_an_erased_person_is_not_texted(contact: Contact, now: datetime) -> None:
    Contact.objects.update(phone=None)
    contact.refresh_from_db()
    (message,) = outbox.enqueue([text(contact)], now=now)
    assert (message.status, message.recipient) == ("suppressed", "")


def test_nothing_to_say_is_nothing(db: None, now: datetime) -> None:
    assert outbox.enqueue([], now=now) == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_costs_no_text(
    contact: Contact,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    app.pool.force_close_all()
    try:
        with transaction.atomic():
            outbox.enqueue([text(contact)], now=now)
        assert Message.objects.get().status == "queued"
        for pending in threading.enumerate():
            if isinstance(pending, threading.Timer):
                pending.join()
        assert "no nudge" in caplog.text  # it did fail
    finally:
        monkeypatch.undo()
        app.pool.force_close_all()


def test_only_waiting_texts_of_the_topic_and_kind_are_cancelled(
    contact: Contact, now: datetime
) -> None:
    outbox.enqueue(
        [
            text(contact, "a"),
            text(contact, "b", kind="resolve"),
            text(contact, "c", topic="ticket:2"),
            text(contact, "d"),
        ],
        now=now,
    )
    Message.objects.filter(dedupe_key="d").update(status="sent")
    assert outbox.cancel_waiting("ticket:1", ["open"]) == 1
    states = dict(Message.objects.values_list("dedupe_key", "status"))
    assert states == {"a": "cancelled", "b": "queued", "c": "queued", "d": "sent"}


def test_a_text_has_words_and_one_recipient(contact: Contact, now: datetime) -> None:
    with refused_by("message_has_words"):
        outbox.enqueue([text(contact, body=" \n ")], now=now)
    with refused_by("message_has_one_recipient"):
        outbox.enqueue([text(contact, staff_phone="+14155550102")], now=now)
    with refused_by("message_has_one_recipient"):
        Message(
            contact=None,
            staff_phone="",
            **{
                "dedupe_key": "x",
                "topic": "",
                "kind": "",
                "language": "en",
                "body": "Hi.",
                "segments": 1,
                "created_at": now,
                "run_at": now,
                "expires_at": now,
            },
        ).save()


def test_a_contact_is_one_person_with_the_newest_language(db: None, now: datetime) -> None:
    first = outbox.find_or_add_contact(PHONE, name="Li Wei", language="en", now=now)
    again = outbox.find_or_add_contact(PHONE, name="", language="zh-hans", now=now)
    assert first.pk == again.pk
    kept = Contact.objects.get()
    assert (kept.name, kept.language, kept.created_at) == ("Li Wei", "zh-hans", now)


def test_every_state_of_a_text_says_how_it_is_entered() -> None:
    assert set(EARLIER) == set(MessageStatus.values)


def test_a_newer_text_takes_the_place_and_the_time_of_those_that_wait(
    contact: Contact, now: datetime, gateway: Gateway
) -> None:
    wait = timedelta(seconds=90)
    outbox.enqueue([text(contact, "a", kind="assign")], now=now, wait=wait)
    later = now + timedelta(seconds=60)
    (news,) = outbox.enqueue(
        [text(contact, "b", kind="en_route")], now=later, wait=wait, replaces=["assign"]
    )
    assert Message.objects.get(dedupe_key="a").status == "superseded"
    assert news.run_at == now + wait  # nobody waits longer because more happened


def test_a_text_about_something_else_replaces_nothing(contact: Contact, now: datetime) -> None:
    outbox.enqueue([text(contact, "a", kind="assign", topic="ticket:2")], now=now)
    outbox.enqueue([text(contact, "b", kind="resolve")], now=now, replaces=["assign"])
    assert Message.objects.get(dedupe_key="a").status == "queued"


def test_without_a_number_news_go_to_the_mail_address(
    db: None, now: datetime, gateway: Gateway
) -> None:
    def find(email: str) -> Contact:
        return outbox.find_or_add_contact("", email=email, name="", language="en", now=now)

    contact = find("Li@Example.org")
    assert find("li@example.org") == contact
    outbox.enqueue([text(contact)], now=now)
    sweep()
    assert gateway.taken == [("li@example.org", "Hi.")]


def test_a_landline_gets_mail_where_there_is_an_address_and_no_texts(
    db: None, now: datetime, gateway: Gateway
) -> None:
    landline = "+861000000000"
    contact = outbox.find_or_add_contact(
        landline, email="li@example.org", name="", language="en", now=now
    )
    other = outbox.find_or_add_contact("+862000000000", name="", language="en", now=now)
    assert (contact.untextable, contact.address) == ("landline", "li@example.org")
    outbox.enqueue([text(contact), text(other, "event:2")], now=now)
    sweep()
    assert gateway.taken == [("li@example.org", "Hi.")]
    assert Message.objects.get(contact=other).status == "suppressed"


def test_a_stranger_who_types_a_number_does_not_get_its_news(db: None, now: datetime) -> None:
    outbox.find_or_add_contact(PHONE, email="li@example.org", name="", language="en", now=now)
    known = outbox.find_or_add_contact(
        PHONE, email="stranger@example.org", name="", language="zh-hans", now=now
    )
    assert known.email == "li@example.org"
    known.refresh_from_db()
    assert known.email == "li@example.org"
