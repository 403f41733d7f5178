"""A person is in one crew at a time, a crew in one shift; nights and hand-overs are legal."""

from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from dispatch.models import Crew, CrewMembership, Place, Shift
from tests.raw_sql import refused_by

EIGHT_HOURS = timedelta(hours=8)


def test_a_person_is_in_one_crew_at_a_time(crew: Crew, other_crew: Crew, now: datetime) -> None:
    membership = crew.memberships.get()
    with refused_by("person_in_one_crew"):
        CrewMembership.objects.create(
            crew=other_crew, member=membership.member, period=DateTimeTZRange(now, None)
        )
    membership.period = DateTimeTZRange(membership.period.lower, now)
    membership.save(update_fields=["period"])
    CrewMembership.objects.create(
        crew=other_crew, member=membership.member, period=DateTimeTZRange(now, None)
    )


def test_shifts_of_a_crew_do_not_overlap(crew: Crew, other_crew: Crew, now: datetime) -> None:
    first = DateTimeTZRange(now, now + EIGHT_HOURS)
    Shift.objects.create(crew=crew, period=first)
    with refused_by("crew_in_one_shift"):
        Shift.objects.create(crew=crew, period=DateTimeTZRange(now + EIGHT_HOURS / 2, None))
    Shift.objects.create(crew=other_crew, period=first)
    Shift.objects.create(crew=crew, period=DateTimeTZRange(now + EIGHT_HOURS, None))


def test_a_truck_belongs_to_a_crew_and_a_depot_to_none(crew: Crew, other_crew: Crew) -> None:
    with refused_by("truck_belongs_to_a_crew"):
        Place.objects.create(code="depot", kind="depot", crew=other_crew)
    with refused_by("truck_belongs_to_a_crew"):
        Place.objects.create(code="truck-9", kind="truck")
