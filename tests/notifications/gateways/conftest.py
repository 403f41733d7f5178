"""One gateway of each kind, on a server that does what the test says."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from notifications.gateways import Outgoing, Refusal
from notifications.gateways.json_http import JsonHttp
from notifications.gateways.routes import gateways
from notifications.gateways.twilio import Twilio
from tests.notifications.gateways.server import Server

ACCOUNT = "AC" + "0" * 32
TOKEN = "0123456789abcdef0123456789abcdef"
KEY = "a key of two"
SID = "SM" + "1" * 32
OURS = "6d1ff3c2a4f04f4e8d5c1b2a39485766"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        server.start()
        yield server
        server.shutdown()


def twilio_at(url: str, **sender: str) -> Twilio:
    return Twilio(
        account=ACCOUNT, token=TOKEN, base=url, sender=sender or {"from_": "+14155550100"}
    )


@pytest.fixture
def twilio(server: Server) -> Twilio:
    return twilio_at(server.url)


@pytest.fixture
def json_gateway(server: Server) -> JsonHttp:
    return JsonHttp(url=f"{server.url}/api", key=KEY)


@pytest.fixture
def text() -> Outgoing:
    return text_of()


def text_of(**more: Any) -> Outgoing:
    facts = {"to": "+14155550123", "body": "Ticket 26-0004217-3: the light is on again."}
    return Outgoing(**{**facts, "token": OURS, "valid_for": timedelta(hours=4), **more})


def refused(gateway: Twilio | JsonHttp, text: Outgoing) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        gateway.send(text)
    assert "4155550123" not in str(refusal.value)
    return refusal.value


@pytest.fixture
def configured(settings: Settings) -> Iterator[Settings]:
    """Settings of which the routes take notice, and nothing of this machine's environment."""
    for name in ("ACCOUNT_SID", "AUTH_TOKEN", "FROM", "MESSAGING_SERVICE_SID", "SHARED_KEY"):
        setattr(settings, f"TWILIO_{name}", "")
    settings.JSON_GATEWAY_URL = settings.JSON_GATEWAY_KEY = settings.EMAIL_HOST = ""
    settings.TEXT_ROUTES = []
    gateways.cache_clear()
    yield settings
    gateways.cache_clear()
