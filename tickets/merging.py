"""One problem that was reported twice: the root speaks for both."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from common.models import User
from common.transactions import all_or_nothing
from tickets.models import OPEN, Ticket, TicketEvent
from tickets.workflow import MoveNotAllowed, move, note, refusal


@all_or_nothing
def merge(
    ticket: Ticket, *, into: Ticket, by: User, now: datetime | None = None, **facts: Any
) -> TicketEvent:
    """The same problem as another one: its callers are told by the root from now on.

    Subscribers stay on their own row and are reached through `merged_into`, so that `unmerge`
    gives them back untouched; children of a merged root follow it. Raises MoveNotAllowed.
    """
    family = Q(pk__in=(ticket.pk, into.pk)) | Q(merged_into=ticket)
    in_order = Ticket.objects.select_for_update(no_key=True).filter(family).order_by("pk")
    root = next(t for t in in_order if t.pk == into.pk)
    if ticket.pk == into.pk or root.status not in OPEN:
        raise MoveNotAllowed(refusal(root))
    event = move(
        ticket,
        "merge",
        by=by,
        now=now or timezone.now(),
        changes={"merged_into": into},
        data={"into": into.number},
        **facts,
    )
    for child in Ticket.objects.filter(merged_into=ticket).order_by("pk"):
        note(
            child,
            "repoint",
            by=by,
            now=event.recorded_at,
            changes={"merged_into": into},
            data={"into": into.number},
            tell=False,
        )
    return event


def unmerge(ticket: Ticket, *, by: User, now: datetime | None = None, **facts: Any) -> TicketEvent:
    """Not the same after all: a problem of its own again, with its own callers."""
    return move(
        ticket, "unmerge", by=by, now=now or timezone.now(), changes={"merged_into": None}, **facts
    )
