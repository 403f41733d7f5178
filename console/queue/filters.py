"""What the queue can be narrowed to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from console.queue.paging import Keyset
from tickets.models import Status, Ticket, TicketQuerySet

NEWEST = Keyset("opened_at", descending=True)
MOST_URGENT = Keyset("due_at", nullable=True)


@dataclass(frozen=True)
class Tab:
    label: str | Promise
    tickets: Callable[[datetime], TicketQuerySet]
    urgent: bool = True  # only what is open has a promise to keep


TABS = {
    "open": Tab(_("All open"), lambda now: Ticket.objects.open()),
    "triage": Tab(_("To triage"), lambda now: Ticket.objects.awaiting_triage()),
    "dispatch": Tab(_("To dispatch"), lambda now: Ticket.objects.awaiting_dispatch()),
    "field": Tab(
        _("In the field"),
        lambda now: Ticket.objects.filter(status__in=(Status.ASSIGNED, Status.IN_PROGRESS)),
    ),
    "waiting": Tab(_("Waiting"), lambda now: Ticket.objects.filter(status=Status.WAITING)),
    "overdue": Tab(_("Overdue"), lambda now: Ticket.objects.overdue(now)),
    "all": Tab(_("All"), lambda now: Ticket.objects.all(), urgent=False),
}
