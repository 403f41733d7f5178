"""The gateway is the one thing that is replaced, by one that does what the test says."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications import outbox
from notifications.gateways import Found, Outgoing, Refusal, routes
from notifications.models import Contact, Message

PHONE = "+14155550101"


class Gateway:
    """Takes every text, or answers with the error it was told to answer with."""

    name = "printing"
    proof = False

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.tokens: list[str] = []
        self.error: Exception | None = None
        self.known: list[Found] | Refusal = []  # what it answers when it is asked
        self.meanwhile: Callable[[], Any] = lambda: None  # what happens during the call
        self._lock = threading.Lock()

    def send(self, text: Outgoing) -> str:
        with self._lock:
            self.taken.append((text.to, text.body))
            self.tokens.append(text.token)
            sid = f"SM{len(self.taken):032d}"
        self.meanwhile()
        if self.error:
            raise self.error
        return sid

    def look_up(self, text: Outgoing, *, since: datetime) -> list[Found]:
        if isinstance(self.known, Refusal):
            raise self.known
        return self.known

    def fetch(self, sid: str) -> Found:
        (found,) = self.look_up(Outgoing("", "", "", timedelta()), since=timezone.now())
        return found


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    gateway = Gateway()
    monkeypatch.setitem(routes.gateways(), "printing", gateway)
    return gateway


@pytest.fixture
def contact(db: None, now: datetime) -> Contact:
    return outbox.find_or_add_contact(PHONE, name="Li Wei", language="en", now=now)


def text(contact: Contact, key: str = "event:1", **more: Any) -> Message:
    facts: dict[str, Any] = {"topic": "ticket:1", "kind": "open", "language": "en", "body": "Hi."}
    return Message(dedupe_key=key, contact=contact, **(facts | more))


@pytest.fixture
def queued(contact: Contact, now: datetime) -> Message:
    (message,) = outbox.enqueue([text(contact)], now=now)
    return message
