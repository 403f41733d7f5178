"""Anything else is words: to the ticket they are about, or to the desk."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from common.models import User
from dispatch.models import Crew
from hotline import drafts, texts
from hotline.models import Feedback, InboundText, Report
from hotline.services import Caller
from notifications.models import Contact
from tests.hotline.texts.conftest import Phone, fresh, solve
from tests.people import CALLER, say
from tickets import feedback
from tickets import services as tickets
from tickets.models import Category, Subscriber, Ticket

DAY = timedelta(days=1)


def test_they_are_added_to_the_open_ticket(ticket: Ticket, phone: Phone) -> None:
    phone.heard  # noqa: B018
    text = phone.writes("The pole leans, too.")
    event = ticket.events.get(kind="citizen_wrote")
    assert (event.words.internal, event.words.public) == ("The pole leans, too.", "")
    assert (event.actor, event.occurred_at) == (None, phone.clock)
    assert "citizen_wrote" in fresh(ticket).flags
    assert (text.state, text.ticket, text.contact) == ("done", ticket, Contact.objects.get())
    assert ticket.number in phone.heard[0]
    # Once an hour it is acknowledged; each is kept.
    phone.writes("And it smells.")
    assert phone.heard == []
    phone.writes("Hello?", later=timedelta(hours=2))
    assert len(phone.heard) == 1
    assert ticket.events.filter(kind="citizen_wrote").count() == 3


def test_staff_take_the_mark_off(ticket: Ticket, phone: Phone) -> None:
    phone.writes("The pole leans, too.")
    feedback.mark_read(ticket)
    assert "citizen_wrote" not in fresh(ticket).flags


def test_words_about_a_solved_ticket_reach_staff_and_the_verdict_is_still_asked(
    ticket: Ticket, phone: Phone, operator: User, now: datetime
) -> None:
    solve(ticket, by=operator, now=now)
    phone.heard  # noqa: B018
    phone.writes("2 still dark at the corner")
    assert fresh(ticket).status == "resolved" and "citizen_wrote" in fresh(ticket).flags
    assert "2 if not" in phone.heard[0]


@pytest.mark.parametrize("end", ["close", "reject"])
def test_words_after_the_end_belong_to_it_for_a_month(
    ticket: Ticket, phone: Phone, operator: User, now: datetime, end: str
) -> None:
    if end == "close":
        solve(ticket, by=operator, now=now)
        tickets.close(ticket, by=None, now=now)
    else:
        tickets.reject(ticket, reason="Private ground.", by=operator, now=now)
    assert phone.writes("But why?", later=29 * DAY).ticket == ticket
    assert "citizen_wrote" in fresh(ticket).flags
    assert phone.writes("And now?", later=2 * DAY).state == "waiting"


def test_a_stranger_writes_a_draft(stranger_phone: Phone, db: None) -> None:
    text = stranger_phone.writes("The lamp at 5 Shenma Avenue is dark.")
    assert list(InboundText.objects.waiting()) == [text]
    assert "somebody will read it" in stranger_phone.heard[0]
    stranger_phone.writes("Third one from the corner.")
    assert stranger_phone.heard == [] and InboundText.objects.waiting().count() == 2


def test_a_draft_becomes_a_report_once(
    stranger_phone: Phone, lights_out: Category, operator: User
) -> None:
    text = stranger_phone.writes("路灯坏了")
    said = say(lights_out, caller=Caller(name="Li Wei", language="zh-hans"), words=text.body)
    later = stranger_phone.clock + timedelta(minutes=20)
    stranger_phone.heard  # noqa: B018
    report = drafts.make_report(text, said, by=operator, now=later)
    assert drafts.make_report(text, said, by=operator, now=later) == report
    assert Report.objects.get() == report
    assert (report.channel, report.said_at, report.taken_by) == ("text", text.received_at, operator)
    assert report.ticket.opened_at == text.received_at  # their clock began when they wrote
    assert report.contact == Contact.objects.get(phone=stranger_phone.number)
    text.refresh_from_db()
    assert (text.state, text.report, text.ticket) == ("reported", report, report.ticket)
    assert (text.handled_by, text.handled_at) == (operator, later)
    assert "已收到您反映的问题" in stranger_phone.heard[0]
    with pytest.raises(drafts.NotWaiting):
        drafts.dismiss(text, by=operator, now=later, reason="spam")


def test_a_draft_is_put_aside_with_a_reason(
    stranger_phone: Phone, lights_out: Category, operator: User, now: datetime
) -> None:
    text = stranger_phone.writes("Buy lamps!")
    drafts.dismiss(text, by=operator, now=now, reason="spam")
    text.refresh_from_db()
    assert (text.state, text.dismissal) == ("dismissed", "spam")
    with pytest.raises(drafts.NotWaiting), transaction.atomic():
        drafts.make_report(text, say(lights_out), by=operator, now=now)
    assert not Report.objects.exists()


def test_a_draft_is_not_put_aside_without_a_reason(
    stranger_phone: Phone, operator: User, now: datetime
) -> None:
    text = stranger_phone.writes("Buy lamps!")
    with pytest.raises(ValueError):
        drafts.dismiss(text, by=operator, now=now, reason="")


def test_a_draft_belongs_to_a_ticket_we_know(
    ticket: Ticket, stranger_phone: Phone, operator: User, now: datetime
) -> None:
    text = stranger_phone.writes("The lamp your crew looked at is dark again.")
    drafts.attach(text, ticket, by=operator, now=stranger_phone.clock)
    text.refresh_from_db()
    assert (text.state, text.ticket) == ("done", ticket)
    assert ticket.events.get(kind="citizen_wrote").words.internal == text.body


def test_crews_do_not_speak_as_citizens(ticket: Ticket, phone: Phone, crew: Crew) -> None:
    Crew.objects.update(phone=CALLER)
    phone.heard  # noqa: B018
    assert phone.writes("2").state == "waiting"
    assert phone.heard == [] and not ticket.events.filter(kind="citizen_wrote").exists()


def test_two_machines_do_not_talk_for_ever(ticket: Ticket, phone: Phone) -> None:
    phone.heard  # noqa: B018
    for _ in range(30):
        phone.writes("STATUS")
    assert len(phone.heard) == 10
    assert InboundText.objects.count() == 30
    phone.writes("STATUS", later=timedelta(hours=2))
    assert len(phone.heard) == 1


def test_what_was_kept_by_a_process_that_died_is_read_by_the_next(
    ticket: Ticket, phone: Phone, operator: User, now: datetime
) -> None:
    solve(ticket, by=operator, now=now)
    InboundText.objects.create(provider_sid="SM1", number=CALLER, body="2", received_at=now)
    texts.sweep(now=now + timedelta(seconds=30))
    assert fresh(ticket).status == "resolved"
    texts.sweep(now=now + timedelta(minutes=2))
    assert fresh(ticket).status == "accepted"


@pytest.mark.django_db(transaction=True)
def test_what_fails_is_undone_and_left_to_the_desk(
    ticket: Ticket, phone: Phone, operator: User, now: datetime, settings: Any
) -> None:
    """The last step fails: no half of it remains."""
    solve(ticket, by=operator, now=now)
    settings.TEXT_ROUTES = None  # the thanks cannot be sent
    text = phone.writes("1")
    assert text.state == "waiting"
    assert fresh(ticket).status == "resolved"
    assert Subscriber.objects.get().answer == ""
    assert not Feedback.objects.exists()
