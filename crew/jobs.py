"""Which jobs a crew member sees, and in which order they come."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.utils import timezone

from common.models import User
from dispatch.models import CrewMembership, WorkOrder, WorkOrderQuerySet
from dispatch.rules import OrderStatus
from hotline.models import Report
from tickets.models import Priority, TicketEvent

O = OrderStatus  # noqa: E741
TAKEN_BACK = {O.RECALLED: "recall_order", O.PREEMPTED: "preempt"}

# What is being worked on, then what is most urgent, then what is planned first.
IN_HAND = Case(
    When(status=O.ON_SCENE, then=Value(0)),
    When(status=O.EN_ROUTE, then=Value(1)),
    When(ticket__priority=Priority.EMERGENCY, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Mine:
    """The day of a crew member."""

    now: list[WorkOrder]
    finished: list[WorkOrder]  # today
    taken_back: list[WorkOrder]  # today, by the desk


def of(user: User) -> WorkOrderQuerySet:
    """Every job of a crew this person is in or was ever in: phones come back late."""
    crews = CrewMembership.objects.filter(member__user=user).values("crew")
    return WorkOrder.objects.filter(crew__in=crews).select_related("ticket__category", "crew")


def mine(user: User, now: datetime) -> Mine:
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    current = CrewMembership.objects.filter(member__user=user, period__contains=now)
    gone = TicketEvent.objects.filter(kind__in=TAKEN_BACK.values(), occurred_at__gte=today)
    shown = of(user).annotate(
        dangerous=Exists(Report.objects.filter(ticket=OuterRef("ticket"), dangerous=True))
    )
    finished = Q(finished_at__gte=today)
    taken_back = Q(status__in=TAKEN_BACK, pk__in=gone.values("job"))
    return Mine(
        now=list(
            shown.live()
            .filter(crew__in=current.values("crew"))
            .order_by(IN_HAND, F("window__startswith").asc(nulls_last=True), "pk")
        ),
        finished=list(shown.filter(finished).order_by("-finished_at", "-pk")),
        taken_back=list(shown.filter(taken_back).order_by("-pk")),
    )
