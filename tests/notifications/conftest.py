"""The gateway is the one thing that is replaced, by one that does what the test says."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from notifications import delivery, outbox
from notifications.models import Contact, Message
from notifications.transports import TransportError

PHONE = "+14155550101"


class Gateway:
    """Takes every text, or answers with the error it was told to answer with."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.error: TransportError | None = None
        self.meanwhile: Callable[[], Any] = lambda: None  # what happens during the call
        self._lock = threading.Lock()

    def send(self, *, to: str, body: str) -> str:
        with self._lock:
            self.taken.append((to, body))
            sid = f"SM{len(self.taken):032d}"
        self.meanwhile()
        if self.error:
            raise self.error
        return sid


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    gateway = Gateway()
    monkeypatch.setattr(delivery, "choose_transport", lambda: gateway)
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
