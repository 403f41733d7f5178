"""Statements of each page, whatever the town holds; and two clicks at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from common.models import User
from dispatch.models import Crew
from hotline.models import Call, Report
from hotline.services import take_report
from tests.people import say
from tickets.models import Category, Question, Ticket
from tickets.services import Location

HERE = {"lon": "125.4", "lat": "43.83"}


@pytest.fixture
def busy(lights_out: Category, wire: Question, on_shift: Crew, now: datetime) -> None:
    """Thirty open tickets of one caller in one place."""
    place = Location(lon=125.4, lat=43.83, address="Chuangye Avenue")
    for _ in range(30):
        take_report(say(lights_out, location=place), now=now)


@pytest.mark.parametrize("panel", ["caller/", "questions/", "nearby/", "emergency/"])
def test_a_panel_is_cheap(
    desk: Client,
    typed: Callable[..., Any],
    busy: None,
    panel: str,
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(12):
        desk.post(f"/desk/{panel}", typed(**HERE, emergency="on"))


def test_a_page_stays_within_its_budget(
    desk: Client, typed: Callable[..., Any], busy: None, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        desk.post("/desk/", typed(**HERE, **{"q.street-light-out.wire-in-reach": "no"}))
    with django_assert_max_num_queries(8):
        desk.get("/desk/")
    last = Call.objects.latest("pk").pk
    with django_assert_max_num_queries(8):
        desk.get(f"/desk/saved/{last}/")
    with django_assert_max_num_queries(20):
        page = desk.post("/desk/", typed(**HERE, emergency="on", phone=""))
    assert page.status_code == 422 and "26-" in page.content.decode()


def test_writing_a_call_down_stays_within_its_budget(
    desk: Client, typed: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    desk.post("/desk/", typed(**HERE, phone="+1 415 555 0102"))  # the districts are read once
    # 15 for the report and its call, 4 for the operator and the form, the rest are savepoints.
    with django_assert_max_num_queries(25):
        assert desk.post("/desk/", typed(**HERE)).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one_call(
    typed: Callable[..., Any], operator: User, on_shift: Crew
) -> None:
    call = typed(emergency="on", crew=str(on_shift.pk))
    ready = [Client(), Client()]
    for client in ready:
        client.force_login(operator)

    def click(client: Client) -> int:
        try:
            return client.post("/desk/", call).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(click, ready)) == [302, 302]
    assert (Call.objects.count(), Report.objects.count(), Ticket.objects.count()) == (1, 1, 1)
