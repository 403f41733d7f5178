"""Why a queued text has not gone yet, as claim.py would answer; screens put it into words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from notifications import quiet
from notifications.claim import CAP
from notifications.gateways.routes import gateways
from notifications.models import GatewayHealth, Importance, Message, MessageStatus

S = MessageStatus
HOUR = timedelta(hours=1)


class Why(StrEnum):
    NEWS = "news"  # there may be more to say
    AGAIN = "again"  # it was tried; the next try is later
    TOO_LATE = "too_late"  # the sweep withdraws it
    NO_GATEWAY = "no_gateway"  # nothing of this name is set up
    BROKEN = "broken"  # the gateway is; one text in a while tries the way
    PAUSE = "pause"  # the gateway asked for it
    NIGHT = "night"
    DOUBT = "doubt"  # another text to this person may have gone
    ANOTHER = "another"  # another text to this person is going
    ENOUGH = "enough"  # texts to this person within an hour
    TURN = "turn"  # it goes with the next handful


@dataclass(frozen=True)
class Wait:
    why: Why
    until: datetime | None = None  # where it can be told


def why_it_waits(message: Message, *, tried: bool, now: datetime) -> list[Wait]:
    """Everything that keeps a queued text, its gateway first; empty for any other text.

    `tried`: there was an attempt already.
    """
    if message.status != S.QUEUED:
        return []
    if message.expires_at <= now:
        return [Wait(Why.TOO_LATE)]
    found = _gateway(message, now)
    if message.run_at > now:
        found.append(Wait(Why.AGAIN if tried else Why.NEWS, message.run_at))
    return [*found, *_night(message, now), *_person(message, now)] or [Wait(Why.TURN)]


def _gateway(message: Message, now: datetime) -> list[Wait]:
    if message.gateway not in gateways():
        return [Wait(Why.NO_GATEWAY)]
    health = GatewayHealth.objects.filter(name=message.gateway, closed_until__isnull=False).first()
    if health is None or health.closed_until is None:
        return []
    if health.opened_at:
        return [Wait(Why.BROKEN, max(health.closed_until, now))]
    return [Wait(Why.PAUSE, health.closed_until)] if health.closed_until > now else []


def _night(message: Message, now: datetime) -> list[Wait]:
    """Also of a text that becomes due in the coming night."""
    due = max(message.run_at, now)
    wakes = message.importance <= Importance.REPLY
    return [] if wakes or not quiet.is_night(due) else [Wait(Why.NIGHT, quiet.morning(due))]


def _person(message: Message, now: datetime) -> list[Wait]:
    """What other texts to the same person keep this one back."""
    if message.contact_id is None:
        return []
    theirs = Message.objects.filter(contact=message.contact_id)
    flying = theirs.filter(status__in=[S.SENDING, S.UNKNOWN]).values_list("status", flat=True)
    waits = [Wait(Why.DOUBT if status == S.UNKNOWN else Why.ANOTHER) for status in flying[:1]]
    if message.importance <= Importance.REPLY:
        return waits
    sent = theirs.filter(sent_at__gt=now - HOUR).order_by("-sent_at")
    times = list(sent.values_list("sent_at", flat=True)[:CAP])
    if len(times) == CAP and times[-1]:
        waits.append(Wait(Why.ENOUGH, times[-1] + HOUR))
    return waits
