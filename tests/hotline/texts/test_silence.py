"""Nobody objects: after a week a solved ticket is closed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from common.models import User
from hotline.tasks import close_silent as task
from tests.hotline.texts.conftest import Phone, fresh, solve
from tests.races import at_once
from tickets import feedback
from tickets import services as tickets
from tickets.feedback import close_silent
from tickets.models import Ticket, TicketEvent

DAY = timedelta(days=1)


def test_it_works(ticket: Ticket, phone: Phone, operator: User, now: datetime) -> None:
    solve(ticket, by=operator, now=now)
    assert close_silent(now=now + 6 * DAY) == 0
    phone.heard  # noqa: B018
    assert close_silent(now=now + 8 * DAY) == 1
    event = TicketEvent.objects.get(ticket=ticket, kind="close")
    assert (event.actor, event.data) == (None, {"how": "silence"})
    assert "is closed" in phone.heard[0]
    assert close_silent(now=now + 9 * DAY) == 0


def test_the_week_begins_anew_with_each_solution(
    ticket: Ticket, phone: Phone, operator: User, now: datetime
) -> None:
    solve(ticket, by=operator, now=now)
    tickets.reopen(ticket, reason="Dark.", by=operator, now=now + 5 * DAY)
    solve(ticket, by=operator, now=now + 6 * DAY)
    assert close_silent(now=now + 8 * DAY) == 0
    assert close_silent(now=now + 14 * DAY) == 1


def test_the_town_says_how_long(
    ticket: Ticket, operator: User, now: datetime, settings: Any
) -> None:
    settings.HOTLINE_SILENCE_DAYS = 2
    solve(ticket, by=operator, now=now)
    assert close_silent(now=now + 3 * DAY) == 1


def test_only_what_is_solved(ticket: Ticket, operator: User, now: datetime) -> None:
    tickets.accept(ticket, by=operator, now=now)
    assert close_silent(now=now + 30 * DAY) == 0


def test_many(
    ticket: Ticket,
    operator: User,
    another: Callable[[], Ticket],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feedback, "AT_ONCE", 3)
    for one in [ticket, *(another() for _ in range(7))]:
        solve(one, by=operator, now=now)
    assert feedback.close_silent(now=now + 8 * DAY) == 8


def test_by_the_clock(ticket: Ticket, operator: User, now: datetime) -> None:
    solve(ticket, by=operator, now=now)
    task()
    assert fresh(ticket).status == "resolved"


@pytest.mark.django_db(transaction=True)
def test_two_workers_close_it_once(ticket: Ticket, operator: User, now: datetime) -> None:
    solve(ticket, by=operator, now=now)
    assert sorted(at_once(*[lambda: close_silent(now=now + 8 * DAY)] * 3)) == [0, 0, 1]


def test_solved_ones_are_found_without_a_walk_through_all(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    solve(ticket, by=operator, now=now)
    silent = feedback._solved_before(now + 8 * DAY).filter(ticket__gt=0).order_by("ticket")
    with connection.cursor() as cursor:  # a table of one row is otherwise read as it lies
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    assert "ticket_solved" in silent.values_list("ticket", flat=True)[:200].explain()
