from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from common.models import Role, User
from dispatch import services as dispatch
from dispatch.models import Crew
from hotline.services import take_report
from notifications import delivery
from notifications.models import Message
from tests.people import NEIGHBOUR, make_user, say
from tickets import services as tickets
from tickets.models import Category, Ticket


def kinds(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/console/texts/{query}")
    assert response.status_code == 200
    return [line.message.kind for line in response.context["lines"]]


def test_it_works(client: Client, operator: User, ticket: Ticket) -> None:
    client.force_login(operator)
    page = client.get("/console/texts/").content.decode()
    assert ticket.number in page and "queued" in page
    assert "+1 •••-•••-••01" in page and "415-555-0101" not in page


def test_newest_first_and_sent_ones_say_when(
    client: Client, operator: User, ticket: Ticket, now: datetime
) -> None:
    delivery.drain()
    tickets.reject(ticket, reason="Private.", by=operator, now=now + timedelta(seconds=5))
    client.force_login(operator)
    assert kinds(client) == ["reject", "open"]
    assert kinds(client, "?status=sent") == ["open"]
    assert kinds(client, "?status=failed") == []


def test_of_one_ticket_or_one_number(
    client: Client,
    operator: User,
    dispatcher: User,
    ticket: Ticket,
    lights_out: Category,
    crew: Crew,
    now: datetime,
) -> None:
    take_report(say(lights_out, phone=NEIGHBOUR), now=now)
    crew.phone = "+14155550177"
    crew.save()
    tickets.accept(ticket, by=dispatcher)
    dispatch.assign(ticket, crew=crew, by=dispatcher)
    client.force_login(operator)
    assert sorted(kinds(client, f"?q={ticket.number}")) == ["assign", "crew_order", "open"]
    assert kinds(client, "?q=%2B1+415-555-0102") == ["open"]
    assert kinds(client, "?q=%2B1+415-555-0177") == ["crew_order"]
    assert kinds(client, "?q=%2B1+415-555-0199") == []


def test_what_cannot_be_read_is_said_so(client: Client, operator: User, ticket: Ticket) -> None:
    client.force_login(operator)
    response = client.get("/console/texts/?q=lamp&status=nonsense")
    assert response.status_code == 200 and not response.context["lines"]
    assert "Please read it again" in response.content.decode()


@pytest.mark.parametrize("role", Role.values)
def test_who_may_look(client: Client, db: None, role: str) -> None:
    client.force_login(make_user("somebody", role))
    assert client.get("/console/texts/").status_code == (403 if role == Role.CREW else 200)


def test_a_full_page_costs_few_queries(
    client: Client,
    operator: User,
    ticket: Ticket,
    now: datetime,
    django_assert_max_num_queries: Any,
) -> None:
    first = Message.objects.get()
    Message.objects.bulk_create(
        Message(
            dedupe_key=f"more:{i}",
            topic=ticket.topic,
            kind="open",
            contact=first.contact,
            language="en",
            body=f"Text {i}",
            segments=1,
            created_at=now,
            run_at=now,
            expires_at=now,
        )
        for i in range(150)
    )
    client.force_login(operator)
    seen: list[int] = []
    address = f"?q={ticket.number}&status=queued"
    while address:
        with django_assert_max_num_queries(8):
            response = client.get(f"/console/texts/{address}")
        seen += [line.message.pk for line in response.context["lines"]]
        address = response.context["page"].older
    assert len(seen) == len(set(seen)) == 151
