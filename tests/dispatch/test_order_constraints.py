"""What a work order can never be, and where it can never live, whoever writes it."""

from datetime import datetime

import pytest

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, Operation, WorkOrder
from dispatch.rules import ORDER_RULES, OrderStatus
from tests.dispatch.field import does
from tests.raw_sql import maintenance, raises, refused_by, sql
from tests.tickets.lives import act
from tickets import services as tickets
from tickets.models import Ticket
from tickets.services import MoveNotAllowed


@pytest.mark.parametrize("status", [s for s in OrderStatus.values if s != "planned"])
def test_an_order_begins_as_planned(status: str, order: WorkOrder) -> None:
    with refused_by("begins as planned"):
        WorkOrder.objects.create(
            ticket=order.ticket, kind="verify", unit=order.unit, crew=order.crew, status=status
        )


@pytest.mark.parametrize(
    "status",
    [s for s in OrderStatus.values if "dispatched" not in ORDER_RULES.get(s, {"dispatched"})],
)
def test_an_illegal_edge_is_refused(status: str, order: WorkOrder) -> None:
    before = "accepted" if status == "dispatched" else "dispatched"
    sql("UPDATE dispatch_workorder SET status = %s WHERE id = %s", before, order.pk)
    with refused_by("no legal move"):
        sql("UPDATE dispatch_workorder SET status = %s WHERE id = %s", status, order.pk)


def test_a_finished_order_says_how_and_when(order: WorkOrder, now: datetime) -> None:
    done = "UPDATE dispatch_workorder SET status = 'done'"
    with refused_by("order_finishes_at_a_time"):
        sql(f"{done}, outcome = 'restored' WHERE id = %s", order.pk)
    with refused_by("order_done_has_outcome"):
        sql(f"{done}, finished_at = %s WHERE id = %s", now, order.pk)
    with refused_by("order_done_has_outcome"):
        sql(f"{done}, finished_at = %s, outcome = 'perhaps' WHERE id = %s", now, order.pk)
    with refused_by("order_gives_its_reason"):
        sql(f"{done}, finished_at = %s, outcome = 'waiting' WHERE id = %s", now, order.pk)
    with refused_by("order_gives_its_reason"):
        sql("UPDATE dispatch_workorder SET reason = 'lazy' WHERE id = %s", order.pk)
    with refused_by("order_under_way_has_crew"):
        sql("UPDATE dispatch_workorder SET crew_id = NULL WHERE id = %s", order.pk)


def test_a_crew_has_a_job_once(order: WorkOrder, crew: Crew, dispatcher: User) -> None:
    with refused_by("one_live_order_of_a_kind"):
        WorkOrder.objects.create(ticket=order.ticket, kind="repair", unit=order.unit, crew=crew)
    with raises(dispatch.OrderNotAllowed, "already has this job"):
        dispatch.assign(order.ticket, crew=crew, by=dispatcher)
    dispatch.plan(order.ticket, kind="repair", by=dispatcher)
    with refused_by("one_live_order_of_a_kind"):  # nobody's twice: NULL is not distinct
        WorkOrder.objects.create(ticket=order.ticket, kind="repair", unit=order.unit)


def test_a_planned_order_does_not_go_to_a_crew_that_has_the_job_already(
    order: WorkOrder, crew: Crew, dispatcher: User
) -> None:
    planned = dispatch.plan(order.ticket, kind="repair", by=dispatcher)
    with raises(dispatch.OrderNotAllowed, "Lights-1 already has this job"):
        dispatch.dispatch_order(planned, crew=crew, by=dispatcher)


def test_a_finished_ticket_takes_no_order_but_to_verify(
    order: WorkOrder, dispatcher: User, now: datetime
) -> None:
    does(order, "done", at=now, outcome="restored")
    ticket = Ticket.objects.get(pk=order.ticket_id)
    assert ticket.status == "resolved"
    with refused_by("no live order"):
        WorkOrder.objects.create(ticket=ticket, kind="inspect", unit=order.unit)
    with raises(dispatch.OrderNotAllowed, "Resolved"):
        dispatch.plan(ticket, kind="inspect", by=dispatcher, now=now)
    verify = dispatch.plan(ticket, kind="verify", by=dispatcher, now=now)
    with refused_by("no live order"):
        sql("UPDATE dispatch_workorder SET kind = 'repair' WHERE id = %s", verify.pk)


def test_what_verifying_found_on_a_closed_ticket_is_kept_and_changes_nothing(
    order: WorkOrder, crew: Crew, dispatcher: User, now: datetime
) -> None:
    does(order, "done", at=now, outcome="restored")
    tickets.close(order.ticket, by=None, now=now)
    verify = dispatch.assign(order.ticket, crew=crew, kind="verify", by=dispatcher, now=now)
    assert does(verify, "on_scene", at=now) == "applied"
    assert does(verify, "done", at=now, outcome="inspected") == "applied"
    assert Ticket.objects.get(pk=order.ticket_id).status == "closed"
    assert not WorkOrder.objects.live().exists()


@pytest.mark.parametrize("action", ["answer", "reject", "merge"])
def test_a_ticket_with_a_planned_order_is_not_finished_behind_its_back(
    action: str, accepted: Ticket, dispatcher: User, now: datetime
) -> None:
    dispatch.plan(accepted, kind="repair", by=dispatcher, now=now)
    assert Ticket.objects.get(pk=accepted.pk).status == "accepted"
    with raises(MoveNotAllowed, "planned order"):
        act(accepted, action, by=dispatcher, now=now)
    assert Ticket.objects.get(pk=accepted.pk).status == "accepted"


def test_what_phones_did_is_never_rewritten(order: WorkOrder, now: datetime) -> None:
    does(order, "accept", at=now)
    with refused_by("append-only"):
        Operation.objects.update(result={})
    with refused_by("append-only"):
        sql("DELETE FROM dispatch_operation")
    with maintenance():
        Operation.objects.update(payload=None)
    assert Operation.objects.get().payload is None
