"""What nobody is sent to yet, the most urgent first."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When

from dispatch.models import WorkOrder
from dispatch.rules import Kind
from hotline.models import Report
from tickets.models import OPEN, Priority, Status, Ticket

MOST = 100  # rows of the list; the queue page has them all


@dataclass(frozen=True)
class Row:
    ticket: Ticket  # with `dangerous`
    planned: list[WorkOrder]  # without a crew
    overdue: bool
    asleep: bool  # waits for somebody outside, and it is not yet time to ask again

    @property
    def kinds(self) -> list[str]:
        """What is to be done there, as far as it was said."""
        return [order.get_kind_display() for order in self.planned]


def read(now: datetime) -> tuple[list[Row], bool]:
    """Accepted tickets, and planned orders without a crew; and whether there are more."""
    planned = WorkOrder.objects.without_crew()
    dangerous = Report.objects.filter(ticket=OuterRef("pk"), dangerous=True)
    tickets = (
        (
            Ticket.objects.awaiting_dispatch()
            | Ticket.objects.filter(pk__in=planned.values("ticket"))
        )
        .for_list()
        .annotate(dangerous=Exists(dangerous))
        .order_by(_rank(now), F("due_at").asc(nulls_last=True), "opened_at", "pk")
    )
    shown = list(tickets[: MOST + 1])
    orders = defaultdict(list)
    for order in planned.filter(ticket__in=shown).order_by("pk"):
        orders[order.ticket_id].append(order)
    rows = [
        Row(t, orders[t.pk], overdue=t.is_overdue(now), asleep=_asleep(t, now))
        for t in shown[:MOST]
    ]
    return rows, len(shown) > MOST


def likely_kind(ticket: Ticket, planned: list[WorkOrder]) -> str:
    """What the form proposes: the planned job; else in danger make safe first."""
    if planned:
        return planned[0].kind
    if ticket.status not in OPEN:
        return Kind.VERIFY
    dangerous = Report.objects.filter(ticket=ticket, dangerous=True).exists()
    first = not WorkOrder.objects.for_ticket(ticket).exists()
    urgent = dangerous or ticket.priority == Priority.EMERGENCY
    return Kind.MAKE_SAFE if urgent and first else Kind.REPAIR


def _asleep(ticket: Ticket, now: datetime) -> bool:
    until = ticket.waiting_until
    return ticket.status == Status.WAITING and until is not None and until > now


def _rank(now: datetime) -> Case:
    """Emergencies, then what is overdue, then by promise; what waits for others comes last."""
    return Case(
        When(Q(status=Status.WAITING, waiting_until__gt=now), then=Value(4)),
        When(Q(priority=Priority.EMERGENCY) | Q(dangerous=True), then=Value(0)),
        When(due_at__lt=now, then=Value(1)),
        When(priority=Priority.HIGH, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
