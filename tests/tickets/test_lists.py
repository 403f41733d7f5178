"""Queries with names from the town, and the one filter of every list."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from common.models import User
from tests.people import CALLER
from tests.tickets.lives import another_ticket, bring_to
from tickets.filters import TicketFilter
from tickets.models import Category, Ticket


@pytest.fixture
def tickets_of_town(ticket: Ticket, lights_out: Category, operator: User, now: datetime) -> Any:
    made = {"received": ticket}
    for status in ("accepted", "waiting", "closed"):
        made[status] = bring_to(another_ticket(lights_out), status, by=operator, now=now)
    return made


def found(**asked: str) -> set[str]:
    listed = TicketFilter(asked, Ticket.objects.all())
    assert listed.is_valid(), listed.errors
    return {ticket.status for ticket in listed.qs}


def test_it_works(tickets_of_town: Any) -> None:
    assert found() == {"received", "accepted", "waiting", "closed"}
    assert found(state="open") == {"received", "accepted", "waiting"}
    assert found(state="closed") == {"closed"}


def test_a_number_a_phone_or_a_street_finds_it(tickets_of_town: Any) -> None:
    received = tickets_of_town["received"]
    assert found(q=received.number) == found(q=received.number.replace("-", " ")) == {"received"}
    assert found(q=CALLER) == {"received"}
    assert found(q="chuangye") == {"received"}
    assert found(q="+14155550177") == found(q="Nowhere Lane") == set()


def test_what_is_overdue_is_open_and_past_its_promise(tickets_of_town: Any, now: datetime) -> None:
    Ticket.objects.update(due_at=now - timedelta(hours=1))
    assert found(state="overdue") == {"received", "accepted", "waiting"}
    assert tickets_of_town["received"].is_overdue(now) is False  # its own copy knows no better
    assert Ticket.objects.overdue(now - timedelta(hours=2)).count() == 0


def test_the_queues_of_the_day(tickets_of_town: Any) -> None:
    assert [t.status for t in Ticket.objects.awaiting_triage()] == ["received"]
    assert [t.status for t in Ticket.objects.awaiting_dispatch()] == ["accepted"]


def test_near_is_a_square_in_metres(ticket: Ticket) -> None:
    assert ticket.lon and ticket.lat
    near = Ticket.objects.near
    assert list(near(ticket.lon, ticket.lat, 10)) == [ticket]
    assert list(near(ticket.lon + 0.001, ticket.lat, 100)) == [ticket]  # 80 m at this latitude
    assert not near(ticket.lon + 0.001, ticket.lat, 50).exists()
    assert not near(0, 90, 100).exists()  # the pole divides nothing by zero


def test_a_list_costs_one_query(tickets_of_town: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        for ticket in Ticket.objects.for_list().newest_first():
            assert str(ticket.category), str(ticket.unit or ticket.district or ticket.owner)
