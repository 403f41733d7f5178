"""Calls we owe: promised once, kept once, and promised for news that no text could bring."""

from datetime import datetime, timedelta

import pytest

from common.models import User
from hotline import call_backs
from hotline.models import Call, CallBack
from notifications import consent
from notifications.models import Contact, Message, MessageStatus, Untextable
from tests.people import CALLER, NEIGHBOUR
from tests.races import at_once
from tickets import services as tickets
from tickets.models import Ticket

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
S = MessageStatus
Reason, Outcome = CallBack.Reason, CallBack.Outcome


@pytest.fixture
def contact(ticket: Ticket) -> Contact:
    return Contact.objects.get(phone=CALLER)


def text_is(status: str, *, kind: str = "", at: datetime | None = None) -> Message:
    """What became of the newest text (of this kind)."""
    texts = Message.objects.filter(kind=kind) if kind else Message.objects.all()
    message = texts.latest("pk")
    Message.objects.filter(pk=message.pk).update(**{"status": status})
    if at:
        Message.objects.filter(pk=message.pk).update(created_at=at)
    return message


def test_it_works(contact: Contact, ticket: Ticket, operator: User, now: datetime) -> None:
    owed = call_backs.owe(contact, ticket=ticket, reason=Reason.ASKED, now=now)
    assert list(CallBack.objects.owed()) == [owed]
    assert owed.due_at == now + call_backs.SOON
    call_backs.finish(owed, by=operator, now=now + HOUR, outcome=Outcome.REACHED)
    owed.refresh_from_db()
    assert (owed.done_at, owed.done_by, owed.outcome) == (now + HOUR, operator, "reached")
    assert not CallBack.objects.owed()


def test_one_is_owed_to_a_person_about_a_ticket(
    contact: Contact, ticket: Ticket, operator: User, now: datetime
) -> None:
    first = call_backs.owe(contact, ticket=ticket, reason=Reason.ASKED, now=now)
    assert call_backs.owe(contact, ticket=ticket, reason=Reason.NO_TEXTS, now=now) == first
    other = call_backs.owe(contact, reason=Reason.ASKED, now=now, due=now + HOUR)
    assert other != first and other.due_at == now + HOUR
    assert call_backs.owe(contact, reason=Reason.MISSED, now=now) == other
    call_backs.finish(first, by=operator, now=now, outcome=Outcome.NOT_REACHED)
    assert call_backs.owe(contact, ticket=ticket, reason=Reason.ASKED, now=now) != first


def test_the_first_to_say_what_came_of_it_is_right(
    contact: Contact, operator: User, dispatcher: User, now: datetime
) -> None:
    owed = call_backs.owe(contact, reason=Reason.ASKED, now=now)
    call_backs.finish(owed, by=operator, now=now, outcome=Outcome.REACHED)
    again = call_backs.finish(owed, by=dispatcher, now=now + HOUR, outcome=Outcome.WRONG_NUMBER)
    assert (again.done_by, again.outcome) == (operator, "reached")
    with pytest.raises(ValueError):
        call_backs.finish(
            call_backs.owe(contact, reason=Reason.ASKED, now=now), by=None, now=now, outcome="?"
        )


def test_a_message_without_a_number_is_owed_its_listening(now: datetime, db: None) -> None:
    calls = [Call.objects.create(rang_at=now) for _ in range(2)]
    owed = [call_backs.owe(None, reason=Reason.MESSAGE, now=now, call=call) for call in calls]
    assert len({one.pk for one in owed}) == 2
    assert call_backs.owe(None, reason=Reason.MESSAGE, now=now, call=calls[0]) == owed[0]


@pytest.mark.django_db(transaction=True)
def test_two_who_promise_it_at_once_promise_it_once(ticket: Ticket, now: datetime) -> None:
    contact = Contact.objects.get(phone=CALLER)
    owed = at_once(
        *[lambda: call_backs.owe(contact, ticket=ticket, reason=Reason.ASKED, now=now)] * 6
    )
    assert {getattr(one, "pk", one) for one in owed} == {CallBack.objects.get().pk}


@pytest.mark.parametrize("status", [S.UNDELIVERED, S.FAILED])
def test_whom_a_text_did_not_reach_is_called(
    contact: Contact, ticket: Ticket, operator: User, now: datetime, status: str
) -> None:
    tickets.answer(ticket, how="desk", words="Lamp replaced.", by=operator, now=now)
    text_is(status)
    assert call_backs.owe_for_lost_news(now=now) == 1
    assert call_backs.owe_for_lost_news(now=now) == 0
    owed = CallBack.objects.get()
    assert (owed.contact, owed.ticket, owed.reason) == (contact, ticket, "not_arrived")


@pytest.mark.parametrize("status", [S.QUEUED, S.SENT, S.DELIVERED, S.PARKED, S.SUPERSEDED])
def test_a_text_that_is_on_its_way_or_with_a_person_is_no_reason(
    contact: Contact, now: datetime, status: str
) -> None:
    text_is(status)
    assert call_backs.owe_for_lost_news(now=now) == 0


def test_a_landline_is_called_when_there_is_news(
    contact: Contact, ticket: Ticket, operator: User, now: datetime
) -> None:
    Contact.objects.update(untextable=Untextable.LANDLINE)
    text_is(S.SUPPRESSED)
    assert call_backs.owe_for_lost_news(now=now) == 0  # they reported it: that is no news to them
    tickets.answer(ticket, how="desk", words="Lamp replaced.", by=operator, now=now)
    assert Message.objects.latest("pk").status == S.SUPPRESSED
    assert call_backs.owe_for_lost_news(now=now) == 1
    assert CallBack.objects.get().reason == "no_texts"


def test_whoever_wants_no_texts_is_not_called_instead(
    contact: Contact, ticket: Ticket, operator: User, now: datetime
) -> None:
    tickets.answer(ticket, how="desk", words="", by=operator, now=now)
    text_is(S.FAILED)
    consent.opt_out(CALLER, source="text", now=now)
    assert call_backs.owe_for_lost_news(now=now) == 0


def test_never_twice_in_a_day_about_the_same(
    contact: Contact, ticket: Ticket, operator: User, now: datetime
) -> None:
    tickets.answer(ticket, how="desk", words="", by=operator, now=now)
    text_is(S.FAILED)
    call_backs.owe_for_lost_news(now=now)
    done = CallBack.objects.get()
    call_backs.finish(done, by=operator, now=now + HOUR, outcome=Outcome.REACHED)
    # They heard it: the same text is no reason again, not even two days later.
    for later in (HOUR, DAY + HOUR, 2 * DAY - HOUR):
        assert call_backs.owe_for_lost_news(now=now + later) == 0
    # Newer news waits until the next day.
    tickets.reopen(ticket, reason="Dark again.", by=operator, now=now + 2 * HOUR)
    text_is(S.FAILED, at=now + 2 * HOUR)
    assert call_backs.owe_for_lost_news(now=now + 3 * HOUR) == 0
    assert call_backs.owe_for_lost_news(now=now + DAY + HOUR) == 1


def test_what_is_over_or_old_is_no_reason(
    contact: Contact, ticket: Ticket, operator: User, now: datetime
) -> None:
    tickets.answer(ticket, how="desk", words="", by=operator, now=now)
    text_is(S.FAILED)
    assert call_backs.owe_for_lost_news(now=now + 3 * DAY) == 0
    tickets.close(ticket, by=None, now=now)
    assert call_backs.owe_for_lost_news(now=now) == 0


def test_each_person_is_called_once_about_it(
    contact: Contact, ticket: Ticket, operator: User, now: datetime
) -> None:
    neighbour = Contact.objects.create(phone=NEIGHBOUR, created_at=now)
    tickets.subscribe(ticket, neighbour, now=now)
    tickets.answer(ticket, how="desk", words="", by=operator, now=now)
    Message.objects.update(**{"status": S.UNDELIVERED})
    assert call_backs.owe_for_lost_news(now=now) == 2
    assert set(CallBack.objects.values_list("contact", flat=True)) == {contact.pk, neighbour.pk}
