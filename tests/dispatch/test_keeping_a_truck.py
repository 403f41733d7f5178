"""One truck over several jobs of one crew, and whom it is free for in between."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from common.models import User
from dispatch import equipment, operations
from dispatch import services as dispatch
from dispatch.equipment import EquipmentTaken
from dispatch.models import Crew, Equipment, EquipmentUse, Occupancy, WorkOrder
from dispatch.operations import Op
from hotline.services import take_report
from tests.people import say
from tickets import services as tickets
from tickets.models import Category, Ticket

HOUR = timedelta(hours=1)


@pytest.fixture
def accepted(ticket: Ticket, operator: User) -> Ticket:
    tickets.accept(ticket, by=operator)
    return ticket


@pytest.fixture
def another(lights_out: Category, operator: User, now: datetime) -> Ticket:
    other = take_report(say(lights_out, phone=""), now=now, by=operator).ticket
    tickets.accept(other, by=operator)
    return other


def report(order: WorkOrder, kind: str, by: User, at: datetime, **payload: Any) -> None:
    operations.apply(Op(uuid4(), kind, order.pk, at, payload), by=by, now=at)


def test_a_planned_order_takes_the_instructions_of_who_sends_the_crew(
    accepted: Ticket, crew: Crew, dispatcher: User, now: datetime
) -> None:
    planned = dispatch.plan(accepted, kind="repair", by=dispatcher, now=now)
    window = (now + HOUR, now + 2 * HOUR)
    sent = dispatch.assign(
        accepted, crew=crew, by=dispatcher, now=now, window=window, instructions="Key at the desk."
    )

    sent.refresh_from_db()
    assert sent.pk == planned.pk
    assert sent.instructions == "Key at the desk."
    assert (sent.window.lower, sent.window.upper) == window


def test_a_crew_takes_its_truck_to_a_second_job(
    accepted: Ticket,
    another: Ticket,
    crew: Crew,
    fitter: User,
    lift: Equipment,
    dispatcher: User,
    now: datetime,
) -> None:
    first = dispatch.assign(accepted, crew=crew, by=dispatcher, now=now, equipment=[lift])
    later = now + HOUR
    second = dispatch.assign(another, crew=crew, by=dispatcher, now=later, equipment=[lift])
    report(first, "done", fitter, later, outcome="restored")

    kept = Occupancy.objects.get()
    assert kept.order_id == second.pk
    assert (kept.period.lower, kept.period.upper) == (now, now + 3 * HOUR)


@pytest.mark.parametrize("minutes", [0, 30])
def test_when_the_later_job_is_taken_back_the_earlier_one_keeps_its_truck(
    accepted: Ticket,
    another: Ticket,
    crew: Crew,
    other_crew: Crew,
    lift: Equipment,
    dispatcher: User,
    now: datetime,
    minutes: int,
) -> None:
    first = dispatch.assign(accepted, crew=crew, by=dispatcher, now=now, equipment=[lift])
    window = (now + HOUR, now + 4 * HOUR)
    second = dispatch.assign(
        another, crew=crew, by=dispatcher, now=now, window=window, equipment=[lift]
    )
    at = now + timedelta(minutes=minutes)
    dispatch.recall(second, reason="Not today.", by=dispatcher, now=at)

    kept = Occupancy.objects.get()
    assert kept.order_id == first.pk
    assert (kept.period.lower, kept.period.upper) == (now, now + 2 * HOUR)
    with pytest.raises(EquipmentTaken, match="LIFT-01"), transaction.atomic():
        equipment.reserve(lift, crew=other_crew, order=None, start=now + HOUR, end=now + 2 * HOUR)
    dispatch.recall(first, reason="Nor this one.", by=dispatcher, now=at)
    assert Occupancy.objects.filter(period__endswith__gt=at).count() == 0


def test_a_finished_job_needs_its_truck_no_longer(
    accepted: Ticket,
    crew: Crew,
    other_crew: Crew,
    fitter: User,
    lift: Equipment,
    dispatcher: User,
    now: datetime,
) -> None:
    order = dispatch.assign(accepted, crew=crew, by=dispatcher, now=now, equipment=[lift])
    at = now + timedelta(minutes=30)
    report(order, "done", fitter, at, outcome="restored")

    equipment.reserve(lift, crew=other_crew, order=None, start=at, end=at + HOUR)
    assert Occupancy.objects.count() == 2


def test_two_uses_of_ones_own_truck_are_no_dispute(
    accepted: Ticket, crew: Crew, lift: Equipment, dispatcher: User, now: datetime
) -> None:
    order = dispatch.assign(accepted, crew=crew, by=dispatcher, now=now)
    equipment.log_use(order, lift, start=now - 3 * HOUR, end=now - HOUR)
    equipment.log_use(order, lift, start=now - 2 * HOUR, end=now)

    assert not EquipmentUse.objects.filter(disputed=True).exists()
    assert not Occupancy.objects.filter(disputed=True).exists()


@pytest.mark.parametrize("kind", ["reserved", "custody", "downtime"])
def test_what_is_not_free_is_not_handed_out(
    crew: Crew, other_crew: Crew, lift: Equipment, now: datetime, kind: str
) -> None:
    holder = None if kind == "downtime" else other_crew
    period = DateTimeTZRange(now - HOUR, now + HOUR)
    Occupancy.objects.create(equipment=lift, kind=kind, crew=holder, period=period)

    with pytest.raises(EquipmentTaken, match="LIFT-01"), transaction.atomic():
        equipment.hand_out(lift, crew=crew, at=now, only_if_free=True)
    assert Occupancy.objects.count() == 1
