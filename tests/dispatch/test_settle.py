"""The ticket is what its orders say, and a person's decision is not overruled by them."""

from datetime import datetime, timedelta

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, WorkOrder
from dispatch.settle import settle
from notifications.models import Message
from tests.dispatch.field import does, planned, status_of
from tests.people import bodies
from tickets import services as tickets
from tickets.models import Ticket

HOUR = timedelta(hours=1)


def test_it_follows_the_crew(order: WorkOrder, now: datetime) -> None:
    assert status_of(order.ticket) == "assigned"
    does(order, "on_scene", at=now)
    assert status_of(order.ticket) == "in_progress"
    does(order, "done", at=now, outcome="restored")
    assert status_of(order.ticket) == "resolved"
    resolved = order.ticket.events.get(kind="resolve")
    assert (resolved.job, resolved.data) == (order.pk, {"how": "crew"})


def test_a_finished_inspection_never_says_repaired(
    accepted: Ticket, crew: Crew, dispatcher: User, now: datetime
) -> None:
    order = dispatch.assign(accepted, crew=crew, kind="inspect", by=dispatcher, now=now)
    does(order, "done", at=now, outcome="inspected")
    assert status_of(accepted) == "accepted"
    assert planned(accepted) == ["repair"]
    assert not any("solved" in text for text in bodies())


def test_the_clock_stops_when_the_crew_ended_not_when_the_phone_told_us(
    accepted: Ticket, crew: Crew, dispatcher: User, now: datetime
) -> None:
    order = dispatch.assign(accepted, crew=crew, by=dispatcher, now=now - 5 * HOUR)
    does(order, "done", at=now - 3 * HOUR, now=now, outcome="restored")
    event = accepted.events.get(kind="resolve")
    assert (event.occurred_at, event.recorded_at) == (now - 3 * HOUR, now)


def test_a_late_fact_after_the_end_is_flagged_and_unresolves_nothing(
    order: WorkOrder, now: datetime
) -> None:
    does(order, "done", at=now, outcome="restored")
    assert does(order, "on_scene", at=now - HOUR, now=now) == "flagged"
    assert does(order, "made_safe", at=now - HOUR, now=now) == "applied"
    assert status_of(order.ticket) == "resolved"
    event = order.ticket.events.get(kind="order_on_scene")
    assert (event.applied, event.flags) == (False, ["late", "after_the_end"])


def test_reopening_makes_old_outcomes_history(
    order: WorkOrder, other_crew: Crew, dispatcher: User, now: datetime
) -> None:
    does(order, "done", at=now, outcome="restored")
    tickets.reopen(order.ticket, reason="Dark again.", by=None, now=now)
    again = dispatch.assign(order.ticket, crew=other_crew, kind="inspect", by=dispatcher, now=now)
    does(again, "cannot_complete", at=now, reason="no_access")
    assert status_of(order.ticket) == "accepted"
    dispatch.recall(WorkOrder.objects.live().get(), reason="Later.", by=dispatcher, now=now)
    assert status_of(order.ticket) == "accepted"


def test_resolved_by_mistake_is_corrected_and_stays_so(
    order: WorkOrder, dispatcher: User, now: datetime
) -> None:
    does(order, "done", at=now, outcome="restored")
    tickets.correct(order.ticket, reason="The wrong lamp.", by=dispatcher, now=now)
    dispatch.plan(order.ticket, kind="repair", by=dispatcher, now=now)
    assert status_of(order.ticket) == "accepted"


def test_waiting_is_an_outcome_with_its_reason(order: WorkOrder, now: datetime) -> None:
    does(order, "done", at=now, outcome="waiting", reason="waiting_utility", public="The utility.")
    ticket = Ticket.objects.get(pk=order.ticket_id)
    assert (ticket.status, ticket.waiting_until) == ("waiting", now + timedelta(days=3))
    assert ticket.events.get(kind="hold").reason == "waiting_utility"
    assert ticket.events.get(kind="order_done").words.public == "The utility."


def test_what_a_person_holds_stays_held_whatever_came_before(
    accepted: Ticket, crew: Crew, dispatcher: User, now: datetime
) -> None:
    order = dispatch.assign(accepted, crew=crew, kind="make_safe", by=dispatcher, now=now)
    does(order, "done", at=now, outcome="safe_only")
    tickets.hold(
        accepted,
        reason="waiting_utility",
        waiting_for="Power company",
        until=now + HOUR,
        by=dispatcher,
        now=now,
    )
    dispatch.plan(accepted, kind="inspect", by=dispatcher, now=now)
    assert status_of(accepted) == "waiting"
    assert accepted.events.filter(kind__in=("assign", "recall")).count() == 2  # of the first job
    tickets.resume(accepted, by=dispatcher, now=now)
    assert status_of(accepted) == "accepted"


def test_citizens_hear_once_that_somebody_comes(
    order: WorkOrder, other_crew: Crew, dispatcher: User, now: datetime
) -> None:
    second = dispatch.assign(order.ticket, crew=other_crew, kind="inspect", by=dispatcher, now=now)
    does(second, "on_scene", at=now)
    does(second, "done", at=now, outcome="inspected")  # the first crew still comes
    assert status_of(order.ticket) == "assigned"
    scheduled = Message.objects.filter(kind="assign")
    assert list(scheduled.values_list("status", flat=True)) == ["queued"]


def test_a_recalled_crew_takes_the_unsent_promise_back(
    order: WorkOrder, dispatcher: User, now: datetime
) -> None:
    dispatch.recall(order, reason="The crew is needed elsewhere.", by=dispatcher, now=now)
    assert status_of(order.ticket) == "accepted"
    assert Message.objects.get(kind="assign").status == "cancelled"
    event = order.ticket.events.get(kind="recall_order")
    assert event.words.internal == "The crew is needed elsewhere."


def test_an_emergency_takes_the_crew_and_leaves_a_planned_order(
    order: WorkOrder, dispatcher: User, now: datetime
) -> None:
    does(order, "on_scene", at=now)
    following = dispatch.preempt(order, by=dispatcher, now=now)
    assert (following.status, following.crew, following.follows) == ("planned", None, order)
    assert status_of(order.ticket) == "accepted"


def test_a_finished_and_an_unopened_ticket_are_left_alone(
    ticket: Ticket, dispatcher: User, now: datetime
) -> None:
    settle(ticket, by=dispatcher, now=now)
    assert status_of(ticket) == "received"
    tickets.reject(ticket, reason="No.", by=dispatcher, now=now)
    settle(ticket, by=dispatcher, now=now)
    assert status_of(ticket) == "rejected"
