from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common.models import User
from dispatch import operations
from dispatch import services as dispatch
from dispatch.models import Crew
from dispatch.operations import Op
from hotline.services import take_report
from tests.people import NEIGHBOUR, say
from tickets import services as tickets
from tickets.models import Category, Subscriber, Ticket


def page(client: Client, token: str) -> str:
    answer = client.get(f"/t/{token}/")
    assert answer.status_code == 200
    return answer.content.decode()


def own(ticket: Ticket, phone: str = "+14155550101") -> str:
    return Subscriber.objects.get(ticket=ticket, contact__phone=phone).token


def test_it_works(client: Client, ticket: Ticket) -> None:
    seen = page(client, own(ticket))

    assert ticket.number in seen
    assert "Somebody will look at it next." in seen
    assert "Street lighting" in seen  # who deals with it
    assert "Promised by" in seen
    assert "All the lamps at the crossing are dark." in seen


def test_the_tickets_own_link_shows_nobodys_words(client: Client, ticket: Ticket) -> None:
    seen = page(client, ticket.token)

    assert ticket.number in seen
    assert "All the lamps at the crossing are dark." not in seen


def test_a_caller_sees_only_their_own_words(
    client: Client, ticket: Ticket, lights_out: Category, now: datetime
) -> None:
    said = say(lights_out, NEIGHBOUR, words="My garden is dark too, I am afraid.")
    take_report(said, now=now, join=ticket)

    neighbour, first = page(client, own(ticket, NEIGHBOUR)), page(client, own(ticket))
    assert "My garden" in neighbour and "My garden" not in first
    assert "All the lamps" in first and "All the lamps" not in neighbour


def test_staff_words_stay_inside(
    client: Client, ticket: Ticket, operator: User, now: datetime
) -> None:
    tickets.record(ticket, "note", by=operator, now=now, internal="He always complains.")
    tickets.reject(ticket, reason="The path is private ground.", by=operator, now=now)

    seen = page(client, own(ticket))
    assert "The city cannot take this up." in seen
    assert "The path is private ground." in seen
    assert "He always complains." not in seen
    assert operator.username not in seen


def test_it_tells_the_life_of_a_ticket(
    client: Client, ticket: Ticket, dispatcher: User, fitter: User, crew: Crew, now: datetime
) -> None:
    def does(kind: str, **payload: Any) -> None:
        op = Op(uuid4(), kind, order.pk, now, payload)
        operations.apply(op, by=fitter, now=now)

    tickets.accept(ticket, by=dispatcher, now=now)
    order = dispatch.assign(ticket, crew=crew, by=dispatcher, now=now)
    assert "A crew has been given the job." in page(client, ticket.token)

    does("on_scene")
    assert "A crew is at the place and working on it." in page(client, ticket.token)
    does("done", outcome="restored", words="cable theft?", public="New cable laid.")

    seen = page(client, ticket.token)
    assert "This has been solved." in seen
    assert "New cable laid." in seen
    assert "cable theft?" not in seen
    assert crew.code not in seen


def test_a_promise_that_was_missed_is_admitted(
    client: Client, ticket: Ticket, now: datetime
) -> None:
    assert "longer than promised" not in page(client, ticket.token)
    Ticket.objects.update(due_at=now - timedelta(hours=1))
    assert "longer than promised" in page(client, ticket.token)


def test_a_joined_report_follows_the_other_one(
    client: Client, ticket: Ticket, lights_out: Category, operator: User, now: datetime
) -> None:
    said = say(lights_out, NEIGHBOUR, words="The corner is dark.")
    double = take_report(said, now=now).ticket
    tickets.merge(double, into=ticket, by=operator, now=now)
    tickets.accept(ticket, by=operator, now=now)

    seen = page(client, own(double, NEIGHBOUR))
    assert f"It is followed together with report {ticket.number}" in seen
    assert "The work is being planned." in seen
    assert "The corner is dark." in seen and "All the lamps" not in seen

    tickets.reject(ticket, reason="Private ground.", by=operator, now=now)
    assert f"It was followed together with report {ticket.number}" in page(
        client, own(double, NEIGHBOUR)
    )


def test_it_is_kept_out_of_caches_and_search(client: Client, ticket: Ticket) -> None:
    answer = client.get(f"/t/{ticket.token}/")

    assert "no-store" in answer["Cache-Control"]
    assert 'content="noindex"' in answer.content.decode()


@pytest.mark.parametrize("token", ["11111111111", "26-0000001-5", "x", "%F0%9F%92%A1"])
def test_it_refuses_a_link_that_nobody_was_given(
    client: Client, ticket: Ticket, token: str
) -> None:
    answer = client.get(f"/t/{token}/")

    assert answer.status_code == 404
    assert "The link may be cut off" in answer.content.decode()


def test_it_takes_few_queries(
    client: Client,
    ticket: Ticket,
    operator: User,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(10):
        tickets.record(ticket, "note", by=operator, now=now, internal="x")
    token = own(ticket)
    with django_assert_max_num_queries(6):
        client.get(f"/t/{token}/")
