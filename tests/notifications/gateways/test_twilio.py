"""What Twilio is asked to send, and what we count on in its SDK."""

import base64
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from notifications.gateways import Outgoing, Refusal, Verdict
from notifications.gateways import twilio as module
from notifications.gateways.twilio import Twilio
from tests.notifications.gateways.conftest import ACCOUNT, OURS, SID, TOKEN, text_of, twilio_at
from tests.notifications.gateways.server import Server, says

HERE = "https://hotline.example.org"
STARTED = datetime(2026, 7, 31, 11, 10, tzinfo=UTC)
BODY = "Ticket 26-0004217-3: the light is on again."


@pytest.fixture(autouse=True)
def here(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = HERE


def test_it_works(server: Server, twilio: Twilio) -> None:
    server.always(says(201, {"sid": SID, "status": "queued"}))
    assert twilio.send(text_of()) == SID
    (asked,) = server.asked
    assert asked.method == "POST"
    assert asked.target == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    login = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert asked.headers["authorization"] == f"Basic {login}"
    assert asked.form == {
        "To": "+14155550123",
        "From": "+14155550100",
        "Body": BODY,
        "ValidityPeriod": "14400",
        "StatusCallback": f"{HERE}/hooks/twilio/status/{OURS}/#rc=5&rp=5xx,ct,rt",
    }


def test_a_messaging_service_chooses_the_sender(server: Server) -> None:
    server.always(says(201, {"sid": SID}))
    service = "MG" + "2" * 32
    twilio_at(server.url, messaging_service_sid=service).send(text_of())
    form = server.asked[0].form
    assert (form["MessagingServiceSid"], "From" in form) == (service, False)


def test_chinese_words_arrive_as_they_are(server: Server, twilio: Twilio) -> None:
    server.always(says(201, {"sid": SID}))
    twilio.send(text_of(body="路灯已修好。\n修好请回复1 "))
    assert server.asked[0].form["Body"] == "路灯已修好。\n修好请回复1 "


@pytest.mark.parametrize(
    ("left", "asked"),
    [
        (timedelta(hours=4), "14400"),
        (timedelta(days=2), "36000"),
        (timedelta(seconds=90.9), "90"),
        (timedelta(milliseconds=5), "1"),
        (timedelta(hours=-1), "1"),
    ],
)
def test_what_is_not_worth_it_any_more_shall_not_arrive(
    server: Server, twilio: Twilio, left: timedelta, asked: str
) -> None:
    server.always(says(201, {"sid": SID}))
    twilio.send(text_of(valid_for=left))
    assert server.asked[0].form["ValidityPeriod"] == asked


@pytest.mark.parametrize("base", ["http://localhost:8000", "https://hotline", "http://[::1]:8000"])
def test_without_an_address_in_the_world_it_asks_for_no_receipts(
    server: Server, twilio: Twilio, settings: Settings, base: str
) -> None:
    settings.PUBLIC_BASE_URL = base
    server.always(says(201, {"sid": SID}))
    twilio.send(text_of())
    assert "StatusCallback" not in server.asked[0].form


@pytest.mark.parametrize("sid", ["", None, 7, "CA" + "1" * 32, SID[:-1]])
def test_an_id_that_is_none_leaves_the_text_in_doubt(
    server: Server, twilio: Twilio, sid: object
) -> None:
    server.always(says(201, {"sid": sid}))
    with pytest.raises(Refusal) as refusal:
        twilio.send(text_of())
    assert refusal.value.verdict is Verdict.AMBIGUOUS


class Recorder(HttpClient):  # type: ignore[misc]
    def request(self, *args: Any, **kwargs: Any) -> Response:
        self.asked = (args, kwargs)
        return Response(201, json.dumps({"sid": SID}))


def test_what_we_count_on_in_the_sdk() -> None:
    """It hands everything to our network and uses nothing but what comes back."""
    network = Recorder(logging.getLogger("quiet"), is_async=False)
    client = Client(ACCOUNT, TOKEN, http_client=network)
    assert client.messages.create(to="+14155550123", from_="+14155550100", body="Hi.").sid == SID
    args, kwargs = network.asked
    assert args == ("POST", f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    assert kwargs["auth"] == (ACCOUNT, TOKEN)
    assert kwargs["data"] == {"To": "+14155550123", "From": "+14155550100", "Body": "Hi."}
    assert kwargs["timeout"] is None


def test_a_refusal_passes_through_the_sdk_untouched(server: Server, twilio: Twilio) -> None:
    server.always(says(429, {"code": 20429}, Retry_After="7"))
    for question in (
        lambda: twilio.send(text_of()),
        lambda: twilio.fetch(SID),
        lambda: twilio.look_up(text_of(), since=STARTED),
    ):
        with pytest.raises(Refusal) as refusal:
            question()
        assert refusal.value.retry_after == timedelta(seconds=7)


def test_an_unforeseen_trip_of_the_sdk_leaves_the_text_in_doubt(
    twilio: Twilio, text: Outgoing
) -> None:
    def trips() -> None:
        raise AttributeError("'NoneType' object has no attribute 'get'")

    with pytest.raises(Refusal) as refusal:
        module.asked(trips)
    assert (refusal.value.verdict, refusal.value.code) == (Verdict.AMBIGUOUS, "AttributeError")
