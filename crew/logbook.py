"""What was written down on a job, in words and with its times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crew.fields import plain
from dispatch.models import EquipmentUse, Item, MaterialUse, WorkOrder
from dispatch.rules import REASONS, OrderStatus, Outcome
from tickets.models import Photo, TicketEvent

LABELS = {
    "dispatch": OrderStatus.DISPATCHED.label,
    "recall_order": OrderStatus.RECALLED.label,
    "preempt": OrderStatus.PREEMPTED.label,
    "order_made_safe": gettext_lazy("Made safe"),
    "order_finding": gettext_lazy("Finding"),
    "order_equipment": gettext_lazy("Equipment"),
    "order_material": gettext_lazy("Material"),
    "order_photo": gettext_lazy("Photo"),
    **{f"order_{status.value}": status.label for status in OrderStatus},
}


@dataclass(frozen=True)
class Entry:
    """One line of the log; `late`: it came after the job had moved on, a dispatcher looks at it."""

    at: datetime
    label: str
    detail: str = ""
    words: str = ""
    late: bool = False
    use: EquipmentUse | None = None
    photo: Photo | None = None


def read(order: WorkOrder, events: Iterable[TicketEvent]) -> list[Entry]:
    """The log of a job, oldest first; four queries, however long it is."""
    mine = [e for e in events if e.job == order.pk and e.kind in LABELS]
    uses = {
        use.pk: use for use in EquipmentUse.objects.filter(order=order).select_related("equipment")
    }
    items = {
        use.item.code: use.item
        for use in MaterialUse.objects.filter(order=order).select_related("item")
    }
    photos = {photo.pk: photo for photo in Photo.objects.filter(job=order.pk)}
    return [
        Entry(
            at=event.occurred_at,
            label=str(LABELS[event.kind]),
            detail=_detail(event.data, event.reason, uses, items),
            words=said(event),
            late=not event.applied,
            use=uses.get(event.data.get("use", 0)),
            photo=photos.get(event.data.get("photo", 0)),
        )
        for event in mine
    ]


def said(event: TicketEvent) -> str:
    """The words inside; most events have none."""
    return event.words.internal if hasattr(event, "words") else ""


def ended(outcome: str, reason: str) -> str:
    """How an order ended: “Waiting for somebody: waiting for parts”."""
    why = str(REASONS[reason].text) if reason in REASONS else ""
    how = str(Outcome(outcome).label) if outcome in Outcome.values else ""
    return _("%(how)s: %(why)s") % {"how": how, "why": why} if how and why else how or why


def _detail(
    data: dict[str, Any], reason: str, uses: dict[int, EquipmentUse], items: dict[str, Item]
) -> str:
    if "use" in data and data["use"] in uses:
        piece = uses[data["use"]].equipment
        return f"{piece.code} {piece}"
    if "quantity" in data and data["code"] in items:
        return measured(items[data["code"]], data["quantity"])
    return ended(data.get("outcome", ""), reason)


def measured(item: Item, quantity: Any) -> str:
    """“Cable 70 m”, “Lamp head × 3”."""
    number = plain(Decimal(quantity))
    if item.measure == Item.Measure.EACH:
        return f"{item} × {number}"  # noqa: RUF001
    return f"{item} {number} {item.get_measure_display()}"
