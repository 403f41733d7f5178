"""Work orders: made, given to a crew, taken back. Facts from the field come by operations.py."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from common.models import User
from dispatch import equipment as trucks
from dispatch.models import Crew, Equipment, WorkOrder
from dispatch.rules import ORDER_RULES, Kind, OrderStatus
from dispatch.settle import settle
from notifications import outbox
from notifications.models import Message
from notifications.texts import write_text
from tickets import services as tickets
from tickets.models import Status, Ticket

O = OrderStatus  # noqa: E741
USUAL_JOB = timedelta(hours=2)  # how long equipment is reserved where no window was planned


class OrderNotAllowed(Exception):
    """The order is not where this action can start, or the ticket takes no order now."""


@transaction.atomic(savepoint=False)
def plan(
    ticket: Ticket,
    *,
    kind: str,
    by: User | None,
    now: datetime | None = None,
    crew: Crew | None = None,
    window: tuple[datetime, datetime] | None = None,
    instructions: str = "",
    follows: WorkOrder | None = None,
) -> WorkOrder:
    """A job to be done, perhaps by a crew, perhaps at a time; nobody is sent yet.

    Raises OrderNotAllowed where the ticket was not accepted or such a live order exists.
    """
    now = now or timezone.now()
    current = tickets.lock(ticket)
    if current.status not in (Status.ACCEPTED, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING):
        raise OrderNotAllowed(tickets.refusal(current))
    unit = crew.unit if crew else current.unit
    assert unit, "every open ticket has a unit"
    double = WorkOrder.objects.for_ticket(ticket).live().filter(kind=kind, unit=unit, crew=crew)
    if double.exists():
        raise OrderNotAllowed(
            _("%(who)s already has this job on %(number)s.")
            % {"who": crew or unit, "number": ticket.number}
        )
    order = WorkOrder.objects.create(
        ticket=ticket,
        kind=kind,
        unit=unit,
        crew=crew,
        window=DateTimeTZRange(*window) if window else None,
        instructions=instructions,
        follows=follows,
        created_by=by,
        created_at=now,
    )
    tickets.record(ticket, "plan", by=by, now=now, job=order.pk, data=_about(order))
    settle(ticket, by=by, now=now)
    return order


@transaction.atomic(savepoint=False)
def assign(
    ticket: Ticket,
    *,
    crew: Crew,
    kind: str = Kind.REPAIR,
    by: User,
    now: datetime | None = None,
    window: tuple[datetime, datetime] | None = None,
    instructions: str = "",
    equipment: Sequence[Equipment] = (),
) -> WorkOrder:
    """Send a crew, with the equipment reserved for it, or nothing at all.

    Raises OrderNotAllowed, or EquipmentTaken naming who has the truck.
    """
    now = now or timezone.now()
    pieces = trucks.lock_equipment(equipment)
    waiting = (
        WorkOrder.objects.for_ticket(ticket).without_crew().filter(kind=kind).order_by("pk").first()
    )
    order = waiting or plan(
        ticket, kind=kind, by=by, now=now, crew=crew, window=window, instructions=instructions
    )
    dispatch_order(order, crew=crew, by=by, now=now)
    start, end = window or (now, now + USUAL_JOB)
    for piece in pieces:
        trucks.reserve(piece, crew=crew, order=order, start=start, end=end)
    return order


@transaction.atomic(savepoint=False)
def dispatch_order(
    order: WorkOrder, *, crew: Crew, by: User, now: datetime | None = None
) -> WorkOrder:
    """Give a planned order to a crew, who is told by text where it has a phone."""
    now = now or timezone.now()
    move_order(order, O.DISPATCHED, crew=crew, unit=crew.unit)
    tickets.record(order.ticket, "dispatch", by=by, now=now, job=order.pk, data=_about(order))
    settle(order.ticket, by=by, now=now)
    _text_crew(order, "crew_order", now=now)
    return order


@transaction.atomic(savepoint=False)
def recall(order: WorkOrder, *, reason: str, by: User, now: datetime | None = None) -> WorkOrder:
    """Take an order back from whoever has it; `reason` is kept inside."""
    now = now or timezone.now()
    move_order(order, O.RECALLED)
    trucks.release_reservations(order, at=now)
    tickets.record(
        order.ticket,
        "recall_order",
        by=by,
        now=now,
        job=order.pk,
        internal=reason,
        data=_about(order),
    )
    settle(order.ticket, by=by, now=now)
    _text_crew(order, "crew_recall", now=now)
    return order


@transaction.atomic(savepoint=False)
def preempt(order: WorkOrder, *, by: User, now: datetime | None = None) -> WorkOrder:
    """An emergency takes the crew away: this order ends, a new planned one takes its place."""
    now = now or timezone.now()
    move_order(order, O.PREEMPTED)
    trucks.release_reservations(order, at=now)
    tickets.record(order.ticket, "preempt", by=by, now=now, job=order.pk, data=_about(order))
    following = plan(
        order.ticket,
        kind=order.kind,
        by=by,
        now=now,
        instructions=order.instructions,
        follows=order,
    )
    _text_crew(order, "crew_recall", now=now)
    return following


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


def _refusal(order: WorkOrder, error: IntegrityError) -> str:
    """In words, which truth of the database the move would have broken."""
    if "one_live_order_of_a_kind" in str(error):
        return _("%(who)s already has this job.") % {"who": order.crew or order.unit}
    current = Ticket.objects.get(pk=order.ticket_id)
    return tickets.refusal(current)


def _about(order: WorkOrder) -> dict[str, Any]:
    return {"kind": order.kind, "crew": order.crew.code if order.crew else ""}


def _text_crew(order: WorkOrder, template: str, *, now: datetime) -> None:
    """A crew's own number is never a Contact, and a crew without one looks at its phone app."""
    crew = order.crew
    if crew is None or not crew.phone:
        return
    message = Message(
        dedupe_key=f"order:{order.pk}:{template}",
        topic=order.ticket.topic,
        kind=template,
        staff_phone=crew.phone,
        language=crew.language,
        body=write_text(template, crew.language, order=order),
    )
    outbox.enqueue([message], now=now)
