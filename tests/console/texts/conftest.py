"""Texts in every state, as gateways leave them behind; only their states are made up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from hotline.models import InboundText
from notifications import outbox
from notifications.models import Attempt, Contact, Message
from tests.people import CALLER
from tickets.models import Ticket

Text = Callable[..., Message]


@pytest.fixture
def caller(ticket: Ticket) -> Contact:
    """Who reported the ticket."""
    return Contact.objects.get(phone=CALLER)


@pytest.fixture
def text(ticket: Ticket, caller: Contact, now: datetime) -> Text:
    """`text("parked", error="…")`: one more text about the ticket, in this state."""

    def make(status: str = "queued", **facts: Any) -> Message:
        message = Message(
            dedupe_key=f"test:{uuid4()}",
            topic=ticket.topic,
            kind="resolve",
            contact=facts.pop("contact", caller),
            language="en",
            body="It is solved.",
        )
        outbox.enqueue([message], now=facts.pop("at", now))
        Message.objects.filter(pk=message.pk).update(**{"status": status} | facts)
        message.refresh_from_db()
        return message

    return make


def tried(message: Message, outcome: str = "", **facts: Any) -> Attempt:
    began = timezone.now() - timedelta(minutes=5)
    attempt: Attempt = Attempt.objects.create(
        message=message,
        token=uuid4(),
        gateway=message.gateway,
        started_at=began,
        finished_at=began + timedelta(seconds=1.2),
        outcome=outcome,
        **facts,
    )
    return attempt


@pytest.fixture
def inbound(caller: Contact, now: datetime) -> InboundText:
    """Words of the caller that the desk has to understand."""
    written: InboundText = InboundText.objects.create(
        provider_sid="SM-1",
        number=CALLER,
        contact=caller,
        body="And the lamp beside the school, too.",
        received_at=now - timedelta(minutes=5),
        state=InboundText.State.WAITING,
    )
    return written
