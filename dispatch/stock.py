"""Materials: every change is a move in the ledger, and a level is always the sum of its moves."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common.transactions import all_or_nothing
from dispatch.models import Item, MaterialUse, Place, StockLevel, StockMove, WorkOrder


class NotEnoughStock(Exception):
    """The depot does not hold that much; the text says what is there."""


@all_or_nothing
def move_stock(
    item: Item,
    quantity: Decimal,
    *,
    source: Place | None,
    target: Place | None,
    now: datetime,
    occurred_at: datetime | None = None,
) -> StockMove:
    """Bring in (no source), load from a depot to a truck, use up (no target).

    Raises NotEnoughStock for a depot; a truck may go below zero until somebody counts it.
    """
    for place, change in sorted(
        ((p, c) for p, c in ((source, -quantity), (target, quantity)) if p), key=lambda x: x[0].pk
    ):
        _change_level(place, item, change)
    return StockMove.objects.create(
        item=item,
        quantity=quantity,
        source=source,
        target=target,
        occurred_at=min(occurred_at or now, now),
        recorded_at=now,
    )


@all_or_nothing
def use_material(
    order: WorkOrder, item: Item, quantity: Decimal, *, now: datetime, occurred_at: datetime
) -> MaterialUse:
    """The fact that a job consumed something, from the truck of its crew."""
    truck = Place.objects.filter(crew=order.crew_id, kind=Place.Kind.TRUCK).first()
    if truck is None and order.crew:
        truck = Place.objects.create(
            code=f"truck-{order.crew.code}",
            kind=Place.Kind.TRUCK,
            crew=order.crew,
            name_en=order.crew.name_en,
            name_zh=order.crew.name_zh,
        )
    moved = move_stock(item, quantity, source=truck, target=None, now=now, occurred_at=occurred_at)
    return MaterialUse.objects.create(
        order=order, item=item, quantity=quantity, move=moved, used_at=occurred_at
    )


def _change_level(place: Place, item: Item, change: Decimal) -> None:
    """Count in the database, never read-add-write: twenty crews may load at once."""
    StockLevel.objects.get_or_create(
        place=place, item=item, defaults={"may_be_negative": place.kind == Place.Kind.TRUCK}
    )
    try:
        with transaction.atomic():
            StockLevel.objects.filter(place=place, item=item).update(
                quantity=F("quantity") + change
            )
    except IntegrityError as error:
        there = StockLevel.objects.get(place=place, item=item).quantity
        raise NotEnoughStock(
            _("%(place)s has only %(there)s of %(item)s.")
            % {"place": place, "there": f"{there.normalize():f}", "item": item}
        ) from error
