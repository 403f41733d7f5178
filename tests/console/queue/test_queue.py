from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from common.models import Role, User
from hotline.services import take_report
from tests.people import CALLER, NEIGHBOUR, make_user, say
from tickets import services as tickets
from tickets.models import Category, Ticket
from tickets.services import Location


def numbers(client: Client, address: str) -> list[str]:
    """The tickets of a list, in its order."""
    response = client.get(address)
    assert response.status_code == 200
    return [row.ticket.number for row in response.context["rows"]]


@pytest.fixture
def other(lights_out: Category, operator: User, now: datetime) -> Ticket:
    """Another one, accepted, a day older and so due earlier; called in by two people."""
    early = now - timedelta(days=1)
    place = Location(lon=125.41, lat=43.84, address="Willow Street 8")
    said = say(lights_out, phone=NEIGHBOUR, location=place)
    ticket = take_report(said, now=now, occurred_at=early, by=operator).ticket
    take_report(say(lights_out), now=now, join=ticket)
    tickets.accept(ticket, by=operator, now=now)
    return ticket


def test_it_works(client: Client, operator: User, ticket: Ticket, other: Ticket) -> None:
    client.force_login(operator)
    page = client.get("/console/").content.decode()
    assert ticket.number in page and other.number in page
    assert "Street light out" in page and "Willow Street 8" in page and "Street lighting" in page
    assert f'href="/console/tickets/{ticket.number}/"' in page


def test_the_most_urgent_promise_comes_first_or_the_newest(
    client: Client, operator: User, ticket: Ticket, other: Ticket
) -> None:
    client.force_login(operator)
    assert numbers(client, "/console/") == [other.number, ticket.number]
    assert numbers(client, "/console/?order=newest") == [ticket.number, other.number]
    assert numbers(client, "/console/?tab=all") == [ticket.number, other.number]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tab=triage", "ticket"),
        ("tab=dispatch", "other"),
        ("tab=field", ""),
        ("tab=waiting", ""),
        ("tab=overdue", ""),
        ("state=accepted", "other"),
        ("tab=all&q=willow", "other"),
        ("q=%2B1+415-555-0102", "other"),
        ("channel=web", ""),
        ("priority=normal", "both"),
        ("q=nowhere", ""),
    ],
)
def test_it_is_narrowed_down(
    client: Client, operator: User, ticket: Ticket, other: Ticket, query: str, found: str
) -> None:
    client.force_login(operator)
    expected = {"ticket": [ticket], "other": [other], "both": [ticket, other], "": []}[found]
    assert set(numbers(client, f"/console/?{query}")) == {t.number for t in expected}


def test_filters_by_kind_unit_and_district(
    client: Client, operator: User, ticket: Ticket, lights_out: Category
) -> None:
    client.force_login(operator)
    assert numbers(client, f"/console/?category={lights_out.pk}") == [ticket.number]
    assert numbers(client, f"/console/?unit={ticket.unit_id}") == [ticket.number]


def test_a_choice_nobody_offers_is_named_and_not_followed(
    client: Client, operator: User, ticket: Ticket
) -> None:
    client.force_login(operator)
    for query in ("category=99999", "category=x", "unit=99999", "state=nonsense", "q=%00"):
        page = client.get(f"/console/?{query}")
        assert page.status_code == 200 and page.context["form"].errors, query
    assert numbers(client, "/console/?tab=nonsense") == [ticket.number]


def test_a_whole_number_opens_its_ticket(client: Client, operator: User, ticket: Ticket) -> None:
    client.force_login(operator)
    typed = ticket.number.replace("-", " ")
    response = client.get("/console/", {"q": typed})
    assert response.headers["Location"] == f"/console/tickets/{ticket.number}/"


def test_a_misread_number_is_asked_for_again(
    client: Client, operator: User, ticket: Ticket
) -> None:
    client.force_login(operator)
    wrong = ticket.number[:-1] + str((int(ticket.number[-1]) + 1) % 10)
    page = client.get("/console/", {"q": wrong}).content.decode()
    assert "please read it again" in page and ticket.number not in page


def test_a_row_says_what_matters(
    client: Client, operator: User, lights_out: Category, other: Ticket, now: datetime
) -> None:
    late = say(lights_out, location=Location(lon=0, lat=0, address="Far out"))
    long_ago = now - timedelta(days=9)
    ticket = take_report(late, now=now, occurred_at=long_ago, by=operator).ticket
    client.force_login(operator)
    response = client.get("/console/")
    rows = {row.ticket.pk: row for row in response.context["rows"]}
    assert rows[ticket.pk].overdue and not rows[other.pk].overdue
    assert rows[other.pk].reports == 2 and rows[ticket.pk].reports == 1
    page = response.content.decode()
    assert "Outside all districts" in page and "Overdue</b>" in page
    assert CALLER not in page


def test_reports_of_merged_tickets_count_for_their_root(
    client: Client, operator: User, ticket: Ticket, other: Ticket
) -> None:
    tickets.merge(ticket, into=other, by=operator)
    client.force_login(operator)
    rows = client.get("/console/").context["rows"]
    assert [(row.ticket.pk, row.reports) for row in rows] == [(other.pk, 3)]


@pytest.mark.parametrize("role", Role.values)
def test_who_may_look(client: Client, db: None, role: str) -> None:
    client.force_login(make_user("somebody", role))
    expected = 403 if role == Role.CREW else 200
    assert client.get("/console/").status_code == expected


def test_strangers_are_sent_to_the_door(client: Client, db: None) -> None:
    assert client.get("/console/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("extra", ["", "&order=newest", "&category={}&unit={}&q=street"])
def test_a_full_page_costs_few_queries(
    client: Client,
    operator: User,
    lights_out: Category,
    now: datetime,
    django_assert_max_num_queries: Any,
    extra: str,
) -> None:
    for i in range(101):
        take_report(say(lights_out), now=now - timedelta(minutes=i), by=operator)
    client.force_login(operator)
    query = extra.format(lights_out.pk, Ticket.objects.values_list("unit", flat=True)[0])
    query = query.replace("street", "Shenma")
    with django_assert_max_num_queries(8):
        assert len(numbers(client, f"/console/?tab=open{query}")) == 100
