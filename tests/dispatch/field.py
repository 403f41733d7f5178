"""What a crew's phone sends, in one line."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from common.models import User
from dispatch import operations
from dispatch.models import Crew, WorkOrder
from dispatch.operations import Op
from tickets.models import Ticket


def does(
    order: WorkOrder,
    kind: str,
    *,
    at: datetime,
    now: datetime | None = None,
    by: User | None = None,
    **payload: Any,
) -> str:
    """One operation of a member of the order's crew; returns applied, flagged or refused."""
    user = by or member(order)
    op = Op(uuid4(), kind, order.pk, at, payload)
    return str(operations.apply(op, by=user, now=now or at)["status"])


def member(order: WorkOrder) -> User:
    crew = WorkOrder.objects.select_related("crew").get(pk=order.pk).crew
    assert crew
    return member_of(crew)


def member_of(crew: Crew) -> User:
    user = crew.memberships.get().member.user
    assert user
    return user


def status_of(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).status


def planned(ticket: Ticket) -> list[str]:
    """The kinds of the orders that wait for a crew."""
    waiting = WorkOrder.objects.for_ticket(ticket).without_crew().order_by("kind")
    return list(waiting.values_list("kind", flat=True))
