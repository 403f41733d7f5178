"""Every move of a work order from every status, as the desk and the crew's phone ask for it."""

from datetime import datetime
from typing import Any

import pytest

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, WorkOrder
from dispatch.rules import LIVE, ORDER_RULES, OrderStatus
from dispatch.services import OrderNotAllowed
from tests.dispatch.field import does, member_of, status_of
from tests.raw_sql import raises
from tickets.models import Ticket

PATHS: dict[str, list[str]] = {
    "planned": [],
    "dispatched": ["dispatched"],
    "declined": ["dispatched", "declined"],
    "accepted": ["dispatched", "accepted"],
    "en_route": ["dispatched", "accepted", "en_route"],
    "on_scene": ["dispatched", "on_scene"],
    "done": ["dispatched", "on_scene", "done"],
    "cannot_complete": ["dispatched", "cannot_complete"],
    "recalled": ["recalled"],
    "preempted": ["dispatched", "accepted", "preempted"],
}
ON_THE_PHONE = {"accepted": "accept", "declined": "decline"}
PAYLOADS: dict[str, dict[str, Any]] = {
    "done": {"outcome": "inspected"},
    "cannot_complete": {"reason": "no_access"},
}
EVERY = [(new, old) for new in ORDER_RULES for old in OrderStatus.values]
LEGAL = [(new, old) for new, old in EVERY if old in ORDER_RULES[new]]
BY_PHONE = {"accepted", "declined", "en_route", "on_scene", "done", "cannot_complete"}
COMMANDS = {"accepted", "declined"}


@pytest.fixture
def plan(accepted: Ticket, dispatcher: User, now: datetime) -> WorkOrder:
    return dispatch.plan(accepted, kind="inspect", by=dispatcher, now=now)


def ask(order: WorkOrder, status: str, *, crew: Crew, by: User, now: datetime) -> str:
    """As people ask for it: the desk by its services, the crew by an operation."""
    if status == "dispatched":
        dispatch.dispatch_order(order, crew=crew, by=by, now=now)
    elif status == "recalled":
        dispatch.recall(order, reason="Not now.", by=by, now=now)
    elif status == "preempted":
        dispatch.preempt(order, by=by, now=now)
    else:
        kind = ON_THE_PHONE.get(status, status)
        return does(order, kind, at=now, by=member_of(crew), **PAYLOADS.get(status, {}))
    return "applied"


def bring_to(order: WorkOrder, status: str, *, crew: Crew, by: User, now: datetime) -> None:
    for step in PATHS[status]:
        ask(order, step, crew=crew, by=by, now=now)
    order.refresh_from_db()
    assert order.status == status


@pytest.mark.parametrize(("new", "old"), LEGAL)
def test_a_legal_move_is_made_and_written_down(
    new: str, old: str, plan: WorkOrder, crew: Crew, dispatcher: User, now: datetime
) -> None:
    bring_to(plan, old, crew=crew, by=dispatcher, now=now)
    events = plan.ticket.events.filter(job=plan.pk).count()
    assert ask(plan, new, crew=crew, by=dispatcher, now=now) == "applied"
    plan.refresh_from_db()
    assert plan.status == new
    assert plan.ticket.events.filter(job=plan.pk).count() > events
    if new in LIVE:
        assert status_of(plan.ticket) == ("in_progress" if new == "on_scene" else "assigned")
    else:
        assert status_of(plan.ticket) == "accepted"


ILLEGAL = [pair for pair in EVERY if pair not in LEGAL]
# Before a crew was named nobody's phone knows of the order; that is another refusal.
DESK = [(new, old) for new, old in ILLEGAL if new not in BY_PHONE]
PHONE = [(n, o) for n, o in ILLEGAL if n in BY_PHONE and o not in ("planned", "recalled")]


@pytest.mark.parametrize(("new", "old"), DESK)
def test_a_command_of_the_desk_that_comes_too_late_is_refused(
    new: str, old: str, plan: WorkOrder, crew: Crew, dispatcher: User, now: datetime
) -> None:
    bring_to(plan, old, crew=crew, by=dispatcher, now=now)
    events, ticket = plan.ticket.events.count(), status_of(plan.ticket)
    with raises(OrderNotAllowed, "Nothing was changed"):
        ask(plan, new, crew=crew, by=dispatcher, now=now)
    plan.refresh_from_db()
    assert (plan.status, plan.ticket.events.count()) == (old, events)
    assert status_of(plan.ticket) == ticket


@pytest.mark.parametrize(("new", "old"), PHONE)
def test_a_late_command_of_a_phone_is_refused_and_a_late_fact_is_kept(
    new: str, old: str, plan: WorkOrder, crew: Crew, dispatcher: User, now: datetime
) -> None:
    bring_to(plan, old, crew=crew, by=dispatcher, now=now)
    before, ticket = plan.ticket.events.count(), status_of(plan.ticket)
    answer = ask(plan, new, crew=crew, by=dispatcher, now=now)
    plan.refresh_from_db()
    assert (plan.status, status_of(plan.ticket)) == (old, ticket)
    assert answer == ("refused" if new in COMMANDS else "flagged")
    assert plan.ticket.events.count() == before + (answer == "flagged")
    if answer == "flagged":
        event = plan.ticket.events.order_by("seq").last()
        assert event and not event.applied and "late" in event.flags


def test_every_status_was_reached(db: None) -> None:
    assert set(PATHS) == set(OrderStatus.values)
