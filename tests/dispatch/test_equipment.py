"""One truck is in one place; facts that say otherwise are kept and shown to a person."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from common.models import User
from dispatch import equipment as trucks
from dispatch import services as dispatch
from dispatch.equipment import EquipmentTaken
from dispatch.models import Crew, Equipment, EquipmentUse, Occupancy, WorkOrder
from tests.dispatch.field import does
from tests.raw_sql import raises, refused_by
from tickets.models import Ticket

HOUR = timedelta(hours=1)


def hold(lift: Equipment, kind: str, start: datetime, end: datetime | None, **more: Any) -> None:
    period = DateTimeTZRange(start, end)
    Occupancy.objects.create(equipment=lift, kind=kind, period=period, **more)


@pytest.mark.parametrize(("first", "second"), [("custody", "custody"), ("custody", "downtime")])
def test_custody_and_downtime_never_overlap(
    first: str, second: str, lift: Equipment, crew: Crew, other_crew: Crew, now: datetime
) -> None:
    hold(lift, first, now, None, crew=crew)
    with refused_by("equipment_in_one_place"):
        hold(lift, second, now + HOUR, now + 2 * HOUR, crew=other_crew)
    hold(lift, second, now + HOUR, now + 2 * HOUR, crew=other_crew, disputed=True)


def test_reservations_never_overlap_each_other_but_may_run_beside_a_custody(
    lift: Equipment, crew: Crew, other_crew: Crew, now: datetime
) -> None:
    hold(lift, "reserved", now, now + 2 * HOUR, crew=crew)
    with refused_by("equipment_reserved_once"):
        hold(lift, "reserved", now + HOUR, now + 3 * HOUR, crew=other_crew)
    hold(lift, "custody", now, now + 2 * HOUR, crew=crew)


def test_a_hand_over_at_an_instant_is_legal(
    lift: Equipment, crew: Crew, other_crew: Crew, now: datetime
) -> None:
    hold(lift, "custody", now, now + HOUR, crew=crew)
    hold(lift, "custody", now + HOUR, None, crew=other_crew)
    assert Occupancy.objects.count() == 2


def test_whoever_has_it_has_a_name(lift: Equipment, now: datetime) -> None:
    with refused_by("occupancy_has_crew"):
        hold(lift, "custody", now, None)
    hold(lift, "downtime", now, None, note="Brakes.")


def test_a_forgotten_return_ends_where_the_next_custody_begins(
    lift: Equipment, crew: Crew, other_crew: Crew, now: datetime
) -> None:
    trucks.hand_out(lift, crew=crew, at=now - HOUR)
    assert trucks.hand_out(lift, crew=crew, at=now) == Occupancy.objects.get()  # still the same
    trucks.hand_out(lift, crew=other_crew, at=now)
    first, second = Occupancy.objects.order_by("pk")
    assert (first.period.upper, first.forgotten, first.disputed) == (now, True, False)
    assert (second.crew, second.period.upper, second.disputed) == (other_crew, None, False)
    trucks.take_back(lift, at=now + HOUR)
    second.refresh_from_db()
    assert (second.period.upper, second.forgotten) == (now + HOUR, False)


def test_a_custody_that_collides_with_the_workshop_is_a_disputed_fact(
    lift: Equipment, crew: Crew, now: datetime
) -> None:
    hold(lift, "downtime", now - HOUR, None, note="Brakes.")
    assert trucks.hand_out(lift, crew=crew, at=now).disputed


def test_a_reservation_says_who_has_the_truck(
    accepted: Ticket, lift: Equipment, crew: Crew, other_crew: Crew, dispatcher: User, now: datetime
) -> None:
    trucks.hand_out(lift, crew=other_crew, at=now - HOUR)
    with raises(EquipmentTaken, "LIFT-01 is with Lights-2 since"):
        dispatch.assign(accepted, crew=crew, by=dispatcher, now=now, equipment=[lift])
    assert not WorkOrder.objects.exists()  # nothing half-done
    with raises(EquipmentTaken, "LIFT-01"):
        trucks.hand_out(lift, crew=crew, at=now, only_if_free=True)


def test_a_truck_in_the_workshop_is_not_reserved(
    accepted: Ticket, lift: Equipment, crew: Crew, dispatcher: User, now: datetime
) -> None:
    hold(lift, "downtime", now - HOUR, None)
    with raises(EquipmentTaken, "Out of service"):
        dispatch.assign(accepted, crew=crew, by=dispatcher, now=now, equipment=[lift])


def log(order: WorkOrder, start: datetime, end: datetime) -> str:
    said: dict[str, Any] = {"code": "LIFT-01", "start": start.isoformat(), "end": end.isoformat()}
    return does(order, "equipment", at=end, **said)


def test_use_of_a_truck_nobody_had_becomes_the_crews_custody(
    order: WorkOrder, lift: Equipment, now: datetime
) -> None:
    assert log(order, now, now + HOUR) == "applied"
    held = Occupancy.objects.get()
    assert (held.kind, held.crew, held.disputed) == ("custody", order.crew, False)


def test_two_jobs_of_one_trip_do_not_dispute_each_other(
    order: WorkOrder, lift: Equipment, now: datetime
) -> None:
    assert log(order, now, now + 2 * HOUR) == "applied"
    assert log(order, now + HOUR, now + 3 * HOUR) == "applied"
    assert EquipmentUse.objects.filter(disputed=False).count() == 2


def test_use_of_a_truck_others_had_is_stored_and_disputed(
    order: WorkOrder, lift: Equipment, other_crew: Crew, now: datetime
) -> None:
    trucks.hand_out(lift, crew=other_crew, at=now - HOUR)
    assert log(order, now, now + HOUR) == "flagged"
    assert EquipmentUse.objects.get().disputed
    assert Occupancy.objects.get(crew=order.crew).disputed
