"""The only module that writes Ticket.status: one function makes every legal move."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from common.models import User
from common.transactions import all_or_nothing
from tickets import citizen_updates
from tickets.models import Status, Ticket, TicketEvent, Words
from tickets.rules import NOWHERE, RULES

LIVE_ORDER = "live order"  # what the trigger says that dispatch put on the table


class MoveNotAllowed(Exception):
    """The ticket is not where this action can start; the text says where it is now."""


@all_or_nothing
def lock(ticket: Ticket) -> Ticket:
    """The ticket as it is now, locked until the transaction ends."""
    current: Ticket = Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)
    return current


def begin(ticket: Ticket, *, by: User | None, now: datetime) -> TicketEvent:
    """The event that opens a ticket; it was inserted by us, so that it needs no lock."""
    return write_event(
        ticket,
        "open",
        by=by,
        now=now,
        occurred_at=ticket.opened_at,
        seq=1,
        move=1,
        from_status=NOWHERE,
        to_status=RULES["open"].to,
    )


@all_or_nothing
def move(
    ticket: Ticket,
    action: str,
    *,
    by: User | None,
    now: datetime,
    occurred_at: datetime | None = None,
    changes: dict[str, Any] | None = None,
    tell: bool = True,
    **facts: Any,
) -> TicketEvent:
    """Apply one action to one ticket, write it down, tell its subscribers.

    `changes` are further columns of the ticket; `facts` go to the event (see `write_event`).
    `ticket` is brought up to date. Raises MoveNotAllowed.
    """
    current = lock(ticket)
    rule = RULES[action]
    if current.status not in rule.from_:
        raise MoveNotAllowed(refusal(current))
    event = write_event(
        current,
        action,
        by=by,
        now=now,
        occurred_at=occurred_at,
        move=current.moves + 1,
        from_status=current.status,
        to_status=rule.to,
        **facts,
    )
    _save(ticket, current, status=rule.to, moves=current.moves + 1, **(changes or {}))
    if tell:
        citizen_updates.announce(ticket, event, now=now, reason=facts.get("public", ""))
    return event


@all_or_nothing
def note(
    ticket: Ticket,
    kind: str,
    *,
    by: User | None,
    now: datetime,
    occurred_at: datetime | None = None,
    changes: dict[str, Any] | None = None,
    tell: bool = True,
    **facts: Any,
) -> TicketEvent:
    """Write down something that moves no ticket, and tell whom it concerns."""
    current = lock(ticket)
    event = write_event(current, kind, by=by, now=now, occurred_at=occurred_at, **facts)
    _save(ticket, current, **(changes or {}))
    if tell:
        citizen_updates.announce(ticket, event, now=now, reason=facts.get("public", ""))
    return event


def write_event(
    ticket: Ticket,
    kind: str,
    *,
    by: User | None,
    now: datetime,
    occurred_at: datetime | None = None,
    public: str = "",
    internal: str = "",
    seq: int | None = None,
    **facts: Any,
) -> TicketEvent:
    """Append one event to a locked ticket; words go to their own, erasable row."""
    event = TicketEvent(
        ticket=ticket,
        seq=seq or ticket.last_seq + 1,
        kind=kind,
        occurred_at=min(occurred_at or now, now),
        recorded_at=now,
        actor=by,
        **facts,
    )
    event.save(force_insert=True)
    ticket.last_seq = event.seq
    if public or internal:
        Words.objects.create(event=event, public=public, internal=internal)
    return event


def refusal(ticket: Ticket) -> str:
    """Why nothing was done, in the language of who asked."""
    return _("Somebody else was faster: %(number)s is now “%(status)s”. Nothing was changed.") % {
        "number": ticket.number,
        "status": Status(ticket.status).label,
    }


def _save(ticket: Ticket, current: Ticket, **changes: Any) -> None:
    """Write the changed columns of the locked row, and show them on the caller's copy."""
    for column, value in changes.items():
        setattr(current, column, value)
    try:
        current.save(update_fields=["last_seq", *changes])
    except IntegrityError as error:
        if LIVE_ORDER not in str(error):
            raise
        planned = _("%(number)s still has a planned order. Take it back first.")
        raise MoveNotAllowed(planned % {"number": ticket.number}) from error
    for field in Ticket._meta.concrete_fields:
        setattr(ticket, field.attname, getattr(current, field.attname))
