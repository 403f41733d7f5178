"""What a person does about texts that do not go by themselves. Every click may come twice."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from common.transactions import all_or_nothing
from notifications import health, tasks
from notifications.consent import opted_out
from notifications.gateways.routes import route
from notifications.models import EARLIER, Importance, Message, MessageQuerySet, MessageStatus
from notifications.outbox import WORTH

S = MessageStatus
MOST = 1000  # texts of one go
AGAIN = EARLIER[S.QUEUED] & {S.PARKED, S.UNDELIVERED}  # from where a person may send again
UNDER_WAY = {S.QUEUED, S.SENDING}


class NotPossible(Exception):
    """The text cannot be sent, or let be, any more; says why."""


@all_or_nothing
def send_again(message_id: int, *, now: datetime) -> None:
    """Queue it anew, with all its attempts. What was said twice once is not doubted twice:
    `resent` stays. Raises NotPossible where that would be in vain, or the text has moved on."""
    message = _lock().get(pk=message_id)
    if message.status in UNDER_WAY:
        return  # the second of two clicks
    if message.status not in AGAIN:
        raise NotPossible(moved_on(message))
    if not message.recipient:
        raise NotPossible(_("This person gets no texts: there is no number or address for them."))
    if opted_out([message.recipient]):
        raise NotPossible(_("This person wants no texts."))
    _queue([message], now)


@all_or_nothing
def send_all_again(*, gateway: str, error: str, now: datetime) -> tuple[int, int]:
    """Queue what one gateway left parked for one reason, the oldest first, MOST at a time.

    Returns how many were queued, and how many stay because their people get, or want, no texts.
    """
    held = _lock(skip=True).filter(status=S.PARKED, gateway=gateway, error=error)
    found = list(held.order_by("pk")[:MOST])
    silent = opted_out({m.recipient for m in found if m.recipient})
    going = [m for m in found if m.recipient and m.recipient not in silent]
    _queue(going, now)
    return len(going), len(found) - len(going)


@all_or_nothing
def let_be(message_id: int) -> None:
    """A parked text is not sent any more. Raises NotPossible where it has moved on."""
    message = _lock().get(pk=message_id)
    if message.status == S.CANCELLED:
        return
    if message.status != S.PARKED:
        raise NotPossible(moved_on(message))
    Message.objects.filter(pk=message.pk).update(status=S.CANCELLED)


def try_gateway(name: str) -> None:
    """A person says that the gateway is mended: one text tries the way at once."""
    health.try_again(name)
    transaction.on_commit(tasks.wake, robust=True)


def moved_on(message: Message) -> str:
    said = _("The text has moved on meanwhile: it is now “%(status)s”. Nothing was changed.")
    return said % {"status": message.get_status_display()}


def _lock(*, skip: bool = False) -> MessageQuerySet:
    rows = Message.objects.select_for_update(no_key=True, of=("self",), skip_locked=skip)
    return rows.select_related("contact")


def _queue(messages: Iterable[Message], now: datetime) -> None:
    """As if they were new, but for what happened to them; the way to a person may have changed."""
    alike: dict[tuple[str, int, bool], list[int]] = defaultdict(list)
    for one in messages:
        said = one.resent or one.status == S.UNDELIVERED
        alike[route(one.recipient), one.importance, said].append(one.pk)
    for (gateway, importance, resent), ids in alike.items():
        Message.objects.filter(pk__in=ids).update(
            status=S.QUEUED,
            gateway=gateway,
            run_at=now,
            expires_at=Greatest(F("expires_at"), Value(now + WORTH[Importance(importance)])),
            attempts=0,
            looks=0,
            look_at=None,
            resent=resent,
            error="",
        )
    if alike:
        transaction.on_commit(tasks.wake, robust=True)
