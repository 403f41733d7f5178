"""Texts of citizens that only a person can understand."""

from typing import Any

import pytest
from django.test import Client

from common.models import Role, User
from hotline.models import InboundText, Report
from tests.people import CALLER, make_user
from tickets.models import Category, Ticket

LIST = "/console/texts/incoming/"


def send(client: Client, text: InboundText, form: str, **fields: str) -> Any:
    response = client.post(f"{LIST}{text.pk}/{form}/", fields)
    text.refresh_from_db()
    return response


def test_it_works(client: Client, operator: User, ticket: Ticket, inbound: InboundText) -> None:
    client.force_login(operator)
    page = client.get(LIST).content.decode()
    assert inbound.body in page and "+1 415-555-0101" in page
    page = client.get(f"{LIST}{inbound.pk}/").content.decode()
    assert inbound.body in page and ticket.number in page  # they may mean their open ticket
    assert "Street light out" in page and "Put aside" in page


def test_it_is_a_new_problem(
    client: Client, operator: User, lights_out: Category, ticket: Ticket, inbound: InboundText
) -> None:
    client.force_login(operator)
    facts = {"category": lights_out.code, "address": "School Road 3"}
    for _ in range(2):
        response = send(client, inbound, "new", **facts)
        assert response.status_code == 302
    assert inbound.state == InboundText.State.REPORTED and inbound.handled_by == operator
    report = Report.objects.exclude(ticket=ticket).get()
    assert response.headers["Location"] == f"/console/tickets/{report.ticket.number}/"
    assert report.words.internal == inbound.body and report.ticket.address == "School Road 3"
    assert report.contact and report.contact.phone == CALLER


def test_it_belongs_to_a_ticket_we_know(
    client: Client, operator: User, ticket: Ticket, inbound: InboundText
) -> None:
    client.force_login(operator)
    response = send(client, inbound, "known", number=ticket.number.replace("-", " "))
    assert response.headers["Location"] == f"/console/tickets/{ticket.number}/"
    assert inbound.state == InboundText.State.DONE and inbound.ticket == ticket
    page = client.get(f"/console/tickets/{ticket.number}/").content.decode()
    assert page.count(inbound.body) == 1  # told once, as the text it was
    assert "Text from +1 •••-•••-••01" in page and "A citizen wrote" in page


def test_what_a_citizen_wrote_is_marked_until_it_was_read(
    client: Client, operator: User, ticket: Ticket, inbound: InboundText
) -> None:
    client.force_login(operator)
    send(client, inbound, "known", number=ticket.number)
    assert "A citizen wrote" in client.get("/console/").content.decode()
    client.post(f"/console/tickets/{ticket.number}/mark_read/", {"seen": 2})
    ticket.refresh_from_db()
    assert "citizen_wrote" not in ticket.flags


def test_it_is_put_aside(client: Client, operator: User, inbound: InboundText) -> None:
    client.force_login(operator)
    assert send(client, inbound, "aside", reason="spam").headers["Location"] == LIST
    assert (inbound.state, inbound.dismissal) == (InboundText.State.DISMISSED, "spam")
    assert "No text waits" in client.get(LIST).content.decode()


@pytest.mark.django_db(transaction=True)
def test_somebody_else_was_faster(
    client: Client, operator: User, lights_out: Category, inbound: InboundText
) -> None:
    client.force_login(operator)
    send(client, inbound, "aside", reason="spam")
    page = client.get(f"{LIST}{inbound.pk}/").content.decode()
    assert "put aside" in page and "Make a ticket" not in page
    send(client, inbound, "new", category=lights_out.code, address="School Road 3")
    assert inbound.state == InboundText.State.DISMISSED
    assert "Somebody else was faster" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("new", {}),
        ("new", {"category": "nonsense", "address": "x"}),
        ("new", {"category": "street-light-out", "address": "\0"}),
        ("known", {"number": "26-0000001-0"}),
        ("known", {"number": "\0"}),
        ("known", {}),
        ("aside", {"reason": "boredom"}),
    ],
)
def test_what_is_missing_is_asked_for(
    client: Client, operator: User, inbound: InboundText, form: str, fields: dict[str, str]
) -> None:
    client.force_login(operator)
    response = send(client, inbound, form, **fields)
    assert response.status_code == 422 and "errorlist" in response.content.decode()
    assert inbound.state == InboundText.State.WAITING


def test_a_form_that_nobody_offers(client: Client, operator: User, inbound: InboundText) -> None:
    client.force_login(operator)
    assert send(client, inbound, "nonsense").status_code == 302
    assert client.get(f"{LIST}{10**30}/").status_code == 404


@pytest.mark.parametrize("role", Role.values)
def test_who_may_look_and_who_decides(client: Client, inbound: InboundText, role: str) -> None:
    client.force_login(make_user("somebody", role))
    response = client.get(LIST)
    assert response.status_code == (403 if role == Role.CREW else 200)
    decides = role not in (Role.CREW, Role.AUDITOR)
    assert ("415-555-0101" in response.content.decode()) is decides
    assert client.get(f"{LIST}{inbound.pk}/").status_code == (200 if decides else 403)


def test_it_costs_few_queries(
    client: Client, operator: User, inbound: InboundText, django_assert_max_num_queries: Any
) -> None:
    client.force_login(operator)
    with django_assert_max_num_queries(8):
        client.get(LIST)
    with django_assert_max_num_queries(14):
        client.get(f"{LIST}{inbound.pk}/")
