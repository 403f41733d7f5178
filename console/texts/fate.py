"""One text: what was tried, what gateways told of it, and why it is where it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext as _

from common.models import Role, User
from console.queue.masking import mask_address, show_address
from console.texts import wording
from console.texts.lists import tickets_of, whom
from console.texts.reach import Reach, reach_of
from hotline.call_backs import CALLED_INSTEAD
from notifications.models import Attempt, Message, MessageStatus, Receipt
from notifications.waits import why_it_waits
from notifications.ways import describe
from tickets.models import Ticket

S = MessageStatus


@dataclass(frozen=True)
class Told:
    """A receipt, in the gateway's own word and in ours."""

    receipt: Receipt
    code: str

    @property
    def at(self) -> datetime:
        return self.receipt.received_at


@dataclass(frozen=True)
class Try:
    attempt: Attempt
    gateway: str
    code: str
    told: list[Told]

    @property
    def took(self) -> str:
        """`1.2 s`, of the conversation with the gateway."""
        ended = self.attempt.finished_at
        seconds = (ended - self.attempt.started_at).total_seconds() if ended else 0
        return _("%(seconds)s s") % {"seconds": number_format(max(seconds, 0), 1)}


@dataclass(frozen=True)
class Fate:
    message: Message
    kind: str
    to: str
    gateway: str
    ticket: Ticket | None
    reach: Reach | None  # None for crews
    reasons: list[str]  # why it is where it is
    tries: list[Try]
    may_act: bool

    @property
    def error(self) -> str:
        return wording.error(self.message.error)

    @property
    def can_go_again(self) -> bool:
        return self.may_act and self.message.status in (S.PARKED, S.UNDELIVERED)

    @property
    def can_be_called(self) -> bool:
        known = bool(self.message.contact and self.message.contact.phone)
        return self.may_act and known and self.message.status in CALLED_INSTEAD


def read(message: Message, *, reader: User, now: datetime) -> Fate:
    """Everything about one text; numbers in full only for those who may ring people."""
    tries = list(message.tries.prefetch_related("receipts").order_by("pk"))
    reach = reach_of([message.contact]).get(message.contact.pk) if message.contact else None
    full = reader.role != Role.AUDITOR
    return Fate(
        message,
        kind=wording.kind(message.kind),
        to=(show_address if full else mask_address)(whom(message)),
        gateway=wording.gateway(message.gateway),
        ticket=tickets_of([message]).get(message.pk),
        reach=reach,
        reasons=_reasons(message, reach, tried=bool(tries), now=now),
        tries=[_try(attempt) for attempt in tries],
        may_act=full,
    )


def _try(attempt: Attempt) -> Try:
    told = sorted(attempt.receipts.all(), key=lambda receipt: (receipt.received_at, receipt.pk))
    return Try(
        attempt,
        wording.gateway(attempt.gateway),
        in_words(attempt.code),
        [Told(receipt, in_words(receipt.code)) for receipt in told],
    )


def in_words(code: str) -> str:
    """`30003 the phone cannot be reached`; only the code where nobody knows what it means."""
    words = describe(code)
    return f"{code} {gettext(words)}" if words else code


def _reasons(message: Message, reach: Reach | None, *, tried: bool, now: datetime) -> list[str]:
    found = [
        str(wording.WAITS[wait.why]) % {"time": moment(wait.until)}
        for wait in why_it_waits(message, tried=tried, now=now)
    ]
    if message.status == S.UNKNOWN:
        found.append(_("Nobody can tell whether the gateway took it. It is asked for again."))
    if message.status == S.SENT:
        found.append(_("The gateway took it. Many networks never say whether it arrived."))
    if message.status == S.SUPERSEDED:
        found.append(_("A newer text told more, and went instead."))
    if message.status == S.EXPIRED:
        found.append(_("It could not go in time, and is not worth saying any more."))
    if message.status == S.SUPPRESSED and reach and not reach.textable:
        found.append(reach.why)
    if message.doubled:
        found.append(_("Evidence came late: this person got it twice."))
    elif message.resent:
        found.append(_("It was sent once more after a doubt. It is not sent a third time."))
    return found


def moment(at: datetime | None) -> str:
    """`19:10` today, else with its day."""
    if at is None:
        return "–"
    here = timezone.localtime(at)
    if here.date() == timezone.localdate():
        return date_format(here, "H:i")
    return date_format(here, pgettext("date format", "j M Y, H:i"))
