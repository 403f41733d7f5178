"""What the rows of the queue show, gathered for a page at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import Coalesce

from common.numbers import Misread, read_ticket_number
from console.queue.filters import TABS
from console.queue.wording import flag
from hotline.models import Report
from tickets.models import Ticket


@dataclass(frozen=True)
class Row:
    ticket: Ticket
    reports: int
    overdue: bool
    flags: list[str]


def chosen_tab(params: Mapping[str, str]) -> str:
    """The tab of the address; whoever names a status or looks for something looks everywhere."""
    asked = params.get("tab", "")
    if asked in TABS:
        return asked
    return "all" if params.get("state") or params.get("q") else "open"


def known_number(typed: str) -> str:
    """The ticket that was typed as a whole number; empty where there is none of that number."""
    try:
        number = read_ticket_number(typed)
    except Misread:
        return ""
    return number if Ticket.objects.filter(number=number).exists() else ""


def rows(tickets: Sequence[Ticket], now: datetime) -> list[Row]:
    """Each ticket with how many reports it and those merged into it have."""
    ids = [ticket.pk for ticket in tickets]
    counted = dict(
        Report.objects.filter(ticket__in=Ticket.objects.family(*ids))
        .values_list(Coalesce("ticket__merged_into", "ticket"))
        .annotate(Count("pk"))
        .order_by()
    )
    return [
        Row(t, counted.get(t.pk, 0), t.is_overdue(now), [flag(code) for code in t.flags])
        for t in tickets
    ]
