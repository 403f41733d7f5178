"""Everything between us and one person; and a text that somebody writes to them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from common.models import Role, User
from hotline import call_backs
from hotline.models import Call, CallBack, InboundText
from hotline.services import take_report
from notifications import consent
from notifications.models import Contact, Message
from tests.console.texts.conftest import Text
from tests.people import CALLER, NEIGHBOUR, make_user, say
from tickets import services as tickets
from tickets.models import Category, Ticket, TicketEvent


def address(contact: Contact) -> str:
    return f"/console/contacts/{contact.pk}/"


def write(client: Client, contact: Contact, about: Ticket, **changes: str) -> Any:
    sent = {"ticket": str(about.pk), "body": "The lamps come on Friday.", "key": str(uuid4())}
    return client.post(f"{address(contact)}write/", sent | changes)


def test_it_works(
    client: Client,
    operator: User,
    ticket: Ticket,
    caller: Contact,
    inbound: InboundText,
    text: Text,
    now: datetime,
) -> None:
    text("sent", at=now + timedelta(minutes=1))
    Call.objects.create(
        number=CALLER, contact=caller, rang_at=now - timedelta(hours=3), missed_at=now
    )
    call_backs.owe(
        caller, ticket=ticket, reason=CallBack.Reason.ASKED, now=now + timedelta(minutes=2)
    )
    client.force_login(operator)
    response = client.get(address(caller))
    lines = response.context["talk"].lines
    assert [(line.side, line.title) for line in lines] == [
        ("mid", "Call"),
        ("in", "Reported: Phone"),
        ("in", "Their text"),
        ("out", "Received"),
        ("out", "Solved"),
        ("mid", "Call to make"),
    ]
    page = response.content.decode()
    assert "+1 415-555-0101" in page and "And the lamp beside the school, too." in page
    assert "Nobody answered" in page and ticket.number in page and "gets texts" in page


def test_why_and_since_when_somebody_is_not_reached(
    client: Client, operator: User, caller: Contact, now: datetime
) -> None:
    client.force_login(operator)
    Contact.objects.update(untextable="landline")
    page = client.get(address(caller)).content.decode()
    assert "A landline gets no texts." in page and "Write a text" not in page
    Contact.objects.update(untextable="")
    consent.opt_out(CALLER, source="text", now=datetime(2026, 7, 31, 4, 0, tzinfo=now.tzinfo))
    page = client.get(address(caller)).content.decode()
    assert "Wants no texts: by a text of theirs." in page and "31 Jul 2026, 12:00" in page


@pytest.mark.parametrize("role", Role.values)
def test_who_may_look(client: Client, caller: Contact, role: str) -> None:
    client.force_login(make_user("somebody", role))
    response = client.get(address(caller))
    assert response.status_code == (403 if role == Role.CREW else 200)
    if role == Role.AUDITOR:
        page = response.content.decode()
        assert "415-555-0101" not in page and "Write a text" not in page


def test_a_text_is_written_once_and_the_ticket_says_by_whom(
    client: Client, operator: User, ticket: Ticket, caller: Contact
) -> None:
    client.force_login(operator)
    key = str(uuid4())
    for _ in range(2):
        assert write(client, caller, ticket, key=key).status_code == 302
    message = Message.objects.get(kind="written")
    assert (message.body, message.topic) == ("The lamps come on Friday.", ticket.topic)
    assert TicketEvent.objects.get(ticket=ticket, kind="write").actor == operator
    page = client.get(f"/console/tickets/{ticket.number}/").content.decode()
    assert "Wrote to a citizen" in page and "The lamps come on Friday." in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"body": "x" * 307}, "That is 3 segments; 2 are the most."),
        ({"body": "路" * 200}, "That is 3 segments; 2 are the most."),
        ({"body": " "}, "This field is required."),
        ({"ticket": "999999"}, "999999"),
        ({"body": "\0"}, "Null characters are not allowed."),
        ({"key": "x"}, "Not sent yet"),
    ],
)
def test_what_cannot_be_sent_comes_back_as_it_was_typed(
    client: Client,
    operator: User,
    ticket: Ticket,
    caller: Contact,
    changes: dict[str, str],
    said: str,
) -> None:
    client.force_login(operator)
    response = write(client, caller, ticket, **changes)
    assert response.status_code == 422 and said in response.content.decode()
    assert not Message.objects.filter(kind="written").exists()


def test_nobody_is_written_to_about_somebody_elses_ticket(
    client: Client, operator: User, lights_out: Category, caller: Contact, now: datetime
) -> None:
    other = take_report(say(lights_out, phone=NEIGHBOUR), now=now).ticket
    client.force_login(operator)
    assert write(client, caller, other).status_code == 422


def test_nobody_is_written_to_who_wants_no_texts(
    client: Client, operator: User, ticket: Ticket, caller: Contact, now: datetime
) -> None:
    consent.opt_out(CALLER, source="text", now=now)
    client.force_login(operator)
    response = write(client, caller, ticket)
    assert response.status_code == 409 and "Nothing was sent" in response.content.decode()


def test_a_merged_ticket_stands_for_the_one_that_is_worked_on(
    client: Client,
    operator: User,
    lights_out: Category,
    ticket: Ticket,
    caller: Contact,
    now: datetime,
) -> None:
    root = take_report(say(lights_out, phone=NEIGHBOUR), now=now).ticket
    tickets.merge(ticket, into=root, by=operator)
    client.force_login(operator)
    assert list(client.get(address(caller)).context["form"].tickets) == [str(root.pk)]


@pytest.mark.parametrize(
    ("body", "said"), [("", ""), ("Hi.", "1 segment of"), ("x" * 161, "2 segments of")]
)
def test_segments_are_counted_while_one_types(
    client: Client, operator: User, body: str, said: str
) -> None:
    client.force_login(operator)
    response = client.post("/console/contacts/segments/", {"body": body})
    assert response.status_code == 200 and said in response.content.decode()


def test_long_ago(client: Client, operator: User, text: Text, caller: Contact) -> None:
    Message.objects.all().delete()
    base = datetime(2026, 1, 1, tzinfo=caller.created_at.tzinfo)
    for n in range(130):
        text("sent", at=base + timedelta(minutes=n))
    client.force_login(operator)
    talk = client.get(address(caller)).context["talk"]
    assert len(talk.lines) == 100
    earlier = client.get(address(caller), {"before": talk.older}).context["talk"]
    assert len(earlier.lines) == 31 and not earlier.older  # 30 texts and the report
    for nonsense in ("x", "\0", "2026-01-01", "9999-99-99T00:00:00Z"):
        assert client.get(address(caller), {"before": nonsense}).status_code == 200


def test_a_long_conversation_costs_few_queries(
    client: Client,
    operator: User,
    ticket: Ticket,
    caller: Contact,
    text: Text,
    now: datetime,
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(5):
        text("sent")
        take_report(say(ticket.category), now=now + timedelta(minutes=n))
    client.force_login(operator)
    with django_assert_max_num_queries(16):
        client.get(address(caller))
