"""The only way in: others enqueue texts here, in the transaction of the fact they tell of."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from common.phones import is_landline
from notifications import tasks
from notifications.gateways.routes import route
from notifications.models import Contact, Importance, Message, MessageStatus, Untextable
from notifications.segments import count_segments, normalise

# For how long a text is worth sending; the gateway is told too.
WORTH = {
    Importance.CRITICAL: timedelta(hours=4),
    Importance.REPLY: timedelta(hours=24),
    Importance.NORMAL: timedelta(hours=48),
    Importance.INFO: timedelta(hours=12),
}


def find_or_add_contact(
    phone: str, *, name: str, language: str, now: datetime, email: str = ""
) -> Contact:
    """The contact of an E.164 number, or of a mail address where there is no number.

    A name or language given now replaces the older one. The address of a number is whoever first
    gave it: otherwise a stranger who types the number would get its owner's news.
    """
    given = {"language": language} | ({"name": name} if name else {})
    if not phone:
        return _find_or_add_by_email(email, given, now)
    if known := Contact.objects.filter(phone=phone).first():
        return _rename(known, given)
    contact = Contact(
        phone=phone,
        email=email,
        name=name,
        language=language,
        untextable=Untextable.LANDLINE if is_landline(phone) else "",
        created_at=now,
    )
    Contact.objects.bulk_create(  # somebody else may add the same number at this moment
        [contact], update_conflicts=True, unique_fields=["phone"], update_fields=list(given)
    )
    return contact


def _rename(known: Contact, given: dict[str, str]) -> Contact:
    changed = {field: value for field, value in given.items() if getattr(known, field) != value}
    for field, value in changed.items():
        setattr(known, field, value)
    if changed:
        known.save(update_fields=list(changed))
    return known


def _find_or_add_by_email(email: str, given: dict[str, str], now: datetime) -> Contact:
    contact, _ = Contact.objects.update_or_create(
        phone=None,
        email=email.lower(),
        defaults=given,
        create_defaults={**given, "created_at": now},
    )
    return contact


def enqueue(
    messages: Iterable[Message],
    *,
    now: datetime,
    wait: timedelta = timedelta(0),
    replaces: Iterable[str] = (),
) -> list[Message]:
    """Store texts with the fact and wake the sender after the commit.

    A text waits for `wait`, in case there is more to say; one that `replaces` queued texts of its
    topic, by their kind, goes when the first of these would have gone: news never waits for ever.
    The same dedupe key twice is refused by the database (IntegrityError): a fact is told once.
    Whoever can get no texts has theirs kept as `suppressed`: the log says why. Whoever wants none
    is asked for when the text is about to go out (notifications/delivery.py).
    """
    batch = list(messages)
    if not batch:
        return []
    earlier = _replace(batch[0].topic, replaces) if replaces else {}
    for message in batch:
        message.body = normalise(message.body)
        message.segments = count_segments(message.body)
        message.gateway = route(message.recipient) if message.recipient else ""
        message.created_at = now
        message.run_at = min(now + wait, earlier.get(message.contact_id, now + wait))
        message.expires_at = message.expires_at or now + WORTH[Importance(message.importance)]
        if not message.recipient:
            message.status = MessageStatus.SUPPRESSED
    Message.objects.bulk_create(batch)
    if any(m.status == MessageStatus.QUEUED and m.run_at <= now for m in batch):
        transaction.on_commit(tasks.wake, robust=True)
    return batch


def _replace(topic: str, kinds: Iterable[str]) -> dict[int | None, datetime]:
    """Queued texts of a topic give way to a newer one; when each person's first was due."""
    waiting = Message.objects.about(topic).filter(
        status=MessageStatus.QUEUED, kind__in=list(kinds), contact__isnull=False
    )
    due = dict(waiting.values_list("contact").annotate(first=Min("run_at")))
    if due:
        waiting.update(status=MessageStatus.SUPERSEDED)
    return due


def cancel_waiting(topic: str, kinds: Iterable[str]) -> int:
    """Withdraw what is queued about a topic and no longer true; returns how many."""
    return (
        Message.objects.about(topic)
        .filter(status=MessageStatus.QUEUED, kind__in=list(kinds))
        .update(status=MessageStatus.CANCELLED)
    )
