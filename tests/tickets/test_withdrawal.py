"""A text that is no longer true is taken back; what is history is no news."""

from datetime import datetime, timedelta

import pytest

from common.models import User
from hotline.services import take_report
from notifications.models import Message
from tests.people import bodies, say
from tests.tickets.lives import act
from tickets import services as tickets
from tickets.models import Category, Ticket
from tickets.services import silence

DAY = timedelta(hours=24)


def state(ticket: Ticket, kind: str) -> list[str]:
    texts = Message.objects.about(ticket.topic).filter(kind=kind).order_by("pk")
    return list(texts.values_list("status", flat=True))


@pytest.mark.parametrize(
    ("action", "solved", "received"),
    [
        ("correct", "cancelled", "queued"),  # tells nobody
        ("reopen", "superseded", "queued"),
        ("close", "superseded", "superseded"),  # its text says all that the first one said
    ],
)
def test_solved_is_taken_back_while_it_was_not_sent(
    action: str, solved: str, received: str, ticket: Ticket, operator: User, now: datetime
) -> None:
    act(ticket, "answer", by=operator, now=now)
    act(ticket, action, by=operator, now=now)
    assert state(ticket, "answer") == [solved]
    assert state(ticket, "open") == [received]


def test_what_was_sent_stays_sent(ticket: Ticket, operator: User, now: datetime) -> None:
    act(ticket, "answer", by=operator, now=now)
    Message.objects.filter(kind="answer").update(status="sent")
    act(ticket, "correct", by=operator, now=now)
    assert state(ticket, "answer") == ["sent"]


def test_a_rejection_that_is_reopened_is_not_sent(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    act(ticket, "reject", by=operator, now=now)
    act(ticket, "reopen", by=operator, now=now)
    assert (ticket.status, state(ticket, "reject")) == ("accepted", ["superseded"])
    assert ticket.events.get(kind="reopen").words.internal == "It is dark again."


def test_another_tickets_texts_are_left_alone(
    ticket: Ticket, lights_out: Category, operator: User, now: datetime
) -> None:
    other = act_elsewhere(lights_out, operator, now)
    act(ticket, "answer", by=operator, now=now)
    act(ticket, "correct", by=operator, now=now)
    assert state(other, "answer") == ["queued"]


def act_elsewhere(category: Category, operator: User, now: datetime) -> Ticket:
    other = take_report(say(category, "+14155550199"), now=now).ticket
    act(other, "answer", by=operator, now=now)
    return other


def test_the_same_news_twice_is_two_events_and_two_texts(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    for _ in range(2):
        act(ticket, "answer", by=operator, now=now)
        act(ticket, "reopen", by=operator, now=now)
    assert state(ticket, "answer") == ["superseded", "superseded"]


def test_what_happened_more_than_a_day_ago_texts_nobody(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    tickets.answer(ticket, how="outside", words="", by=operator, now=now, occurred_at=now - DAY * 2)
    assert (ticket.status, state(ticket, "answer")) == ("resolved", [])
    tickets.reopen(ticket, reason="", by=operator, now=now)
    tickets.answer(ticket, how="outside", words="", by=operator, now=now, occurred_at=now - DAY)
    assert state(ticket, "answer") == ["queued"]


def test_a_move_of_long_ago_still_takes_back_what_it_made_untrue(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    act(ticket, "hold", by=operator, now=now)
    tickets.answer(ticket, how="outside", words="", by=operator, now=now, occurred_at=now - DAY * 2)
    assert state(ticket, "hold") == ["cancelled"]


@pytest.mark.parametrize(("first", "then"), [("hold", "resume"), ("assign", "recall")])
def test_progress_that_is_over_is_taken_back(
    first: str, then: str, ticket: Ticket, operator: User, now: datetime
) -> None:
    act(ticket, "accept", by=operator, now=now)
    act(ticket, first, by=operator, now=now)
    act(ticket, then, by=operator, now=now)
    assert (state(ticket, first), state(ticket, then)) == (["cancelled"], [])


def test_who_is_on_their_own_again_is_not_told_of_the_others(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    act(ticket, "merge", by=operator, now=now)
    act(ticket, "unmerge", by=operator, now=now)
    assert state(ticket, "merge") == ["cancelled"]


def test_in_silence_history_is_kept_and_nobody_is_texted(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    told = len(bodies())
    with silence():
        act(ticket, "answer", by=operator, now=now)
    assert len(bodies()) == told
    assert ticket.events.filter(kind="answer").exists()
    act(ticket, "close", by=operator, now=now)
    assert len(bodies()) == told + 1


def test_silence_ends_even_when_something_breaks(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    with pytest.raises(ZeroDivisionError), silence():
        assert 1 / 0
    act(ticket, "answer", by=operator, now=now)
    assert state(ticket, "answer") == ["queued"]
