"""The only way in: others enqueue texts here, in the transaction of the fact they tell of."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from common.phones import hash_phone
from notifications import tasks
from notifications.models import Contact, Message, MessageStatus, Suppression
from notifications.segments import count_segments, normalise


def find_or_add_contact(phone: str, *, name: str, language: str, now: datetime) -> Contact:
    """The contact of an E.164 number; a name or language given now replaces the older one."""
    given = {"language": language} | ({"name": name} if name else {})
    known = Contact.objects.filter(phone=phone).first()
    if known and all(getattr(known, field) == value for field, value in given.items()):
        return known
    contact = Contact(phone=phone, name=name, language=language, created_at=now)
    Contact.objects.bulk_create(
        [contact], update_conflicts=True, unique_fields=["phone"], update_fields=list(given)
    )
    return contact


def enqueue(messages: Iterable[Message], *, now: datetime) -> list[Message]:
    """Store texts with the fact and wake the sender after the commit.

    The same dedupe key twice is refused by the database (IntegrityError): a fact is told once.
    A suppressed number's text is kept as `suppressed`, so that the log says why nobody heard.
    """
    batch = list(messages)
    if not batch:
        return []
    hashes = {m.recipient: hash_phone(m.recipient) for m in batch if m.recipient}
    silent = set(
        Suppression.objects.filter(phone_hash__in=hashes.values()).values_list(
            "phone_hash", flat=True
        )
    )
    for message in batch:
        message.body = normalise(message.body)
        message.segments = count_segments(message.body)
        message.created_at = message.run_at = now
        if not message.recipient or hashes[message.recipient] in silent:
            message.status = MessageStatus.SUPPRESSED
    Message.objects.bulk_create(batch)
    if any(message.status == MessageStatus.QUEUED for message in batch):
        transaction.on_commit(tasks.wake, robust=True)
    return batch


def cancel_waiting(topic: str, kinds: Iterable[str]) -> int:
    """Withdraw what is queued about a topic and no longer true; returns how many."""
    return (
        Message.objects.about(topic)
        .filter(status=MessageStatus.QUEUED, kind__in=list(kinds))
        .update(status=MessageStatus.CANCELLED)
    )
