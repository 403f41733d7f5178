from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from common.models import Role, User
from dispatch import services as dispatch
from dispatch.models import Crew
from hotline.services import Caller, take_report
from tests.people import CALLER, NEIGHBOUR, make_user, say
from tickets import services as tickets
from tickets.models import Category, Question, Ticket


def test_it_works(client: Client, operator: User, ticket: Ticket) -> None:
    client.force_login(operator)
    page = client.get(f"/console/tickets/{ticket.number}/").content.decode()
    assert ticket.number in page and "Street light out" in page
    assert "All the lamps at the crossing are dark." in page
    assert 'action="/console/tickets/' in page and "Accept" in page


def test_response_times(client: Client, operator: User, repaired: Ticket) -> None:
    client.force_login(operator)
    spans = client.get(f"/console/tickets/{repaired.number}/").context["spans"]
    assert {str(span.label): span.took for span in spans} == {
        "Acknowledged": "0 min",
        "Crew sent": "0 min",
        "Crew on scene": "30 min",
        "Made safe": "1 h 00 min",
        "Resolved": "1 h 30 min",
    }


def test_what_was_asked_and_answered(
    client: Client, operator: User, lights_out: Category, now: datetime
) -> None:
    Question.objects.create(
        category=lights_out,
        code="sparks",
        text_en="Are there sparks?",
        kind="yes_no",
        danger_answer="yes",
    )
    said = say(lights_out, answers={"sparks": "yes", "gone": "7"}, caller=Caller(CALLER, "Ms Li"))
    ticket = take_report(said, now=now, by=operator).ticket
    client.force_login(operator)
    response = client.get(f"/console/tickets/{ticket.number}/")
    (voice,) = response.context["dossier"].voices
    assert [(a.question, a.answer, a.dangerous) for a in voice.answers] == [
        ("Are there sparks?", "Yes", True),
        ("gone", "7", False),
    ]
    assert voice.caller == "Ms Li" and voice.phone == "+1 415-555-0101"


def test_a_misread_number_is_said_so(client: Client, operator: User, ticket: Ticket) -> None:
    client.force_login(operator)
    unknown = "26-9999999-4"
    for number in ("26-0000001-0", "lamp", "9" * 300, unknown):
        response = client.get(f"/console/tickets/{number}/")
        assert response.status_code == 404
        assert "Please read the number again" in response.content.decode()
    spoken = ticket.number.replace("-", "")
    response = client.get(f"/console/tickets/{spoken}/")
    assert response.headers["Location"] == f"/console/tickets/{ticket.number}/"


@pytest.mark.parametrize("role", Role.values)
def test_who_may_look(client: Client, ticket: Ticket, role: str) -> None:
    client.force_login(make_user("somebody", role))
    response = client.get(f"/console/tickets/{ticket.number}/")
    assert response.status_code == (403 if role == Role.CREW else 200)
    page = response.content.decode()
    if role == Role.AUDITOR:
        assert "415-555-0101" not in page and "••01" in page
        assert not response.context["forms"] and 'action="/console/' not in page


def test_dispatchers_are_shown_the_way_to_the_board(
    client: Client, operator: User, dispatcher: User, ticket: Ticket
) -> None:
    tickets.accept(ticket, by=operator)
    for user, shown in ((dispatcher, True), (operator, False)):
        client.force_login(user)
        page = client.get(f"/console/tickets/{ticket.number}/").content.decode()
        assert (f'href="/board/assign/{ticket.number}/"' in page) is shown


def test_a_merged_ticket_brings_its_reports_along(
    client: Client, operator: User, ticket: Ticket, lights_out: Category, now: datetime
) -> None:
    root = take_report(say(lights_out, phone=NEIGHBOUR), now=now, by=operator).ticket
    tickets.merge(ticket, into=root, by=operator)
    client.force_login(operator)
    dossier = client.get(f"/console/tickets/{root.number}/").context["dossier"]
    assert len(dossier.voices) == 2 and dossier.children == [ticket]
    assert root.number in client.get(f"/console/tickets/{ticket.number}/").content.decode()


def test_a_long_life_costs_few_queries(
    client: Client,
    operator: User,
    dispatcher: User,
    repaired: Ticket,
    crew: Crew,
    django_assert_max_num_queries: Any,
    now: datetime,
) -> None:
    tickets.reopen(repaired, reason="Dark again.", by=operator)
    for i in range(5):
        take_report(say(repaired.category, f"+1415555011{i}"), now=now, join=repaired)
        tickets.record(repaired, "note", by=operator, now=now, internal=f"Note {i}.")
        order = dispatch.assign(repaired, crew=crew, by=dispatcher)
        dispatch.recall(order, reason="Storm.", by=dispatcher)
    client.force_login(operator)
    with django_assert_max_num_queries(20):
        assert client.get(f"/console/tickets/{repaired.number}/").status_code == 200
