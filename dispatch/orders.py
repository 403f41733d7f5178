"""The only module that writes WorkOrder.status: one function makes every legal move."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.models import User
from dispatch.models import WorkOrder
from dispatch.rules import ORDER_RULES, OrderStatus
from tickets import services as tickets
from tickets.models import Ticket, TicketEvent


class OrderNotAllowed(Exception):
    """The order is not where this action can start, or the ticket takes no order now."""


def move_order(order: WorkOrder, status: str, **changes: Any) -> None:
    """Apply one legal move under the order's lock; `order` is brought up to date.

    Raises OrderNotAllowed, saying where the order is now.
    """
    current = (
        WorkOrder.objects.select_for_update(no_key=True, of=("self",))
        .select_related("ticket", "crew")
        .get(pk=order.pk)
    )
    if current.status not in ORDER_RULES[status]:
        raise OrderNotAllowed(
            _("The order is now “%(status)s”. Nothing was changed.")
            % {"status": OrderStatus(current.status).label}
        )
    current.status = status
    for column, value in changes.items():
        setattr(current, column, value)
    try:
        with transaction.atomic():
            current.save(update_fields=["status", *changes])
    except IntegrityError as error:
        raise OrderNotAllowed(_refusal(current, error)) from error
    for field in WorkOrder._meta.concrete_fields:
        setattr(order, field.attname, getattr(current, field.attname))
    order.crew = current.crew


def record(
    order: WorkOrder, kind: str, *, by: User | None, now: datetime, **facts: Any
) -> TicketEvent:
    """Write into the ticket's history what the desk did with one of its orders."""
    about = {"kind": order.kind, "crew": order.crew.code if order.crew else ""}
    return tickets.record(order.ticket, kind, by=by, now=now, job=order.pk, data=about, **facts)


def _refusal(order: WorkOrder, error: IntegrityError) -> str:
    """In words, which truth of the database the move would have broken."""
    if "one_live_order_of_a_kind" in str(error):
        return _("%(who)s already has this job.") % {"who": order.crew or order.unit}
    current = Ticket.objects.get(pk=order.ticket_id)
    return tickets.refusal(current)
