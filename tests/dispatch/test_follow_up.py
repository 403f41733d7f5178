"""No ticket comes to rest with nobody's name on it; what needs nobody leaves the board."""

from datetime import datetime, timedelta

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, Equipment, Occupancy, WorkOrder
from tests.dispatch.field import does, planned, status_of
from tickets.models import Ticket

HOUR = timedelta(hours=1)


def test_making_safe_leaves_the_repair_to_do(
    accepted: Ticket, crew: Crew, dispatcher: User, now: datetime
) -> None:
    order = dispatch.assign(accepted, crew=crew, kind="make_safe", by=dispatcher, now=now)
    does(order, "done", at=now, outcome="safe_only")
    follow_up = WorkOrder.objects.without_crew().get()
    assert (follow_up.kind, follow_up.follows) == ("repair", order)


def test_what_could_not_be_done_is_planned_again(order: WorkOrder, now: datetime) -> None:
    does(order, "cannot_complete", at=now, reason="unsafe")
    assert planned(order.ticket) == ["repair"]


def test_not_ours_leaves_nothing_to_do(order: WorkOrder, now: datetime) -> None:
    does(order, "cannot_complete", at=now, reason="not_ours", public="The utility's lamp.")
    assert planned(order.ticket) == []
    assert status_of(order.ticket) == "accepted"


def test_the_next_crew_takes_the_planned_order_up(
    order: WorkOrder, other_crew: Crew, dispatcher: User, now: datetime
) -> None:
    does(order, "cannot_complete", at=now, reason="no_access")
    waiting = WorkOrder.objects.without_crew().get()
    taken = dispatch.assign(order.ticket, crew=other_crew, by=dispatcher, now=now)
    assert taken.pk == waiting.pk
    does(taken, "done", at=now, outcome="nothing_found")
    assert planned(order.ticket) == []  # answered once is answered


def test_it_works_again_so_the_planned_repair_is_taken_back(
    accepted: Ticket, crew: Crew, other_crew: Crew, dispatcher: User, now: datetime
) -> None:
    first = dispatch.assign(accepted, crew=crew, kind="make_safe", by=dispatcher, now=now)
    does(first, "done", at=now, outcome="safe_only")
    assert planned(accepted) == ["repair"]
    second = dispatch.assign(accepted, crew=other_crew, kind="inspect", by=dispatcher, now=now)
    does(second, "done", at=now, outcome="restored")
    assert status_of(accepted) == "resolved"
    assert planned(accepted) == []


def test_what_a_dispatcher_planned_on_purpose_keeps_the_ticket_open(
    order: WorkOrder, dispatcher: User, now: datetime
) -> None:
    on_purpose = dispatch.plan(order.ticket, kind="inspect", by=dispatcher, now=now)
    does(order, "done", at=now, outcome="restored")
    assert status_of(order.ticket) == "accepted"
    dispatch.recall(on_purpose, reason="No need any more.", by=dispatcher, now=now)
    assert status_of(order.ticket) == "resolved"


def test_a_follow_up_that_a_person_takes_back_stays_away(
    order: WorkOrder, dispatcher: User, now: datetime
) -> None:
    does(order, "cannot_complete", at=now, reason="no_access")
    dispatch.recall(WorkOrder.objects.live().get(), reason="No.", by=dispatcher, now=now)
    assert planned(order.ticket) == []


def test_a_finished_job_keeps_no_truck(
    accepted: Ticket, crew: Crew, dispatcher: User, lift: Equipment, now: datetime
) -> None:
    start = now - HOUR
    order = dispatch.assign(accepted, crew=crew, by=dispatcher, now=start, equipment=[lift])
    does(order, "done", at=now, outcome="restored")
    kept = Occupancy.objects.get(equipment=lift)
    assert (kept.period.lower, kept.period.upper) == (start, now)


def test_a_job_that_is_off_before_it_began_frees_the_truck_wholly(
    accepted: Ticket, crew: Crew, dispatcher: User, lift: Equipment, now: datetime
) -> None:
    window = (now + HOUR, now + 3 * HOUR)
    order = dispatch.assign(
        accepted, crew=crew, by=dispatcher, now=now, window=window, equipment=[lift]
    )
    assert does(order, "decline", at=now, words="Nobody here can drive it.") == "applied"
    assert not Occupancy.objects.exists()
    assert status_of(accepted) == "accepted"
