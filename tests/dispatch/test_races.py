"""Dispatchers, phones and trucks at the same moment, each on a connection of its own."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest

from common.models import User
from dispatch import operations, stock
from dispatch import services as dispatch
from dispatch.equipment import EquipmentTaken
from dispatch.models import (
    Crew,
    Equipment,
    Item,
    MaterialUse,
    Occupancy,
    Operation,
    Place,
    StockLevel,
    WorkOrder,
)
from dispatch.operations import Op
from dispatch.services import OrderNotAllowed
from tests.dispatch.field import does, status_of
from tests.races import at_once
from tests.tickets.lives import another_ticket
from tickets import services as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_dispatchers_one_gets_the_truck(
    accepted: Ticket,
    crew: Crew,
    other_crew: Crew,
    lift: Equipment,
    dispatcher: User,
    now: datetime,
) -> None:
    other = another_ticket(accepted.category)
    tickets.accept(other, by=dispatcher, now=now)

    def send(ticket: Ticket, whom: Crew) -> WorkOrder:
        return dispatch.assign(ticket, crew=whom, by=dispatcher, now=now, equipment=[lift])

    results = at_once(lambda: send(accepted, crew), lambda: send(other, other_crew))
    assert sorted(type(r).__name__ for r in results) == ["EquipmentTaken", "WorkOrder"]
    (lost,) = [r for r in results if isinstance(r, EquipmentTaken)]
    assert "LIFT-01" in str(lost)
    assert (WorkOrder.objects.count(), Occupancy.objects.count()) == (1, 1)
    assert sorted(map(status_of, (accepted, other))) == ["accepted", "assigned"]


def test_of_two_dispatchers_who_send_the_same_crew_one_does(
    accepted: Ticket, crew: Crew, dispatcher: User, now: datetime
) -> None:
    def send() -> WorkOrder:
        ticket = Ticket.objects.get(pk=accepted.pk)
        return dispatch.assign(ticket, crew=crew, by=dispatcher, now=now)

    results = at_once(send, send)
    assert sorted(type(r).__name__ for r in results) == ["OrderNotAllowed", "WorkOrder"]


def test_a_recall_and_a_start_meet_and_one_of_them_holds(
    order: WorkOrder, dispatcher: User, now: datetime
) -> None:
    results = at_once(
        lambda: dispatch.recall(order, reason="", by=dispatcher, now=now),
        lambda: does(WorkOrder.objects.get(pk=order.pk), "on_scene", at=now),
    )
    assert not isinstance(results[0], OrderNotAllowed)
    assert results[1] in ("applied", "flagged")
    order.refresh_from_db()
    assert (order.status, status_of(order.ticket)) == ("recalled", "accepted")


def test_one_operation_sent_twenty_times_is_applied_once(
    order: WorkOrder, fitter: User, materials: dict[str, Item], crew: Crew, now: datetime
) -> None:
    op = Op(uuid4(), "material", order.pk, now, {"code": "cable", "quantity": "70"})
    results = at_once(*[lambda: operations.apply(op, by=fitter, now=now)] * 20)
    assert results == [{"status": "applied"}] * 20
    assert (Operation.objects.count(), MaterialUse.objects.count()) == (1, 1)
    assert StockLevel.objects.get(place=crew.truck, item=materials["cable"]).quantity == 130


def test_one_id_for_two_orders_at_once_counts_for_one_of_them(
    order: WorkOrder, crew: Crew, fitter: User, dispatcher: User, now: datetime
) -> None:
    other = dispatch.assign(order.ticket, crew=crew, kind="inspect", by=dispatcher, now=now)
    op_id = uuid4()
    results = at_once(
        *[
            partial(operations.apply, Op(op_id, "accept", one.pk, now), by=fitter, now=now)
            for one in (order, other)
        ]
    )
    assert sorted(type(r).__name__ for r in results) == ["OperationConflict", "dict"]
    assert WorkOrder.objects.filter(status="accepted").count() == 1


def test_twenty_who_load_at_once_lose_nothing(
    crew: Crew, materials: dict[str, Item], now: datetime
) -> None:
    depot = Place.objects.create(code="depot", kind="depot", name_en="Depot")
    lamp = materials["lamp"]
    stock.move_stock(lamp, Decimal(15), source=None, target=depot, now=now)
    results = at_once(
        *[
            lambda: stock.move_stock(lamp, Decimal(1), source=depot, target=crew.truck, now=now),
        ]
        * 20
    )
    lost = [r for r in results if isinstance(r, stock.NotEnoughStock)]
    assert len(lost) == 5
    levels = StockLevel.objects.filter(item=lamp)
    assert {level.place_id: level.quantity for level in levels} == {
        depot.pk: 0,
        crew.truck.pk: 25,
    }


def test_crews_of_one_ticket_who_end_at_once_leave_it_resolved_once(
    accepted: Ticket,
    crew: Crew,
    other_crew: Crew,
    power_crew: Crew,
    dispatcher: User,
    now: datetime,
) -> None:
    orders = [
        dispatch.assign(accepted, crew=whom, by=dispatcher, now=now)
        for whom in (crew, other_crew, power_crew)
    ]
    results = at_once(
        *[partial(does, order, "done", at=now, outcome="restored") for order in orders]
    )
    assert results == ["applied"] * 3
    assert status_of(accepted) == "resolved"
    assert accepted.events.filter(kind="resolve").count() == 1
