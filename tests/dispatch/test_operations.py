"""What a phone sends twice counts once; what is not its own is refused."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from common.models import User
from dispatch import operations
from dispatch import services as dispatch
from dispatch.models import Crew, MaterialUse, Operation, WorkOrder
from dispatch.operations import NotYourOrder, Op, OperationConflict
from tests.dispatch.field import does, member, status_of
from tests.raw_sql import raises
from tickets.models import Photo

PIXELS = b"\xff\xd8 a clean picture"


def test_the_same_operation_again_is_answered_as_the_first_time(
    order: WorkOrder, fitter: User, now: datetime
) -> None:
    op = Op(uuid4(), "finding", order.pk, now, {"words": "The transformer burnt out."})
    first = operations.apply(op, by=fitter, now=now)
    again = operations.apply(op, by=fitter, now=now + timedelta(hours=1))
    assert first == again == {"status": "applied"}
    assert order.ticket.events.filter(kind="order_finding").count() == 1


def test_an_id_is_never_reused_for_something_else(
    order: WorkOrder, fitter: User, now: datetime
) -> None:
    op = Op(uuid4(), "finding", order.pk, now, {"words": "A branch."})
    operations.apply(op, by=fitter, now=now)
    for other in (
        Op(op.id, "finding", order.pk, now, {"words": "Two branches."}),
        Op(op.id, "made_safe", order.pk, now, {"words": "A branch."}),
        Op(op.id, "finding", order.pk, now + timedelta(seconds=1), {"words": "A branch."}),
    ):
        with raises(OperationConflict):
            operations.apply(other, by=fitter, now=now)
    assert order.ticket.events.filter(kind="order_finding").count() == 1


def test_a_refusal_is_remembered_too(order: WorkOrder, fitter: User, now: datetime) -> None:
    does(order, "accept", at=now)
    op = Op(uuid4(), "decline", order.pk, now)
    first = operations.apply(op, by=fitter, now=now)
    assert first["status"] == "refused"
    assert "Accepted by the crew" in first["why"]
    assert operations.apply(op, by=fitter, now=now) == first
    assert Operation.objects.get(pk=op.id).result == first


def test_another_crews_order_is_not_yours(
    order: WorkOrder, stranger: User, other_crew: Crew, now: datetime
) -> None:
    second = other_crew.memberships.get().member.user
    for nobody in (stranger, second):
        with raises(NotYourOrder):
            does(order, "accept", at=now, by=nobody)
    with raises(WorkOrder.DoesNotExist):
        operations.apply(Op(uuid4(), "accept", 0, now), by=stranger, now=now)


def test_a_phone_whose_clock_runs_ahead_does_not_reach_the_future(
    order: WorkOrder, now: datetime
) -> None:
    tomorrow = now + timedelta(days=1)
    does(order, "on_scene", at=tomorrow, now=now)
    assert order.ticket.events.get(kind="order_on_scene").occurred_at == now
    assert Operation.objects.get().occurred_at == tomorrow  # as the phone said


def test_a_fact_of_yesterday_comes_in_after_the_shift(
    order: WorkOrder, fitter: User, other_crew: Crew, dispatcher: User, now: datetime
) -> None:
    dispatch.recall(order, reason="Shift over.", by=dispatcher, now=now)
    assert does(order, "done", at=now, by=fitter, outcome="restored") == "flagged"
    assert status_of(order.ticket) == "accepted"
    event = order.ticket.events.get(kind="order_done")
    assert (event.applied, event.data) == (False, {"outcome": "restored"})


@pytest.mark.parametrize("photo_first", [True, False])
def test_work_shown_by_a_photo_is_verified_whichever_comes_first(
    photo_first: bool, order: WorkOrder, now: datetime
) -> None:
    op = Op(uuid4(), "photo", order.pk, now, {"sha256": "…", "moment": "after"}, PIXELS)
    if photo_first:
        operations.apply(op, by=member(order), now=now)
    does(order, "done", at=now, outcome="restored")
    if not photo_first:
        operations.apply(op, by=member(order), now=now)
    order.refresh_from_db()
    assert order.verified_at == now
    assert Photo.objects.get().job == order.pk


def test_a_photo_from_before_the_work_proves_nothing(order: WorkOrder, now: datetime) -> None:
    op = Op(uuid4(), "photo", order.pk, now, {"sha256": "…", "moment": "before"}, PIXELS)
    operations.apply(op, by=member(order), now=now)
    does(order, "done", at=now, outcome="restored")
    order.refresh_from_db()
    assert order.verified_at is None


def test_materials_and_milestones_stand_in_the_tickets_history(
    order: WorkOrder, materials: object, now: datetime
) -> None:
    does(order, "en_route", at=now)
    does(order, "material", at=now, code="cable", quantity="70")
    event = order.ticket.events.get(kind="order_material")
    assert (event.job, event.data) == (order.pk, {"code": "cable", "quantity": "70"})
    assert MaterialUse.objects.get().quantity == 70
