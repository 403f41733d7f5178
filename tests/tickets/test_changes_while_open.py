"""Triage, transfer, another kind: unit and promise follow, each change stands in the history."""

from datetime import datetime, timedelta

import pytest

from common.models import User
from tests.raw_sql import raises
from tests.tickets.lives import bring_to
from tickets import services as tickets
from tickets.models import Category, Responsibility, Ticket, Unit
from tickets.services import MoveNotAllowed


@pytest.fixture
def cable(power: Unit) -> Category:
    category = Category.objects.create(code="cable", name_en="Cable", resolve_within_hours=24)
    Responsibility.objects.create(category=category, unit=power)
    return category


def test_who_accepts_it_owns_it_and_says_what_it_is(
    ticket: Ticket, cable: Category, power: Unit, operator: User, now: datetime
) -> None:
    tickets.accept(ticket, by=operator, now=now, category=cable, priority="high")
    assert (ticket.owner, ticket.category, ticket.priority) == (operator, cable, "high")
    assert (ticket.unit, ticket.due_at) == (power, ticket.opened_at + timedelta(hours=24))


def test_a_unit_chosen_by_hand_wins_and_a_made_up_priority_does_not(
    ticket: Ticket, cable: Category, lighting: Unit, operator: User, now: datetime
) -> None:
    tickets.accept(ticket, by=operator, now=now, category=cable, unit=lighting, priority="royal")
    assert (ticket.unit, ticket.priority) == (lighting, "normal")


def test_another_kind_of_problem_has_another_unit_and_promise(
    ticket: Ticket, cable: Category, power: Unit, operator: User, now: datetime
) -> None:
    event = tickets.recategorise(ticket, category=cable, by=operator, now=now)
    assert event.data == {"from": "street-light-out", "to": "cable"}
    assert (ticket.status, ticket.unit) == ("received", power)
    assert ticket.due_at == ticket.opened_at + timedelta(hours=24)


def test_a_stale_copy_does_not_bring_old_columns_back(
    ticket: Ticket, cable: Category, power: Unit, operator: User, now: datetime
) -> None:
    stale = Ticket.objects.get(pk=ticket.pk)
    tickets.recategorise(ticket, category=cable, by=operator, now=now)
    event = tickets.recategorise(stale, category=cable, by=operator, now=now)
    assert event.data == {"from": "cable", "to": "cable"}
    assert stale.unit == power


def test_not_ours_is_counted_as_a_bounce_with_its_reason(
    ticket: Ticket, power: Unit, operator: User, now: datetime
) -> None:
    tickets.accept(ticket, by=operator, now=now)
    event = tickets.transfer(ticket, unit=power, reason="Their cable.", by=operator, now=now)
    assert (ticket.unit, ticket.owner, ticket.status) == (power, None, "accepted")
    assert event.data == {"from": "lighting", "to": "power"}
    assert event.words.internal == "Their cable."


@pytest.mark.parametrize("status", ["resolved", "closed", "rejected", "merged"])
def test_what_is_over_is_not_changed(
    status: str, ticket: Ticket, cable: Category, power: Unit, operator: User, now: datetime
) -> None:
    bring_to(ticket, status, by=operator, now=now)
    with raises(MoveNotAllowed, ticket.number):
        tickets.recategorise(ticket, category=cable, by=operator, now=now)
    with raises(MoveNotAllowed, ticket.number):
        tickets.transfer(ticket, unit=power, reason="", by=operator, now=now)


def test_waiting_has_an_owner_a_reference_and_an_end(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    until = now + timedelta(days=2)
    event = tickets.hold(
        ticket,
        reason="waiting_utility",
        waiting_for="Power company",
        reference="P-77",
        until=until,
        words="The power company will come.",
        by=operator,
        now=now,
    )
    assert (ticket.status, ticket.owner, ticket.waiting_until) == ("waiting", operator, until)
    assert event.data == {"waiting_for": "Power company", "reference": "P-77"}
    tickets.resume(ticket, by=operator, now=now)
    assert (ticket.status, ticket.waiting_until) == ("accepted", None)
