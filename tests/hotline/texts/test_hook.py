"""`POST /hooks/twilio/sms/`: signed texts are kept, once; the answer says nothing by itself."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from twilio.request_validator import RequestValidator

from common.models import User
from hotline.models import InboundText
from notifications.models import Message
from tests.hotline.signed import HERE, TOKEN, post_signed
from tests.hotline.texts.conftest import Phone, fresh, solve
from tests.people import CALLER
from tickets.models import Ticket

SID = "SM" + "a" * 32

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    settings.PUBLIC_BASE_URL, settings.TWILIO_AUTH_TOKEN = HERE, TOKEN


def post(client: Client, path: str = "/hooks/twilio/sms/", sign: str = "", **fields: Any) -> Any:
    """As the gateway does; a field that is None is left out, `sign` is another signature."""
    form = {"MessageSid": SID, "From": CALLER, "To": "+14155550100", "Body": "Hi", "NumMedia": "0"}
    given = {name: value for name, value in (form | fields).items() if value is not None}
    return post_signed(client, path, given, sign)


def nothing(response: Any) -> bool:
    return bool(response.status_code == 200 and response.content.endswith(b"<Response/>"))


@pytest.mark.parametrize("path", ["/hooks/twilio/sms/", "/hooks/twilio/sms"])
def test_it_works(client: Client, ticket: Ticket, operator: User, now: datetime, path: str) -> None:
    solve(ticket, by=operator, now=now)
    response = post(client, path, Body="2")
    assert nothing(response) and response["Content-Type"].startswith("text/xml")
    assert fresh(ticket).status == "accepted"
    text = InboundText.objects.get()
    assert (text.provider_sid, text.number, text.body, text.meaning) == (SID, CALLER, "2", "digit")


def test_what_the_gateway_repeats_counts_once(
    client: Client, ticket: Ticket, operator: User, now: datetime
) -> None:
    solve(ticket, by=operator, now=now)
    answers = [post(client, Body="1").content for _ in range(3)]
    assert len(set(answers)) == 1
    assert InboundText.objects.count() == 1
    assert fresh(ticket).status == "closed"
    assert Message.objects.filter(kind__startswith="reply").count() == 1


@pytest.mark.parametrize("sign", ["", "forged", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "你好"])
def test_a_forged_one_is_refused(client: Client, sign: str) -> None:
    form = urlencode({"MessageSid": SID, "From": CALLER, "Body": "STOP"})
    response = client.post(
        "/hooks/twilio/sms/",
        form,
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": sign} if sign.isascii() else {},
    )
    assert response.status_code == 403
    assert not InboundText.objects.exists()


def test_a_changed_one_is_refused(client: Client) -> None:
    form = {"MessageSid": SID, "From": CALLER, "Body": "thanks"}
    signature = RequestValidator(TOKEN).compute_signature(HERE + "/hooks/twilio/sms/", form)
    assert post(client, Body="STOP", sign=signature).status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"MessageSid": None},
        {"From": None},
        {"Body": None},
        {"From": " "},
        {"MessageSid": ""},
        {"MessageSid": "S" * 65},
        {"From": "+" + "1" * 40},
        {"From": "+1\x00"},
    ],
)
def test_half_a_text_is_none(client: Client, fields: Any) -> None:
    assert post(client, **fields).status_code == 400
    assert not InboundText.objects.exists()


def test_other_ways_of_asking(client: Client) -> None:
    assert client.get("/hooks/twilio/sms/").status_code == 405
    body = b"MessageSid=SM1&From=%2B14155550101&Body=%FF%FE"
    asked = client.post(
        "/hooks/twilio/sms/", body, content_type="application/x-www-form-urlencoded"
    )
    assert asked.status_code == 400
    multipart = client.post("/hooks/twilio/sms/", {"MessageSid": SID, "From": CALLER, "Body": "1"})
    assert multipart.status_code == 403
    assert not InboundText.objects.exists()


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("x" * 1600, "x" * 1600),
        ("😀" * 800, "😀" * 800),
        ("\u202eevil\u202c", "\u202eevil\u202c"),
        ("a\x00b\x00", "ab"),
        ("\x00", ""),
        ("", ""),
        (" \r\n\t ", " \r\n\t "),
        ("<script>alert(1)</script> {{ number }}", "<script>alert(1)</script> {{ number }}"),
        ("'; DROP TABLE hotline_inboundtext; --", "'; DROP TABLE hotline_inboundtext; --"),
    ],
)
def test_nasty_words_are_words(client: Client, ticket: Ticket, body: str, kept: str) -> None:
    assert nothing(post(client, Body=body))
    text = InboundText.objects.get()
    assert text.body == kept
    assert text.state == "done"
    if kept.strip():
        assert ticket.events.get(kind="citizen_wrote").words.internal == kept


@pytest.mark.parametrize(
    "sender", ["12345", "Lamps4U", "anonymous", "+999", "whatsapp:+14155550101"]
)
def test_whoever_cannot_be_answered_is_kept_for_the_desk(client: Client, sender: str) -> None:
    assert nothing(post(client, From=sender, Body="Buy lamps"))
    assert InboundText.objects.waiting().get().number == sender
    assert not Message.objects.exists()


def test_pictures_are_counted(client: Client, ticket: Ticket) -> None:
    assert nothing(post(client, Body="", NumMedia="2"))
    text = InboundText.objects.get()
    assert (text.media, text.ticket) == (2, ticket)
    assert ticket.events.get(kind="citizen_wrote").data == {"media": 2}


@pytest.mark.parametrize("count", ["", "-1", "many", "９", "99999"])
def test_a_count_of_pictures_that_is_none(client: Client, count: str) -> None:
    assert nothing(post(client, Body="Hi", NumMedia=count))
    assert InboundText.objects.get().media == 0


@pytest.mark.django_db(transaction=True)
def test_what_fails_waits_for_the_desk(client: Client, ticket: Ticket, settings: Any) -> None:
    settings.HOTLINE_REOPEN_DAYS = "a month"  # nobody can count with that
    assert nothing(post(client, Body="STATUS"))
    assert InboundText.objects.waiting().get().body == "STATUS"


def test_a_stranger_writes(client: Client) -> None:
    phone = Phone("+14155550177", datetime.now())
    assert nothing(post(client, From=phone.number, Body="路灯坏了，创业大街"))
    assert InboundText.objects.waiting().get().number == phone.number
    (said,) = phone.heard
    assert "已收到" in said
