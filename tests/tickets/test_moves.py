"""Every action from every status: legal ones move and are told, the others change nothing."""

from datetime import datetime

import pytest

from common.models import User
from notifications.models import Message
from tests.raw_sql import raises
from tests.tickets.lives import ACTIONS, act, bring_to
from tickets.models import Status, Ticket, TicketEvent
from tickets.rules import OPEN, RULES
from tickets.services import MoveNotAllowed

LEGAL = [(a, s) for a in ACTIONS for s in Status.values if s in RULES[a].from_]
ILLEGAL = [(a, s) for a in ACTIONS for s in Status.values if s not in RULES[a].from_]
TELLS = {"assign", "hold", "resolve", "answer", "close", "reject", "merge", "reopen"}
# A hold is a person's only while no crew is on it; then the crew's outcome decides.
FOR_CREWS = {("hold", Status.ASSIGNED), ("hold", Status.IN_PROGRESS)}


def test_the_table_covers_every_status_and_opens_only_from_nowhere() -> None:
    assert {rule.to for rule in RULES.values()} == set(Status.values)
    assert RULES["open"].from_ == {""}
    assert set(OPEN).isdisjoint({Status.RESOLVED, Status.CLOSED, Status.REJECTED, Status.MERGED})


@pytest.mark.parametrize(("action", "status"), [pair for pair in LEGAL if pair not in FOR_CREWS])
def test_a_legal_move_is_made_written_down_once_and_told(
    action: str, status: str, ticket: Ticket, dispatcher: User, now: datetime
) -> None:
    bring_to(ticket, status, by=dispatcher, now=now)
    events, texts = ticket.events.count(), Message.objects.filter(kind=action).count()
    before = ticket.last_seq

    act(ticket, action, by=dispatcher, now=now)

    ticket.refresh_from_db()
    event = TicketEvent.objects.get(ticket=ticket, seq=ticket.last_seq)
    assert (ticket.status, ticket.last_seq) == (RULES[action].to, before + 1)
    assert (event.kind, event.from_status, event.to_status) == (action, status, ticket.status)
    assert (event.actor, event.move, event.recorded_at) == (dispatcher, ticket.moves, now)
    assert ticket.events.count() == events + 1
    assert Message.objects.filter(kind=action).count() - texts == (action in TELLS)


@pytest.mark.parametrize(("action", "status"), [*ILLEGAL, *sorted(FOR_CREWS)])
def test_an_illegal_move_is_refused_in_words_and_changes_nothing(
    action: str, status: str, ticket: Ticket, dispatcher: User, now: datetime
) -> None:
    bring_to(ticket, status, by=dispatcher, now=now)
    before = Ticket.objects.filter(pk=ticket.pk).values().get()
    events, texts = ticket.events.count(), Message.objects.count()

    with raises(MoveNotAllowed, match=ticket.number):
        act(ticket, action, by=dispatcher, now=now)

    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before
    assert (ticket.events.count(), Message.objects.count()) == (events, texts)


def test_a_stale_screen_is_refused_and_says_where_the_ticket_is_now(
    ticket: Ticket, dispatcher: User, operator: User, now: datetime
) -> None:
    stale = Ticket.objects.get(pk=ticket.pk)
    act(ticket, "accept", by=dispatcher, now=now)
    assert stale.status == Status.RECEIVED
    with raises(MoveNotAllowed, match="Accepted"):
        act(stale, "accept", by=operator, now=now)
    assert Ticket.objects.get(pk=ticket.pk).owner == dispatcher


def test_the_callers_copy_is_brought_up_to_date(
    ticket: Ticket, dispatcher: User, now: datetime
) -> None:
    act(ticket, "accept", by=dispatcher, now=now)
    fresh = Ticket.objects.get(pk=ticket.pk)
    for field in Ticket._meta.concrete_fields:
        assert getattr(ticket, field.attname) == getattr(fresh, field.attname), field.name
