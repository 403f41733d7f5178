"""Texts of a story: queued as services queue them, and what became of them."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from notifications import outbox
from notifications.models import Attempt, Message
from tests.matrix.town import until

UNDER_WAY = {"queued", "sending", "unknown"}
WORDS = "Ticket 26-0004217-3: the light is on again."


CROWD = [f"+14155550{number}" for number in range(160, 200)]  # for rows of many texts


def queue(*to: str, body: str = WORDS, **more: Any) -> list[Message]:
    """A text to each of them, in one transaction; the worker is nudged as always."""
    now = timezone.now()
    facts = {"topic": "ticket:1", "kind": "resolved", "language": "en", "body": body, **more}
    with transaction.atomic():
        texts = []
        for phone in to:
            contact = outbox.find_or_add_contact(phone, name="", language="en", now=now)
            texts.append(Message(contact=contact, dedupe_key=str(uuid4()), **facts))
        return outbox.enqueue(texts, now=now)


def status(message: Message) -> str:
    message.refresh_from_db()
    return message.status


def settled(*messages: Message) -> list[Message]:
    """Once nothing of it is under way any more."""
    mine = Message.objects.filter(pk__in=[message.pk for message in messages])
    until(lambda: not mine.filter(status__in=UNDER_WAY).exists())
    for message in messages:
        message.refresh_from_db()
    return list(messages)


def tries(message: Message) -> list[Attempt]:
    return list(Attempt.objects.filter(message=message).order_by("pk"))
