"""The chain of moves holds against raw SQL: no gap, no forged past, no status without an event."""

from datetime import datetime
from typing import Any

import pytest

from common.models import User
from tests.raw_sql import maintenance, refused_by, sql
from tests.tickets.lives import act
from tickets.models import Ticket, TicketEvent, Words


def forge(ticket: Ticket, now: datetime, **columns: Any) -> None:
    """An event written by hand, legal but for what is said otherwise."""
    row = {
        "ticket_id": ticket.pk,
        "seq": 50,
        "kind": "accept",
        "move": 2,
        "from_status": "received",
        "to_status": "accepted",
        "occurred_at": now,
        "recorded_at": now,
        "reason": "",
        "data": "{}",
        "applied": True,
        "flags": [],
    } | columns
    names = ", ".join(row)
    marks = ", ".join("%s" for _ in row)
    sql(f"INSERT INTO tickets_ticketevent ({names}) VALUES ({marks})", *row.values())


def test_a_forged_event_that_is_legal_goes_through(ticket: Ticket, now: datetime) -> None:
    forge(ticket, now)
    sql("UPDATE tickets_ticket SET status = 'accepted', moves = 2 WHERE id = %s", ticket.pk)
    sql("SET CONSTRAINTS ALL IMMEDIATE")


FORGERIES: dict[str, tuple[dict[str, Any], str]] = {
    "illegal edge": ({"kind": "close", "to_status": "closed"}, "event_move_is_legal"),
    "right edge, wrong name": ({"kind": "answer"}, "event_move_is_legal"),
    "forged predecessor": (
        {"kind": "close", "from_status": "resolved", "to_status": "closed"},
        "event_follows_its_predecessor",
    ),
    "gap in the chain": ({"move": 3}, "event_follows_its_predecessor"),
    "second event for a move": (
        {"kind": "open", "move": 1, "from_status": "", "to_status": "received"},
        "event_(one_per_move|move_in_ticket)",
    ),
    "opened in the middle": (
        {"kind": "open", "move": 2, "from_status": "", "to_status": "received"},
        "event_first_move_opens|event_follows_its_predecessor",
    ),
    "half a move": ({"from_status": None}, "event_moves_wholly_or_not"),
    "move without a number": ({"move": None}, "event_moves_wholly_or_not"),
    "sequence used twice": ({"seq": 1}, "event_seq_in_ticket"),
    "words instead of a code": ({"reason": "Mrs Li said so"}, "event_reason_is_a_code"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_event_is_refused(forgery: str, ticket: Ticket, now: datetime) -> None:
    columns, truth = FORGERIES[forgery]
    with refused_by(truth):
        forge(ticket, now, **columns)


def test_an_event_of_another_ticket_is_no_predecessor(
    ticket: Ticket, dispatcher: User, now: datetime
) -> None:
    act(ticket, "merge", by=dispatcher, now=now)
    assert ticket.merged_into
    with refused_by("event_follows_its_predecessor"):
        forge(ticket.merged_into, now, kind="unmerge", from_status="merged", to_status="accepted")


def test_a_status_does_not_change_without_its_event(ticket: Ticket) -> None:
    with refused_by("ticket_is_where_its_last_move_led"):
        sql("UPDATE tickets_ticket SET status = 'accepted' WHERE id = %s", ticket.pk)
    with refused_by("ticket_is_where_its_last_move_led"):
        sql("UPDATE tickets_ticket SET status = 'accepted', moves = 2 WHERE id = %s", ticket.pk)


def test_a_status_does_not_go_back_to_an_earlier_move(
    ticket: Ticket, dispatcher: User, now: datetime
) -> None:
    act(ticket, "accept", by=dispatcher, now=now)
    with refused_by("never unmade"):
        sql("UPDATE tickets_ticket SET status = 'received', moves = 1 WHERE id = %s", ticket.pk)


def test_history_is_neither_changed_nor_deleted(ticket: Ticket, now: datetime) -> None:
    event = ticket.events.get()
    with refused_by("append-only"):
        sql("UPDATE tickets_ticketevent SET occurred_at = %s WHERE id = %s", now, event.pk)
    with refused_by("append-only"):
        sql("DELETE FROM tickets_ticketevent WHERE id = %s", event.pk)
    with refused_by("append-only"):
        TicketEvent.objects.filter(pk=event.pk).update(data={"changed": True})


def test_maintenance_may_change_history_and_its_door_closes_again(
    ticket: Ticket, now: datetime
) -> None:
    event = ticket.events.get()
    with maintenance():
        TicketEvent.objects.filter(pk=event.pk).update(data={"erased": True})
    event.refresh_from_db()
    assert event.data == {"erased": True}
    with refused_by("append-only"):
        TicketEvent.objects.filter(pk=event.pk).update(data={})


def test_words_are_apart_and_can_be_erased(ticket: Ticket, dispatcher: User, now: datetime) -> None:
    act(ticket, "reject", by=dispatcher, now=now)
    event = ticket.events.get(kind="reject")
    assert "city" not in str(event.data)
    Words.objects.filter(event=event).update(public="", internal="")
    assert Words.objects.get(event=event).public == ""
