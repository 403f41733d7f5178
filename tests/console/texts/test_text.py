"""One text: what was tried, what was told, and why it is where it is."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from common.models import Role, User
from notifications import consent
from notifications.models import Contact, GatewayHealth, Message, Receipt
from tests.console.texts.conftest import Text, tried
from tests.people import make_user
from tickets.models import Ticket


def page_of(client: Client, message: Message) -> str:
    response = client.get(f"/console/texts/{message.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(client: Client, operator: User, ticket: Ticket, text: Text) -> None:
    message = text("delivered", gateway="twilio")
    tried(message, "refused", code="20429", http_status=429)
    attempt = tried(message, "accepted", sid="SM42", http_status=201)
    for status, code in (("sent", ""), ("undelivered", "30003"), ("wormhole", "4711")):
        Receipt.objects.create(
            gateway="twilio",
            sid="SM42",
            status=status,
            code=code,
            attempt=attempt,
            received_at=attempt.started_at,
        )
    client.force_login(operator)
    page = page_of(client, message)
    assert "Twilio: refused" in page and "20429 the gateway asked for a pause" in page
    assert "Twilio: accepted" in page and "SM42" in page and "HTTP 429" in page
    assert page.index("<b>sent</b>") < page.index("<b>undelivered</b>") < page.index("wormhole")
    assert "30003 the phone cannot be reached" in page and "4711" in page
    assert "+1 415-555-0101" in page and ticket.number in page


def test_auditors_see_no_number_and_no_button(client: Client, text: Text) -> None:
    message = text("parked")
    client.force_login(make_user("auditor", Role.AUDITOR))
    page = page_of(client, message)
    assert "415-555-0101" not in page and "Send again" not in page
    assert client.post(f"/console/texts/{message.pk}/again/").status_code == 403


@pytest.mark.parametrize(
    ("status", "facts", "said"),
    [
        ("queued", {}, "goes with the next handful"),
        ("queued", {"gateway": "gone"}, "Nothing is set up under the name of its gateway"),
        ("unknown", {}, "Nobody can tell whether the gateway took it"),
        ("sent", {}, "Many networks never say whether it arrived"),
        ("superseded", {}, "A newer text told more"),
        ("expired", {}, "not worth saying any more"),
        ("delivered", {"doubled": True}, "got it twice"),
        ("parked", {"resent": True, "error": "the gateway's answer was lost"}, "answer was lost"),
    ],
)
def test_why_it_is_where_it_is(
    client: Client, operator: User, text: Text, status: str, facts: dict[str, Any], said: str
) -> None:
    Message.objects.all().delete()  # nothing else to this person
    message = text(status, **facts)
    client.force_login(operator)
    assert said in page_of(client, message).replace("&#x27;", "'")


def test_why_it_waits(
    client: Client, operator: User, text: Text, settings: LazySettings, now: datetime
) -> None:
    Message.objects.all().delete()
    message, other = text(), text("unknown", kind="open")
    GatewayHealth.objects.create(name="printing", closed_until=now + timedelta(minutes=5))
    client.force_login(operator)
    page = page_of(client, message)
    assert "asked for a pause until" in page
    assert "Another text to this person is in doubt" in page
    Message.objects.filter(pk=other.pk).delete()
    for n in range(4):
        text("sent", sent_at=now - timedelta(minutes=n))
    assert "Four texts an hour are enough for one person: it goes at" in page_of(client, message)
    settings.TEXT_HOURS = "00:00-00:01"
    assert "Night: it goes at" in page_of(client, message)


def test_who_gets_none_and_why(
    client: Client, operator: User, text: Text, caller: Contact, now: datetime
) -> None:
    message = text("suppressed")
    consent.opt_out(caller.address, source="text", now=now)
    client.force_login(operator)
    assert "Wants no texts: by a text of theirs." in page_of(client, message)


def test_a_text_to_a_crew(client: Client, operator: User, text: Text) -> None:
    message = text()
    Message.objects.filter(pk=message.pk).update(contact=None, staff_phone="+14155550177")
    client.force_login(operator)
    page = page_of(client, message)
    assert "+1 415-555-0177" in page and "Call instead" not in page


@pytest.mark.parametrize("address", ["0", "99999999999999999999999", "1/nonsense"])
def test_there_is_no_such_text(client: Client, operator: User, address: str) -> None:
    client.force_login(operator)
    assert client.get(f"/console/texts/{address}/").status_code in (404, 405)


@pytest.mark.parametrize("role", Role.values)
def test_who_may_look(client: Client, text: Text, role: str) -> None:
    message = text()
    client.force_login(make_user("somebody", role))
    expected = 403 if role == Role.CREW else 200
    assert client.get(f"/console/texts/{message.pk}/").status_code == expected


def test_a_long_fate_costs_few_queries(
    client: Client, operator: User, text: Text, django_assert_max_num_queries: Any
) -> None:
    message = text()
    for n in range(8):
        tried(message, "uncertain", sid=f"SM{n}")
    client.force_login(operator)
    with django_assert_max_num_queries(12):
        page_of(client, message)
