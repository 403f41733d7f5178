"""Work orders: made, given to a crew, taken back. Facts from the field come by operations.py."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.models import User
from common.transactions import all_or_nothing
from dispatch import equipment as trucks
from dispatch.models import Crew, Equipment, WorkOrder
from dispatch.orders import OrderNotAllowed as OrderNotAllowed
from dispatch.orders import move_order, record
from dispatch.rules import Kind, OrderStatus
from dispatch.settle import settle
from notifications import outbox
from notifications.models import Importance, Message
from notifications.texts import write_text
from tickets import services as tickets
from tickets.models import OPEN, Status, Ticket

O = OrderStatus  # noqa: E741
TAKES_ORDERS = frozenset(OPEN) - {Status.RECEIVED}
AFTER_REPAIR = TAKES_ORDERS | {Status.RESOLVED, Status.CLOSED}  # verifying comes last of all
USUAL_JOB = timedelta(hours=2)  # how long equipment is reserved where no window was planned


@all_or_nothing
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
    if current.status not in (AFTER_REPAIR if kind == Kind.VERIFY else TAKES_ORDERS):
        raise OrderNotAllowed(tickets.refusal(current))
    unit = crew.unit if crew else current.unit
    assert unit, "every open ticket has a unit"
    if WorkOrder.objects.for_ticket(ticket).live().filter(kind=kind, unit=unit, crew=crew).exists():
        double = _("%(who)s already has this job on %(number)s.")
        raise OrderNotAllowed(double % {"who": crew or unit, "number": ticket.number})
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
    record(order, "plan", by=by, now=now)
    settle(ticket, by=by, now=now)
    return order


@all_or_nothing
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
    told: dict[str, Any] = {"instructions": instructions} if instructions else {}
    if window:
        told["window"] = DateTimeTZRange(*window)
    dispatch_order(order, crew=crew, by=by, now=now, **told)
    start, end = window or (now, now + USUAL_JOB)
    for piece in pieces:
        trucks.reserve(piece, crew=crew, order=order, start=start, end=end)
    return order


@all_or_nothing
def dispatch_order(
    order: WorkOrder, *, crew: Crew, by: User, now: datetime | None = None, **told: Any
) -> WorkOrder:
    """Give a planned order to a crew, who is told by text where it has a phone.

    `told` is what the order says anew: its window, its instructions.
    """
    now = now or timezone.now()
    move_order(order, O.DISPATCHED, crew=crew, unit=crew.unit, **told)
    record(order, "dispatch", by=by, now=now)
    settle(order.ticket, by=by, now=now)
    _text_crew(order, "crew_order", now=now)
    return order


@all_or_nothing
def recall(order: WorkOrder, *, reason: str, by: User, now: datetime | None = None) -> WorkOrder:
    """Take an order back from whoever has it; `reason` is kept inside."""
    now = now or timezone.now()
    move_order(order, O.RECALLED)
    trucks.release_reservations(order, at=now)
    record(order, "recall_order", by=by, now=now, internal=reason)
    settle(order.ticket, by=by, now=now)
    _text_crew(order, "crew_recall", now=now)
    return order


@all_or_nothing
def preempt(order: WorkOrder, *, by: User, now: datetime | None = None) -> WorkOrder:
    """An emergency takes the crew away: this order ends, a new planned one takes its place."""
    now = now or timezone.now()
    move_order(order, O.PREEMPTED)
    trucks.release_reservations(order, at=now)
    record(order, "preempt", by=by, now=now)
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


def _text_crew(order: WorkOrder, template: str, *, now: datetime) -> None:
    """A crew's own number is never a Contact, and a crew without one looks at its phone app."""
    crew = order.crew
    if crew is None or not crew.phone or tickets.is_silent():
        return
    with translation.override(crew.language):
        facts = {"job": str(order.get_kind_display()), "category": order.ticket.category.name}
    message = Message(
        dedupe_key=f"order:{order.pk}:{template}",
        topic=order.ticket.topic,
        kind=template,
        staff_phone=crew.phone,
        language=crew.language,
        importance=Importance.CRITICAL,  # worth sending for outbox.WORTH: four hours
        body=write_text(
            template,
            crew.language,
            number=order.ticket.number,
            address=order.ticket.address,
            **facts,
        ),
    )
    outbox.enqueue([message], now=now)
