from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from common.models import Role, User
from console.queue.timeline import Entry
from dispatch import operations
from dispatch import services as dispatch
from dispatch.models import Crew, Equipment, Item, WorkOrder
from dispatch.operations import Op
from hotline.services import Caller, take_emergency, take_report
from tests.people import CALLER, NEIGHBOUR, make_user, say
from tickets import services as tickets
from tickets.models import Category, Question, Ticket


@pytest.fixture
def repaired(
    lights_out: Category,
    operator: User,
    fitter: User,
    crew: Crew,
    lift: Equipment,
    materials: dict[str, Item],
    now: datetime,
) -> Ticket:
    """An emergency of two hours ago, repaired at once, typed in when the crew had signal again."""
    called = now - timedelta(hours=2)
    ticket = take_emergency(
        say(lights_out, dangerous=True), crew=crew, by=operator, now=called
    ).ticket
    order = WorkOrder.objects.get(ticket=ticket)
    used = {
        "start": (called + timedelta(minutes=30)).isoformat(),
        "end": (called + timedelta(minutes=80)).isoformat(),
    }
    for kind, minutes, payload in (
        ("accept", 5, {}),
        ("on_scene", 30, {}),
        ("finding", 40, {"words": "Transformer burnt out."}),
        ("made_safe", 60, {}),
        ("equipment", 80, {"code": "LIFT-01", **used}),
        ("material", 80, {"code": "lamp-head", "quantity": "3"}),
        ("material", 80, {"code": "cable", "quantity": "70"}),
        ("done", 90, {"outcome": "restored"}),
    ):
        op = Op(uuid4(), kind, order.pk, called + timedelta(minutes=minutes), payload)
        operations.apply(op, by=fitter, now=called + timedelta(minutes=91))
    ticket.refresh_from_db()
    return ticket


def told(client: Client, ticket: Ticket) -> list[Entry]:
    entries: list[Entry] = client.get(f"/console/tickets/{ticket.number}/").context["entries"]
    return entries


def test_it_works(client: Client, operator: User, ticket: Ticket) -> None:
    client.force_login(operator)
    page = client.get(f"/console/tickets/{ticket.number}/").content.decode()
    assert ticket.number in page and "Street light out" in page
    assert "All the lamps at the crossing are dark." in page
    assert 'action="/console/tickets/' in page and "Accept" in page


def test_its_whole_life_in_one_place(client: Client, operator: User, repaired: Ticket) -> None:
    client.force_login(operator)
    entries = told(client, repaired)
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    titles = [entry.title for entry in entries]
    for title in (
        "Reported: Phone",
        "Accepted",
        "Sent to Lights-1: Make safe",
        "Lights-1 is on scene",
        "Found on scene",
        "Made safe",
        "Equipment used",
        "Material used",
        "Lights-1 is done: Restored: it works again",
    ):
        assert title in titles, titles
    assert "Job planned: Make safe" not in titles and "A crew has it" not in titles  # folded
    details = [detail for entry in entries for detail in entry.details]
    assert "3 × Lamp head" in details and "70 m Cable" in details
    assert any(detail.startswith("Aerial lift truck (LIFT-01), ") for detail in details)


def test_where_each_step_brought_the_ticket(
    client: Client, operator: User, repaired: Ticket
) -> None:
    client.force_login(operator)
    by_title = {entry.title: entry for entry in told(client, repaired)}
    assert by_title["Reported: Phone"].status == "received"
    assert by_title["Sent to Lights-1: Make safe"].status == "assigned"
    assert by_title["Lights-1 is on scene"].status == "in_progress"
    assert by_title["Lights-1 is done: Restored: it works again"].status == "resolved"
    assert by_title["Lights-1 is on scene"].learnt_later
    assert by_title["Found on scene"].internal == "Transformer burnt out."
    assert not by_title["Accepted"].learnt_later


def test_texts_show_their_state(client: Client, operator: User, ticket: Ticket) -> None:
    client.force_login(operator)
    texts = [entry for entry in told(client, ticket) if entry.kind == "text"]
    assert [(text.status, text.title) for text in texts] == [("queued", "Text to +1 •••-•••-••01")]


def test_late_facts_are_marked(
    client: Client, operator: User, fitter: User, repaired: Ticket, now: datetime
) -> None:
    order = WorkOrder.objects.get(ticket=repaired)
    late = Op(uuid4(), "en_route", order.pk, now - timedelta(minutes=110))
    assert operations.apply(late, by=fitter, now=now)["status"] == "flagged"
    client.force_login(operator)
    entry = next(e for e in told(client, repaired) if e.title == "Lights-1 is on the way")
    assert "reported late" in entry.flags and any("not applied" in flag for flag in entry.flags)


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
