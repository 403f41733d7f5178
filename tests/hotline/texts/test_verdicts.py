"""“Reply 1 if it is fixed, 2 if not”: what becomes of a solved ticket."""

from datetime import datetime, timedelta

import pytest

from common.models import User
from hotline.models import Feedback
from hotline.services import take_report
from notifications import consent
from notifications.models import Contact, Importance, Message, Untextable
from tests.hotline.texts.conftest import Phone, fresh, join, solve
from tests.people import NEIGHBOUR, say
from tickets import services as tickets
from tickets.models import Subscriber, Ticket, TicketEvent, Words

DAY = timedelta(days=1)


@pytest.fixture
def solved(ticket: Ticket, operator: User, phone: Phone, now: datetime) -> Ticket:
    solve(ticket, by=operator, now=now)
    phone.heard  # noqa: B018 received, solved
    return ticket


@pytest.mark.parametrize("words", ["1", "Yes!", "好了", "👍", "It’s fixed."])
def test_a_yes_of_the_only_one_closes_it(solved: Ticket, phone: Phone, words: str) -> None:
    text = phone.writes(words)
    assert fresh(solved).status == "closed"
    (said,) = phone.heard
    assert "closed" in said and "satisfied" in said and solved.number in said
    assert (text.state, text.ticket) == ("done", solved)
    assert Feedback.objects.get().resolved is True


@pytest.mark.parametrize("words", ["2", "no.", "没有", "Not yet", "👎"])
def test_a_no_opens_it_again_with_their_words(solved: Ticket, phone: Phone, words: str) -> None:
    phone.writes(words)
    again = fresh(solved)
    assert again.status == "accepted"
    event = TicketEvent.objects.get(ticket=solved, move=again.moves)
    assert (event.kind, event.actor, event.words.internal) == ("reopen", None, words)
    assert Feedback.objects.get().resolved is False
    (said,) = phone.heard
    assert "opened again" in said


def test_it_is_closed_when_everybody_said_yes(
    ticket: Ticket, operator: User, phone: Phone, neighbour: Phone, now: datetime
) -> None:
    join(ticket, NEIGHBOUR, now=now, language="zh-hans")
    solve(ticket, by=operator, now=now)
    assert [len(phone.heard), len(neighbour.heard)] == [2, 2]

    neighbour.writes("1")
    assert fresh(ticket).status == "resolved"
    (settled,) = neighbour.heard
    assert "已解决" in settled

    phone.writes("yes")
    assert fresh(ticket).status == "closed"
    (thanks,), (news,) = phone.heard, neighbour.heard
    assert "satisfied" in thanks and "已办结" in news and "满意" not in news


def test_all_the_others_hear_that_it_was_closed(
    ticket: Ticket, operator: User, phone: Phone, neighbour: Phone, now: datetime
) -> None:
    third = Phone("+14155550166", now)
    for one in (neighbour, third):
        join(ticket, one.number, now=now)
    solve(ticket, by=operator, now=now)
    for one in (neighbour, third, phone):
        one.writes("1")
    told = Message.objects.filter(kind="close", status="queued")
    assert set(told.values_list("contact__phone", flat=True)) == {neighbour.number, third.number}


def test_whoever_cannot_be_texted_is_not_waited_for(
    ticket: Ticket, operator: User, phone: Phone, now: datetime
) -> None:
    landline, silent = "+14155550180", "+14155550181"
    join(ticket, landline, now=now)
    join(ticket, silent, now=now)
    Contact.objects.filter(phone=landline).update(untextable=Untextable.LANDLINE)
    consent.opt_out(silent, source="web", now=now)
    solve(ticket, by=operator, now=now)
    phone.writes("1")
    assert fresh(ticket).status == "closed"


def test_one_no_weighs_more_than_a_yes(
    ticket: Ticket, operator: User, phone: Phone, neighbour: Phone, now: datetime
) -> None:
    join(ticket, NEIGHBOUR, now=now)
    solve(ticket, by=operator, now=now)
    phone.writes("1")
    neighbour.writes("2")
    assert fresh(ticket).status == "accepted"
    # Solved once more: what they said of the first time counts no longer.
    solve(ticket, by=operator, now=now + DAY)
    neighbour.writes("1", later=DAY + DAY)
    assert fresh(ticket).status == "resolved"
    phone.writes("1", later=DAY + DAY)
    assert fresh(ticket).status == "closed"


def test_a_merged_report_is_settled_with_its_root(
    ticket: Ticket, operator: User, phone: Phone, neighbour: Phone, now: datetime
) -> None:
    other = take_report(say(ticket.category, NEIGHBOUR), now=now).ticket
    tickets.merge(other, into=ticket, by=operator, now=now)
    solve(ticket, by=operator, now=now)
    neighbour.writes("1")
    assert fresh(ticket).status == "resolved"
    phone.writes("1")
    assert fresh(ticket).status == "closed"


def test_a_no_after_the_end_opens_it_again_within_the_month(
    solved: Ticket, operator: User, phone: Phone
) -> None:
    phone.writes("1")
    phone.writes("没有", later=29 * DAY)
    assert fresh(solved).status == "accepted"
    solve(solved, by=operator, now=phone.clock)
    phone.writes("yes")
    assert fresh(solved).status == "closed"
    text = phone.writes("no", later=31 * DAY)
    assert fresh(solved).status == "closed"
    assert text.state == "waiting"  # somebody reads it


def test_it_is_understood_when_staff_were_faster(
    solved: Ticket, operator: User, phone: Phone, now: datetime
) -> None:
    tickets.reopen(solved, reason="A neighbour called.", by=operator, now=now)
    phone.heard  # noqa: B018
    text = phone.writes("2")
    assert fresh(solved).status == "accepted"
    assert TicketEvent.objects.filter(ticket=solved, kind="reopen").count() == 1
    assert text.state == "done"
    assert Words.objects.filter(event__kind="citizen_wrote", internal="2").exists()


def test_an_answer_is_answered_at_night(solved: Ticket, phone: Phone) -> None:
    phone.writes("1")
    last = Message.objects.latest("pk")
    assert (last.kind, last.importance) == ("reply_closed", Importance.REPLY)


def test_the_answer_is_kept_with_the_person(solved: Ticket, phone: Phone) -> None:
    phone.writes("2")
    subscriber = Subscriber.objects.get(ticket=solved)
    assert (subscriber.answer, subscriber.answered_at) == ("no", phone.clock)
