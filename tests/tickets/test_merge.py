"""One problem reported twice: the root speaks for both, and unmerging gives everything back."""

from datetime import datetime

import pytest

from common.models import User
from notifications.models import Contact
from tests.people import CALLER, NEIGHBOUR, bodies
from tests.raw_sql import raises
from tests.tickets.lives import another_ticket, bring_to
from tickets import services as tickets
from tickets.models import Category, Ticket
from tickets.services import MoveNotAllowed


@pytest.fixture
def root(lights_out: Category, now: datetime) -> Ticket:
    neighbour = Contact.objects.create(phone=NEIGHBOUR, created_at=now)
    return another_ticket(lights_out, neighbour)


def test_it_works(ticket: Ticket, root: Ticket, operator: User, now: datetime) -> None:
    event = tickets.merge(ticket, into=root, by=operator, now=now)
    assert (ticket.status, ticket.merged_into) == ("merged", root)
    assert event.data == {"into": root.number}


def test_the_root_tells_every_caller_once(
    ticket: Ticket, root: Ticket, operator: User, now: datetime
) -> None:
    caller = ticket.subscribers.get().contact
    tickets.subscribe(root, caller, now=now)  # called about both
    tickets.merge(ticket, into=root, by=operator, now=now)
    tickets.answer(root, how="desk", words="Switched on again.", by=operator, now=now)
    for phone in (CALLER, NEIGHBOUR):
        solved = [text for text in bodies(to=phone) if "solved" in text]
        assert [root.number in text for text in solved] == [True]


def test_children_of_a_merged_root_follow_it(
    ticket: Ticket, root: Ticket, lights_out: Category, operator: User, now: datetime
) -> None:
    top = another_ticket(lights_out)
    tickets.merge(ticket, into=root, by=operator, now=now)
    tickets.merge(root, into=top, by=operator, now=now)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.merged_into) == ("merged", top)
    assert ticket.events.get(kind="repoint").data == {"into": top.number}
    tickets.answer(top, how="desk", words="", by=operator, now=now)
    assert [top.number in text for text in bodies() if "solved" in text] == [True]


def test_unmerging_gives_the_callers_back(
    ticket: Ticket, root: Ticket, operator: User, now: datetime
) -> None:
    tickets.merge(ticket, into=root, by=operator, now=now)
    tickets.unmerge(ticket, by=operator, now=now)
    assert (ticket.status, ticket.merged_into) == ("accepted", None)
    tickets.answer(root, how="desk", words="", by=operator, now=now)
    assert not [text for text in bodies() if "solved" in text]
    tickets.answer(ticket, how="desk", words="", by=operator, now=now)
    assert [ticket.number in text for text in bodies() if "solved" in text] == [True]


@pytest.mark.parametrize("status", ["resolved", "closed", "rejected", "merged"])
def test_nothing_is_merged_into_what_is_over(
    status: str, ticket: Ticket, root: Ticket, operator: User, now: datetime
) -> None:
    bring_to(root, status, by=operator, now=now)
    with raises(MoveNotAllowed, root.number):
        tickets.merge(ticket, into=root, by=operator, now=now)


def test_there_is_no_circle(ticket: Ticket, root: Ticket, operator: User, now: datetime) -> None:
    with raises(MoveNotAllowed):
        tickets.merge(ticket, into=ticket, by=operator, now=now)
    tickets.merge(ticket, into=root, by=operator, now=now)
    with raises(MoveNotAllowed):
        tickets.merge(root, into=ticket, by=operator, now=now)
    with raises(MoveNotAllowed):
        tickets.merge(ticket, into=root, by=operator, now=now)
