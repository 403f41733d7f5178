"""What the rows of the long lists show, gathered for a page at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from common.numbers import Misread, read_ticket_number
from console.queue.filters import TABS
from console.queue.masking import mask_phone
from console.queue.paging import Keyset
from console.queue.wording import flag
from hotline.models import Report
from notifications.models import Message
from tickets.models import Ticket

TEXTS_NEWEST = Keyset("created_at", descending=True)
TOPIC = re.compile(r"ticket:(\d{1,18})")


@dataclass(frozen=True)
class Row:
    ticket: Ticket
    reports: int
    overdue: bool
    flags: list[str]


@dataclass(frozen=True)
class Line:
    message: Message
    to: str
    ticket: Ticket | None


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
        Report.objects.filter(Q(ticket__in=ids) | Q(ticket__merged_into__in=ids))
        .values_list(Coalesce("ticket__merged_into", "ticket"))
        .annotate(Count("pk"))
        .order_by()
    )
    return [
        Row(t, counted.get(t.pk, 0), t.is_overdue(now), [flag(code) for code in t.flags])
        for t in tickets
    ]


def lines(messages: Sequence[Message]) -> list[Line]:
    """Each text with its masked number and the ticket it is about."""
    topics = {message.pk: TOPIC.fullmatch(message.topic) for message in messages}
    ids = {pk: int(match[1]) for pk, match in topics.items() if match}
    tickets = Ticket.objects.only("number").in_bulk(set(ids.values()))
    return [Line(m, mask_phone(m.recipient), tickets.get(ids.get(m.pk, 0))) for m in messages]
