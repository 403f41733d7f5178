"""Texts that stopped, or did not arrive: send again, call instead, let be."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from common.models import Role, User
from hotline.models import CallBack
from notifications.models import Contact, Message
from tests.console.texts.conftest import Text
from tests.people import make_user
from tickets.models import Ticket

LOST = "the gateway's answer was lost"


@pytest.fixture
def stopped(text: Text) -> Message:
    return text("parked", error=LOST, attempts=8)


def press(client: Client, message: Message, action: str) -> str:
    """The page after the button on the list."""
    response = client.post(
        f"/console/texts/{message.pk}/{action}/", {"back": "parked"}, follow=True
    )
    assert response.redirect_chain == [("/console/texts/parked/", 302)]
    message.refresh_from_db()
    return response.content.decode()


def test_it_works(client: Client, operator: User, ticket: Ticket, stopped: Message) -> None:
    client.force_login(operator)
    response = client.get("/console/texts/parked/")
    page = response.content.decode().replace("&#x27;", "'")
    assert LOST in page and ticket.number in page and "It is solved." in page
    assert [(heap.many, heap.error) for heap in response.context["heaps"]] == [(1, LOST)]


def test_send_again(client: Client, operator: User, stopped: Message) -> None:
    client.force_login(operator)
    assert "It goes out again." in press(client, stopped, "again")
    assert (stopped.status, stopped.attempts) == ("queued", 0)
    press(client, stopped, "again")
    assert stopped.status == "queued"


def test_call_instead(client: Client, operator: User, ticket: Ticket, stopped: Message) -> None:
    client.force_login(operator)
    assert "on the list of calls" in press(client, stopped, "call")
    assert stopped.status == "cancelled"
    press(client, stopped, "call")
    owed = CallBack.objects.get()
    assert (owed.contact_id, owed.ticket, owed.reason) == (
        stopped.contact_id,
        ticket,
        CallBack.Reason.NOT_ARRIVED,
    )


def test_let_it_be(client: Client, operator: User, stopped: Message) -> None:
    client.force_login(operator)
    assert "not sent any more" in press(client, stopped, "let-be")
    press(client, stopped, "let-be")
    assert stopped.status == "cancelled" and not CallBack.objects.exists()


@pytest.mark.parametrize("action", ["again", "call", "let-be"])
@pytest.mark.django_db(transaction=True)
def test_a_text_that_moved_meanwhile_is_left_alone(
    client: Client, operator: User, stopped: Message, action: str
) -> None:
    Message.objects.update(status="delivered")
    client.force_login(operator)
    page = press(client, stopped, action)
    assert "The text has moved on meanwhile" in page
    assert stopped.status == "delivered" and not CallBack.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_has_no_number_cannot_be_called(
    client: Client, operator: User, stopped: Message
) -> None:
    Contact.objects.update(phone=None, email="li@example.org")
    client.force_login(operator)
    assert "Call instead" not in client.get("/console/texts/parked/").content.decode()
    assert "There is no number to ring." in press(client, stopped, "call")
    assert stopped.status == "parked"


def test_all_of_one_reason(
    client: Client, operator: User, dispatcher: User, text: Text, stopped: Message
) -> None:
    other = text("parked", error="lost on the way")
    reason = {"gateway": stopped.gateway, "error": LOST}
    client.force_login(operator)
    assert client.post("/console/texts/parked/again/", reason).status_code == 403
    client.force_login(dispatcher)
    shown = client.get("/console/texts/parked/", reason).context["lines"]
    assert [line.message for line in shown] == [stopped]
    page = client.post("/console/texts/parked/again/", reason, follow=True).content.decode()
    assert "1 text goes out again." in page
    page = client.post("/console/texts/parked/again/", reason, follow=True).content.decode()
    assert "None of them is parked any more" in page
    states = dict(Message.objects.values_list("pk", "status"))
    assert (states[stopped.pk], states[other.pk]) == ("queued", "parked")


@pytest.mark.parametrize("error", ["\0", "x" * 300])
def test_a_reason_that_nobody_gave(client: Client, dispatcher: User, error: str) -> None:
    client.force_login(dispatcher)
    sent = client.post("/console/texts/parked/again/", {"error": error}, follow=True)
    assert sent.status_code == 200
    assert client.get("/console/texts/parked/", {"error": error}).status_code == 200


def test_what_did_not_arrive(client: Client, operator: User, text: Text) -> None:
    failed = text("failed", error="30006 a landline gets no texts")
    text("delivered")
    client.force_login(operator)
    response = client.get("/console/texts/parked/?list=lost")
    assert [line.message for line in response.context["lines"]] == [failed]
    page = press(client, failed, "call")
    assert "on the list of calls" in page and failed.status == "failed"
    press(client, failed, "call")
    assert CallBack.objects.count() == 1


def test_nothing_waits(client: Client, operator: User) -> None:
    client.force_login(operator)
    assert "Nothing waits for you" in client.get("/console/texts/parked/").content.decode()
    lost = client.get("/console/texts/parked/?list=lost").content.decode()
    assert "Everything arrived" in lost


@pytest.mark.parametrize("role", Role.values)
def test_who_may_look(client: Client, stopped: Message, role: str) -> None:
    client.force_login(make_user("somebody", role))
    response = client.get("/console/texts/parked/")
    assert response.status_code == (403 if role == Role.CREW else 200)
    if role == Role.AUDITOR:
        assert "Send again" not in response.content.decode()


@pytest.mark.parametrize("query", ["", "?list=lost"])
def test_a_full_page_costs_few_queries(
    client: Client,
    operator: User,
    text: Text,
    now: datetime,
    django_assert_max_num_queries: Any,
    query: str,
) -> None:
    for n in range(110):
        text("failed" if query else "parked", error=f"reason {n % 5}")
    client.force_login(operator)
    with django_assert_max_num_queries(8):
        response = client.get(f"/console/texts/parked/{query}")
    assert len(response.context["lines"]) == 100
