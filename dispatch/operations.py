"""What crews do on the job, each under an id made by their phone: it counts exactly once.

Commands (accept, decline) may be refused. Facts already happened: they are always stored; one
whose move is not legal any more is an event with applied=false, shown to a person. What cannot
be true (an end before its beginning, an unknown material) is kept with the sentence that refused
it.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.models import User
from common.transactions import once_more
from dispatch import equipment, payloads, stock
from dispatch.follow_up import plan_follow_ups
from dispatch.models import Equipment, Item, Operation, WorkOrder
from dispatch.orders import OrderNotAllowed, move_order
from dispatch.payloads import Nonsense
from dispatch.rules import REASONS, OrderStatus, Outcome
from dispatch.settle import settle
from tickets import services as tickets
from tickets.models import OPEN, Photo, TicketEvent
from tickets.photos import add_photo

O = OrderStatus  # noqa: E741
SHOWN = frozenset({Photo.Moment.BEFORE, Photo.Moment.AFTER})


class OperationConflict(Exception):
    """The id was used before, for something else. Nothing was changed."""


class NotYourOrder(Exception):
    """The order was never given to a crew of this person."""


@dataclass(frozen=True)
class Op:
    """One thing that was done: `payload` depends on `kind` (see HANDLERS)."""

    id: UUID
    kind: str
    order_id: int
    occurred_at: datetime
    payload: dict[str, Any] = field(default_factory=dict)
    jpeg: bytes = b""  # of a photo, which the payload names by its sha256

    def digest(self) -> str:
        said = [self.kind, self.order_id, self.occurred_at.isoformat(), self.payload]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


Handler = Callable[[WorkOrder, Op, User, datetime, datetime], dict[str, Any]]


@once_more
def apply(op: Op, *, by: User, now: datetime) -> dict[str, Any]:
    """Do it, or say what was answered the first time: {"status": applied | flagged | refused}.

    Raises OperationConflict for a reused id, NotYourOrder, WorkOrder.DoesNotExist.
    """
    try:
        with transaction.atomic():
            return _apply(op, by=by, now=now)
    except IntegrityError:
        if not Operation.objects.filter(pk=op.id).exists():
            raise
        return _answer_again(op)  # the same id at the same moment through another door


def _apply(op: Op, *, by: User, now: datetime) -> dict[str, Any]:
    storable = payloads.is_storable(op.payload)
    if storable:
        _lock_pieces(op)
    order = (
        WorkOrder.objects.select_for_update(no_key=True, of=("self",))
        .select_related("ticket", "crew")
        .get(pk=op.order_id)
    )
    if Operation.objects.filter(pk=op.id).exists():
        return _answer_again(op)
    if not _is_theirs(order, by):
        raise NotYourOrder(str(order))
    said_at = op.occurred_at if payloads.is_sane(op.occurred_at) else now
    try:
        with transaction.atomic():
            result = _handler(op, storable)(order, op, by, min(said_at, now), now)
            settle(order.ticket, by=by, now=now)
    except (OrderNotAllowed, Nonsense) as error:
        result = {"status": "refused", "why": str(error)}
    Operation.objects.create(
        id=op.id,
        digest=op.digest(),
        kind=op.kind[:20] if storable else "",
        order=order,
        user=by,
        occurred_at=said_at,
        recorded_at=now,
        payload=op.payload if storable else None,
        result=result,
    )
    return result


def _handler(op: Op, storable: bool) -> Handler:
    if not storable:
        raise Nonsense(_("Something is missing in this form. Open the job again, please."))
    if op.kind not in HANDLERS:
        raise payloads.unknown(op.kind)
    return HANDLERS[op.kind]


def _answer_again(op: Op) -> dict[str, Any]:
    known = Operation.objects.get(pk=op.id)
    if known.digest != op.digest():
        raise OperationConflict(str(op.id))
    answer: dict[str, Any] = known.result
    return answer


def _lock_pieces(op: Op) -> None:
    """Equipment is locked before orders and tickets, everywhere."""
    if op.kind == "equipment":
        equipment.lock_equipment(Equipment.objects.filter(code=op.payload.get("code", "")))


def _is_theirs(order: WorkOrder, by: User) -> bool:
    """Members of the order's crew, now or at any time: shifts change, phones come back late."""
    return bool(order.crew and order.crew.memberships.filter(member__user=by).exists())


def _milestone(
    order: WorkOrder, status: str, by: User, at: datetime, now: datetime, **facts: Any
) -> dict[str, Any]:
    """Move the order forward, or keep the fact beside the chain where it comes too late."""
    try:
        move_order(order, status, **facts.pop("changes", {}))
    except OrderNotAllowed as error:
        flags = ["late"] if order.ticket.status in OPEN else ["late", "after_the_end"]
        _write(order, status, by, at, now, applied=False, flags=flags, **facts)
        return {"status": "flagged", "why": str(error)}
    event = _write(order, status, by, at, now, **facts)
    if status in (O.DONE, O.CANNOT_COMPLETE):
        WorkOrder.objects.filter(pk=order.pk).update(finished_seq=event.seq)
        equipment.release_reservations(order, at=at)
        plan_follow_ups(order.ticket, by=by, now=now)
    return {"status": "applied"}


def _write(
    order: WorkOrder, kind: str, by: User, at: datetime, now: datetime, **facts: Any
) -> TicketEvent:
    return tickets.record(
        order.ticket, f"order_{kind}", by=by, now=now, occurred_at=at, job=order.pk, **facts
    )


def _accept(order: WorkOrder, op: Op, by: User, at: datetime, now: datetime) -> dict[str, Any]:
    move_order(order, O.ACCEPTED)
    _write(order, O.ACCEPTED, by, at, now)
    return {"status": "applied"}


def _decline(order: WorkOrder, op: Op, by: User, at: datetime, now: datetime) -> dict[str, Any]:
    move_order(order, O.DECLINED)
    equipment.release_reservations(order, at=now)
    _write(order, O.DECLINED, by, at, now, internal=payloads.words(op.payload))
    return {"status": "applied"}


def _en_route(order: WorkOrder, op: Op, by: User, at: datetime, now: datetime) -> dict[str, Any]:
    return _milestone(order, O.EN_ROUTE, by, at, now)


def _on_scene(order: WorkOrder, op: Op, by: User, at: datetime, now: datetime) -> dict[str, Any]:
    return _milestone(order, O.ON_SCENE, by, at, now)


def _made_safe(order: WorkOrder, op: Op, by: User, at: datetime, now: datetime) -> dict[str, Any]:
    """The danger is over; the repair is another promise. Always a fact, in any order."""
    _write(order, "made_safe", by, at, now, internal=payloads.words(op.payload))
    return {"status": "applied"}


def _finding(order: WorkOrder, op: Op, by: User, at: datetime, now: datetime) -> dict[str, Any]:
    said = payloads.words(op.payload, required=True)
    _write(order, "finding", by, at, now, internal=said)
    return {"status": "applied"}


def _equipment(order: WorkOrder, op: Op, by: User, at: datetime, now: datetime) -> dict[str, Any]:
    """payload: code, start, end (ISO 8601 with zone)."""
    code = payloads.words(op.payload, "code", required=True)
    piece = Equipment.objects.filter(code=code).first()
    if piece is None:
        raise payloads.unknown(code)
    start, end = payloads.period(op.payload, now=now)
    use = equipment.log_use(order, piece, start=start, end=end)
    _write(order, "equipment", by, at, now, data={"code": piece.code, "use": use.pk})
    return {"status": "flagged" if use.disputed else "applied"}


def _material(order: WorkOrder, op: Op, by: User, at: datetime, now: datetime) -> dict[str, Any]:
    """payload: code, quantity (decimal as text, in the item's own measure)."""
    code = payloads.words(op.payload, "code", required=True)
    item = Item.objects.filter(code=code).first()
    if item is None:
        raise payloads.unknown(code)
    quantity = payloads.quantity(op.payload)
    stock.use_material(order, item, quantity, now=now, occurred_at=at)
    _write(order, "material", by, at, now, data={"code": item.code, "quantity": str(quantity)})
    return {"status": "applied"}


def _done(order: WorkOrder, op: Op, by: User, at: datetime, now: datetime) -> dict[str, Any]:
    """payload: outcome, reason where it is “waiting”, words (internal), public."""
    outcome = payloads.one_of(op.payload, "outcome", Outcome.values)
    reason = ""
    if outcome == Outcome.WAITING or op.payload.get("reason"):
        reason = payloads.one_of(op.payload, "reason", REASONS)
    changes = {"outcome": outcome, "reason": reason, "finished_at": at}
    result = _milestone(order, O.DONE, by, at, now, **_said(op), changes=changes)
    _verify(order, at)
    return result


def _cannot_complete(
    order: WorkOrder, op: Op, by: User, at: datetime, now: datetime
) -> dict[str, Any]:
    """payload: reason, words (internal), public."""
    reason = payloads.one_of(op.payload, "reason", REASONS)
    changes = {"reason": reason, "finished_at": at}
    return _milestone(order, O.CANNOT_COMPLETE, by, at, now, **_said(op), changes=changes)


def _said(op: Op) -> dict[str, Any]:
    return {
        "reason": payloads.words(op.payload, "reason"),
        "data": {"outcome": payloads.words(op.payload, "outcome")},
        "internal": payloads.words(op.payload),
        "public": payloads.words(op.payload, "public"),
    }


def _photo(order: WorkOrder, op: Op, by: User, at: datetime, now: datetime) -> dict[str, Any]:
    """payload: sha256, moment (before, after). Work shown by a photo counts as verified."""
    moment = payloads.one_of(op.payload, "moment", SHOWN)
    if not op.jpeg:
        raise Nonsense(_("Something is missing in this form. Open the job again, please."))
    photo = add_photo(order.ticket, op.jpeg, moment=moment, taken_at=at, job=order.pk)
    _write(order, "photo", by, at, now, data={"photo": photo.pk, "moment": moment})
    _verify(order, at)
    return {"status": "applied"}


def _verify(order: WorkOrder, at: datetime) -> None:
    shown = Photo.objects.filter(job=order.pk, moment=Photo.Moment.AFTER)
    if shown.exists():
        WorkOrder.objects.filter(pk=order.pk, status=O.DONE, verified_at__isnull=True).update(
            verified_at=at
        )


HANDLERS: dict[str, Handler] = {
    "accept": _accept,
    "decline": _decline,
    "en_route": _en_route,
    "on_scene": _on_scene,
    "made_safe": _made_safe,
    "finding": _finding,
    "equipment": _equipment,
    "material": _material,
    "photo": _photo,
    "done": _done,
    "cannot_complete": _cannot_complete,
}
