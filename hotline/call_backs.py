"""Calls we owe: to callers nobody answered, and to people whom texts do not reach."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.models import User
from common.transactions import all_or_nothing
from hotline.models import Call, CallBack
from notifications import consent, parked
from notifications.models import Contact, Message, MessageStatus
from notifications.parked import NotPossible
from tickets.models import OPEN, Status, Ticket

SOON = timedelta(hours=4)
NEWS = timedelta(days=2)  # what is older is no news any more
A_DAY = timedelta(days=1)

CALLED_INSTEAD = frozenset(
    {
        MessageStatus.PARKED,
        MessageStatus.UNDELIVERED,
        MessageStatus.FAILED,
        MessageStatus.SUPPRESSED,
    }
)
LOST = (MessageStatus.FAILED, MessageStatus.UNDELIVERED)
CALLED_ABOUT = (*OPEN, Status.RESOLVED, Status.REJECTED)
# To somebody whom texts never reach: they gave us their report themselves, and its solution was
# told to them by voice.
KNOWN_ANYWAY = ("open", "join", "close")

Pair = tuple[int, int]  # contact, ticket


def owe(
    contact: Contact | None,
    *,
    ticket: Ticket | None = None,
    reason: str,
    now: datetime,
    due: datetime | None = None,
    call: Call | None = None,
) -> CallBack:
    """The call we owe this person (about this ticket): one, however many reasons there are.

    `call` is the one that nobody answered; without a contact, the message left in it is listened
    to and that is all. A spoken message is a better reason than a missed call.
    """
    facts: dict[str, Any] = {"reason": reason, "created_at": now, "due_at": due or now + SOON}
    for _attempt in range(3):  # until it is there, or ours
        if found := _owed(contact, ticket, call):
            if reason == CallBack.Reason.MESSAGE:
                found.reason, found.call = reason, call
                found.save(update_fields=["reason", "call"])
            return found
        try:
            with transaction.atomic():
                return CallBack.objects.create(contact=contact, ticket=ticket, call=call, **facts)
        except IntegrityError:
            continue
    raise RuntimeError("a call-back was promised and kept three times in a row")


@all_or_nothing
def finish(call_back: CallBack, *, by: User | None, now: datetime, outcome: str) -> CallBack:
    """It was made, or is not needed; the first to say so is right. `outcome` is an Outcome."""
    owed = CallBack.objects.select_for_update(no_key=True).get(pk=call_back.pk)
    if owed.done_at is None:
        owed.outcome = CallBack.Outcome(outcome)
        owed.done_at, owed.done_by = now, by
        owed.save(update_fields=["outcome", "done_at", "done_by"])
    return owed


@all_or_nothing
def call_instead(message: Message, *, now: datetime) -> None:
    """Call its person, and let the text be; twice is once. Raises NotPossible where the text has
    moved on meanwhile, or there is no number to ring."""
    contact, ticket = message.contact, Ticket.objects.filter(pk=ticket_of(message)).first()
    if contact is None or not contact.phone:
        raise NotPossible(_("There is no number to ring."))
    promised = CallBack.objects.owed().filter(contact=contact, ticket=ticket)
    if message.status == MessageStatus.CANCELLED and promised.exists():
        return  # the second of two clicks
    if message.status not in CALLED_INSTEAD:
        raise NotPossible(parked.moved_on(message))
    owe(contact, ticket=ticket, reason=_why(contact), now=now)
    if message.status == MessageStatus.PARKED:
        parked.let_be(message.pk)


def owe_for_lost_news(*, now: datetime) -> int:
    """A call for every text about a ticket that did not arrive, and for those that could not be
    sent as their number gets none; at most one a day to each person about each ticket."""
    lost: dict[Pair, Message] = {}
    for message in lost_news(now).iterator(chunk_size=1_000):
        lost.setdefault((message.contact_id or 0, ticket_of(message)), message)  # the newest
    tickets = Ticket.objects.in_bulk({ticket for _contact, ticket in lost})
    numbers = {m.contact.phone for m in lost.values() if m.contact and m.contact.phone}
    silent = consent.opted_out(numbers)
    called = _last_calls(lost)
    owed = 0
    for pair, message in lost.items():
        contact, ticket = message.contact, tickets.get(pair[1])
        if contact is None or ticket is None or contact.phone in silent:
            continue  # who wants no texts wants no calls instead
        if ticket.status in CALLED_ABOUT and _is_unsaid(message, called.get(pair), now):
            owe(contact, ticket=ticket, reason=_why(contact), now=now)
            owed += 1
    return owed


def lost_news(now: datetime) -> QuerySet[Message]:
    """Texts about tickets that came to nothing lately, the newest first."""
    no_way = Q(status=MessageStatus.SUPPRESSED) & ~Q(contact__untextable="")
    news = Message.objects.filter(created_at__gt=now - NEWS, topic__startswith="ticket:")
    reachable = news.filter(contact__phone__isnull=False).exclude(kind__startswith="reply_")
    lost = reachable.filter(Q(status__in=LOST) | no_way & ~Q(kind__in=KNOWN_ANYWAY))
    return lost.select_related("contact").order_by("-created_at", "-pk")


def _why(contact: Contact) -> str:
    return CallBack.Reason.NO_TEXTS if contact.untextable else CallBack.Reason.NOT_ARRIVED


def ticket_of(message: Message) -> int:
    """The id of the ticket that a text is about; 0 where it is about none."""
    kind, _colon, pk = message.topic.partition(":")
    return int(pk) if kind == "ticket" and pk.isdecimal() and len(pk) < 19 else 0


def _last_calls(pairs: dict[Pair, Message]) -> dict[Pair, CallBack]:
    found = CallBack.objects.filter(
        contact__in={contact for contact, _ticket in pairs},
        ticket__in={ticket for _contact, ticket in pairs},
    )
    return {(c.contact_id or 0, c.ticket_id or 0): c for c in found.order_by("created_at")}


def _is_unsaid(message: Message, last: CallBack | None, now: datetime) -> bool:
    """Whether nobody has called since, nor is about to."""
    if last is None:
        return True
    made = last.done_at is not None
    return made and last.created_at < message.created_at and last.created_at < now - A_DAY


def _owed(contact: Contact | None, ticket: Ticket | None, call: Call | None) -> CallBack | None:
    if contact is None:
        return CallBack.objects.filter(contact=None, call=call).first()
    return CallBack.objects.filter(contact=contact, ticket=ticket, done_at=None).first()
