"""A phone may send anything: what cannot be true is refused in a sentence, and kept."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from common.models import User
from dispatch import operations
from dispatch.models import Equipment, EquipmentUse, MaterialUse, Operation, WorkOrder
from dispatch.operations import Op
from tests.dispatch.field import does

FAR = "2026-01-01T00:00:00Z"
QUANTITIES: list[tuple[Any, str]] = [
    ("0", "more than nothing"),
    ("-1", "more than nothing"),
    ("0.0001", "more than nothing"),
    ("many", "write a number"),
    ("", "write a number"),
    ("NaN", "write a number"),
    ("Infinity", "write a number"),
    (None, "write a number"),
    ([], "write a number"),
    ("1e99", "more than a truck"),
]
NONSENSE: list[tuple[str, dict[str, Any], str]] = [
    ("teleport", {}, "teleport"),
    ("k" * 500, {}, "not known"),
    ("material", {}, "missing"),
    ("material", {"code": "moon-dust", "quantity": "1"}, "moon-dust"),
    ("material", {"code": ["cable"], "quantity": "1"}, "missing"),
    ("material", {"code": "ca\0ble", "quantity": "1"}, "missing"),
    ("material", {"code": "cable", "quantity": float("nan")}, "missing"),
    *(("material", {"code": "cable", "quantity": quantity}, why) for quantity, why in QUANTITIES),
    ("equipment", {"code": "UFO-01", "start": FAR, "end": FAR}, "UFO-01"),
    ("equipment", {"code": "LIFT-01"}, "missing"),
    ("equipment", {"code": "LIFT-01", "start": "soon", "end": FAR}, "soon"),
    ("equipment", {"code": "LIFT-01", "start": FAR, "end": "2026-13-45T99:99"}, "2026-13-45"),
    ("equipment", {"code": "LIFT-01", "start": "0001-01-01T00:00Z", "end": FAR}, "0001"),
    ("equipment", {"code": "LIFT-01", "start": "2026-01-01T00:00", "end": FAR}, "2026-01-01T"),
    ("equipment", {"code": "LIFT-01", "start": FAR, "end": FAR}, "later than"),
    ("equipment", {"code": "LIFT-01", "start": "2001-01-01T00:00Z", "end": FAR}, "a week"),
    (
        "equipment",
        {"code": "LIFT-01", "start": FAR, "end": "2098-01-01T00:00Z"},
        "still to come",
    ),
    ("finding", {}, "missing"),
    ("finding", {"words": " "}, "missing"),
    ("finding", {"words": {"a": 1}}, "missing"),
    ("finding", {"words": "half a character: \ud83d"}, "missing"),
    ("done", {}, "missing"),
    ("done", {"outcome": "blown_up"}, "blown_up"),
    ("done", {"outcome": "waiting"}, "missing"),
    ("done", {"outcome": "restored", "reason": "bored"}, "bored"),
    ("done", {"outcome": "restored", "words": 7}, "missing"),
    ("cannot_complete", {}, "missing"),
    ("cannot_complete", {"reason": "bored"}, "bored"),
    ("photo", {"moment": "after"}, "missing"),
    ("photo", {"moment": "during"}, "during"),
    ("decline", {"words": ["no"]}, "missing"),
    ("made_safe", {"words": ["a"]}, "missing"),
]


@pytest.mark.parametrize(("kind", "payload", "why"), NONSENSE)
def test_nonsense_is_refused_and_kept(
    kind: str,
    payload: dict[str, Any],
    why: str,
    order: WorkOrder,
    fitter: User,
    materials: object,
    lift: Equipment,
    now: datetime,
) -> None:
    op = Op(uuid4(), kind, order.pk, now, payload)
    events = order.ticket.events.count()
    first = operations.apply(op, by=fitter, now=now)
    assert first["status"] == "refused"
    assert why in first["why"]
    assert operations.apply(op, by=fitter, now=now) == first
    assert Operation.objects.get().result == first
    assert order.ticket.events.count() == events
    assert not (MaterialUse.objects.exists() or EquipmentUse.objects.exists())


@pytest.mark.parametrize("clock", [datetime.min, datetime.min.replace(tzinfo=UTC)])
def test_a_clock_that_was_never_set_says_nothing(
    clock: datetime, order: WorkOrder, now: datetime
) -> None:
    assert does(order, "on_scene", at=clock, now=now) == "applied"
    assert order.ticket.events.get(kind="order_on_scene").occurred_at == now
    assert Operation.objects.get().occurred_at == now


def test_a_quantity_is_kept_to_the_thousandth(
    order: WorkOrder, materials: object, now: datetime
) -> None:
    assert does(order, "material", at=now, code="cable", quantity="2.0004") == "applied"
    assert str(MaterialUse.objects.get().quantity) == "2.000"
    assert does(order, "made_safe", at=now - timedelta(hours=1), now=now) == "applied"
