"""What is known about a text from its gateway: receipts, answers to our questions. Forward only."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from common.transactions import all_or_nothing
from notifications import consent, health
from notifications.gateways import codes
from notifications.gateways.routes import route
from notifications.health import Seen
from notifications.models import (
    EARLIER,
    Attempt,
    Contact,
    Importance,
    Message,
    MessageStatus,
    Receipt,
    Untextable,
)

logger = logging.getLogger(__name__)
S = MessageStatus
CONFIRM_AFTER = timedelta(hours=1)  # without a receipt: then the gateway is asked

# The gateways' own words, as they become ours. An unknown word is stored and moves nothing.
UNDER_WAY = ("accepted", "scheduled", "queued", "sending", "sent")
MEANING = dict.fromkeys(UNDER_WAY, "sent") | codes.ENDS
LOST = (S.UNDELIVERED, S.FAILED)
NEVER_ARRIVED = [word for word, status in MEANING.items() if status in LOST]


@all_or_nothing
def take_receipt(
    gateway: str, *, token: str, sid: str, status: str, code: str, now: datetime
) -> None:
    """Keep what a gateway told us, once, and move the text forward.

    Doubled, early and reordered receipts do no harm; one that names no attempt of ours is dropped.
    """
    ours = Message.objects.select_for_update(no_key=True, of=("self",))
    message = ours.filter(tries__token=UUID(token), tries__gateway=gateway).first()
    if message is None:
        logger.warning("%s: a receipt that belongs to no text of ours", gateway)
        return
    attempt = message.tries.get(token=UUID(token))
    Receipt.objects.bulk_create(
        [
            Receipt(
                gateway=gateway,
                sid=sid,
                status=status,
                code=code,
                attempt=attempt,
                received_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    if attempt.sid in (None, sid):
        _settle(message, attempt, sid=sid, status=MEANING.get(status, ""), code=code, now=now)
    else:  # the request was repeated on its way
        _say_doubled(message)


@all_or_nothing
def settle(attempt: Attempt, *, sid: str, status: str, code: str, now: datetime) -> bool:
    """The gateway has this attempt, as `sid`, and it got as far as `status` (a MessageStatus, or
    empty). False where the text was as far already, or where the sid is another attempt's."""
    # The text before anything of its attempt: so does whoever writes down an answer.
    message = Message.objects.select_for_update(no_key=True).get(pk=attempt.message_id)
    attempt.refresh_from_db(fields=["sid"])
    return _settle(message, attempt, sid=sid, status=status, code=code, now=now)


def _settle(
    message: Message, attempt: Attempt, *, sid: str, status: str, code: str, now: datetime
) -> bool:
    first = attempt.sid is None  # that is heard of it
    moves = bool(status) and message.status in EARLIER[status]
    moves = moves and not _is_history(message, attempt, status)
    if not _own(attempt, sid):
        return False
    if moves:
        _move(message, status, code, now)
    if first:
        mark_doubled([message.pk])
    return moves


def _is_history(message: Message, attempt: Attempt, status: str) -> bool:
    """Of a try that came to nothing, once the text has a second one, only an arrival is news:
    what is repeated, or comes late, does not cost it that chance."""
    if status == S.DELIVERED:
        return False
    if message.status == S.QUEUED:
        return attempt.sid is not None
    return status in LOST and message.tries.filter(pk__gt=attempt.pk).exists()


def mark_doubled(message_ids: Iterable[int]) -> None:
    """Where two attempts at one text turn out to have been accepted, somebody got it twice."""
    for message in Message.objects.filter(pk__in=message_ids, doubled=False):
        accepted = message.tries.exclude(sid=None)
        if accepted.exclude(receipts__status__in=NEVER_ARRIVED).count() > 1:
            _say_doubled(message)


def _say_doubled(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(doubled=True)
    logger.error("message %s was sent twice", message.pk)


def number_is_dead(phone: str, *, code: str) -> None:
    """No text will ever arrive there; people see why, and ring instead."""
    contact = Contact.objects.filter(phone=phone).first()
    if contact is None:
        return
    contact.untextable = Untextable.LANDLINE if codes.is_landline(code) else Untextable.UNREACHABLE
    contact.save(update_fields=["untextable"])
    waiting = Message.objects.filter(contact=contact, status=S.QUEUED)
    if contact.address:
        waiting.update(gateway=route(contact.address))
    else:
        waiting.update(status=S.SUPPRESSED)


def _own(attempt: Attempt, sid: str) -> bool:
    if attempt.sid:
        return attempt.sid == sid
    try:
        with transaction.atomic():
            Attempt.objects.filter(pk=attempt.pk, sid=None).update(
                sid=sid, outcome=Attempt.Outcome.ACCEPTED
            )
    except IntegrityError:
        logger.error("%s: two attempts were given the same id", attempt.gateway)
        return False
    attempt.sid = sid
    return True


def _move(message: Message, status: str, code: str, now: datetime) -> None:
    message.status = status
    message.lease = message.lease_until = message.look_at = None
    message.sent_at = message.sent_at or now
    if status == S.SENT:
        message.look_at = now + CONFIRM_AFTER
    if status == S.DELIVERED:
        message.delivered_at = now
    if status in LOST:
        message.error = f"{code} {codes.describe(code)}".strip()[:200]
        _after_failure(message, code, now)
    message.save()


def _after_failure(message: Message, code: str, now: datetime) -> None:
    """What the gateway's reason asks for: silence, a call instead, or one more try."""
    action = codes.after_receipt(code)
    phone = message.contact.phone if message.contact else None
    if phone and action.opted_out:
        consent.opt_out(phone, source=message.gateway, now=now)
    if action.account:
        health.note(message.gateway, [Seen.CLOSED], reason=message.error)
    if phone and action.number:
        number_is_dead(phone, code=code)
    again = action.retry_after and not message.resent and message.importance != Importance.INFO
    if again and action.retry_after and now + action.retry_after < message.expires_at:
        message.status, message.resent = S.QUEUED, True
        message.run_at = now + action.retry_after
