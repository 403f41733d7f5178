"""What nobody could tell is asked for: a text of unknown fate, one whose receipt never came.

texts.md §4: three clean looks that find nothing, the last one ten minutes later, and the text is
sent once more; what is in doubt again after that waits for a person.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from notifications import receipts
from notifications.gateways import Found, Outgoing, Refusal
from notifications.gateways.routes import gateway, takes
from notifications.models import Attempt, Importance, Message, MessageQuerySet, MessageStatus

logger = logging.getLogger(__name__)
S = MessageStatus
AT_ONCE = 32
MOST = 500  # of one turn
ASKING = timedelta(seconds=60)  # nobody else asks about a text meanwhile
PATIENCE = 0.5  # seconds without all answers until something else is done
LONGEST_WAIT_FOR_RECEIPT = timedelta(hours=24)
LONGEST_DOUBT = timedelta(hours=24)  # without a clean answer; the person's other texts wait for it
NOT_ASKED = gettext_noop("the gateway could not be asked about it for a day")


def reconcile(meanwhile: Callable[[], object] = lambda: None) -> int:
    """Ask about what is due to be asked; returns how many texts were looked up.

    A gateway that hangs must not hold up the others: `meanwhile` is done until it has answered.
    """
    looked_up = 0
    while looked_up < MOST and (messages := _take()):
        with ThreadPoolExecutor(len(messages)) as threads:
            asked = [threads.submit(_ask, one, _last_try(one)) for one in messages]
            while wait(asked, timeout=PATIENCE).not_done:
                meanwhile()
        for message, answer in zip(messages, asked, strict=True):
            _settle(message, answer.result())
        looked_up += len(messages)
    return looked_up


def _take() -> list[Message]:
    """The texts that are due to be asked about, ours for a minute."""
    with transaction.atomic():
        due = (
            Message.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("contact")
            .prefetch_related("tries")
            .filter(status__in=[S.UNKNOWN, S.SENT], look_at__lte=Now())
            .order_by("look_at")[:AT_ONCE]
        )
        taken = list(due)
        Message.objects.filter(pk__in=[one.pk for one in taken]).update(look_at=Now() + ASKING)
    return taken


def _last_try(message: Message) -> Attempt:
    return max(message.tries.all(), key=lambda attempt: attempt.pk)


def _ask(message: Message, attempt: Attempt) -> Sequence[Found] | None:
    """What the gateway knows of the text; None where it gave no clean answer."""
    try:
        asked = gateway(attempt.gateway)
        if attempt.sid:
            return [asked.fetch(attempt.sid)]
        address = _addressed_to(message, attempt)
        if not address:
            return []
        outgoing = Outgoing(address, message.body, attempt.token.hex, timedelta())
        return asked.look_up(outgoing, since=attempt.started_at)
    except (Refusal, KeyError) as error:
        logger.warning("%s could not be asked: %s", attempt.gateway, error)
        return None


def _addressed_to(message: Message, attempt: Attempt) -> str:
    """Where the attempt went, dead or not meanwhile; empty where the person was erased."""
    contact = message.contact
    known = (contact.phone or "", contact.email) if contact else (message.staff_phone,)
    return next((one for one in known if one and takes(attempt.gateway, one)), "")


def _settle(message: Message, found: Sequence[Found] | None) -> None:
    attempt = _last_try(message)
    now = timezone.now()
    if message.status == S.UNKNOWN and attempt.outcome == Attempt.Outcome.REFUSED:
        return _again(message, resent=message.resent)  # written down after the lease had ended
    if found is None:
        return _not_answered(message, attempt)
    if message.status == S.SENT:
        return _confirm(message, attempt, found, now)
    if not _moved(attempt, found, now):
        _found_nothing(message, attempt)
    return None


def _moved(attempt: Attempt, found: Sequence[Found], now: datetime) -> bool:
    """Whether something that the gateway knows has moved the text."""
    return any(
        receipts.settle(attempt, sid=one.sid, status=one.status, code=one.code, now=now)
        for one in found
    )


def _confirm(message: Message, attempt: Attempt, found: Sequence[Found], now: datetime) -> None:
    """A receipt may never come; "sent" is the end then, and no error."""
    if _moved(attempt, found, now):
        return
    age = max(now - (message.sent_at or now), ASKING)
    _look_again(message, age if age < LONGEST_WAIT_FOR_RECEIPT else None)


def _not_answered(message: Message, attempt: Attempt) -> None:
    """Asked again in a minute; after a day "sent" is the end, and a doubt waits for a person."""
    since = Now() - LONGEST_DOUBT
    if not Attempt.objects.filter(pk=attempt.pk, started_at__lt=since).exists():
        _look_again(message, ASKING)
    elif message.status == S.SENT:
        _look_again(message, None)
    else:
        _still_unknown(message).update(status=S.PARKED, look_at=None, error=NOT_ASKED)


def _found_nothing(message: Message, attempt: Attempt) -> None:
    looks, waits = message.looks + 1, settings.TEXT_LOOK_SECONDS
    if gateway(attempt.gateway).proof:
        _again(message, resent=message.resent)
    elif looks < len(waits):
        more = timedelta(seconds=waits[looks] - waits[looks - 1])
        _still_unknown(message).update(looks=looks, look_at=Now() + more)
    elif message.resent or message.importance == Importance.INFO:
        _still_unknown(message).update(
            status=S.PARKED, looks=looks, look_at=None, error="the gateway's answer was lost"
        )
    else:
        _again(message, resent=True)


def _again(message: Message, *, resent: bool) -> None:
    _still_unknown(message).update(
        status=S.QUEUED, run_at=Now(), looks=0, look_at=None, resent=resent, error=""
    )


def _look_again(message: Message, after: timedelta | None) -> None:
    look_at = None if after is None else Now() + after
    Message.objects.filter(pk=message.pk, status=message.status).update(look_at=look_at)


def _still_unknown(message: Message) -> MessageQuerySet:
    """The text, unless a receipt or somebody else who asked has moved it meanwhile."""
    return Message.objects.filter(
        pk=message.pk, status=S.UNKNOWN, looks=message.looks, resent=message.resent
    )
