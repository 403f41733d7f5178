"""How long the citizen waited for each step, counted from the first report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.models import Status, Ticket, TicketEvent

OVER = (Status.RESOLVED, Status.CLOSED)


@dataclass(frozen=True)
class Span:
    label: str | Promise
    at: datetime | None
    took: str


def measure(ticket: Ticket, events: Sequence[TicketEvent]) -> list[Span]:
    """The steps on the way; the same definitions as the figures of the whole town."""
    reached = [
        (gettext_lazy("Acknowledged"), _first(events, "accept", "reject", "answer")),
        (gettext_lazy("Crew sent"), _first(events, "dispatch")),
        (gettext_lazy("Crew on scene"), _first(events, "order_on_scene")),
        (gettext_lazy("Made safe"), _first(events, "order_made_safe")),
        (gettext_lazy("Resolved"), _resolved(ticket, events)),
    ]
    return [Span(label, at, duration(at - ticket.opened_at) if at else "") for label, at in reached]


def duration(span: timedelta) -> str:
    """`12 min`, `3 h 05 min`, `2 d 4 h`: two units are enough."""
    minutes = int(abs(span.total_seconds())) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    sign = "−" if span < timedelta(0) else ""
    if days:
        return sign + _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return sign + _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": rest}
    return sign + _("%(minutes)d min") % {"minutes": rest}


def _first(events: Sequence[TicketEvent], *kinds: str) -> datetime | None:
    """What another system imported was nobody's acknowledgement here."""
    times = (e.occurred_at for e in events if e.kind in kinds and e.data.get("how") != "imported")
    return min(times, default=None)


def _resolved(ticket: Ticket, events: Sequence[TicketEvent]) -> datetime | None:
    if ticket.status not in OVER:
        return None
    return max((e.occurred_at for e in events if e.to_status == Status.RESOLVED), default=None)
