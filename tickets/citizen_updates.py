"""Which event tells whom, in which words: one table."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications import outbox
from notifications.models import Contact, Importance, Message, MessageStatus
from notifications.reach import reach, without_links
from notifications.texts import write_text
from tickets.models import Priority, Subscriber, Ticket, TicketEvent

STALE = timedelta(hours=24)  # an older fact is history, not news
ON_THE_WAY = timedelta(hours=4)  # then the crew is there, or it is not true any more
AWAKE = timedelta(hours=1)  # since somebody spoke to us


@dataclass(frozen=True)
class Text:
    template: str
    replaces: frozenset[str] = frozenset()  # texts that still wait and are overtaken by this one
    waits: bool = True  # TEXT_WAIT_SECONDS, in case there is more to say
    importance: Importance = Importance.NORMAL
    valid: timedelta | None = None  # since it happened; else as outbox.WORTH says
    milestone: bool = False  # told while the ticket is open, once in ON_THE_WAY


def _kinds(*names: str) -> frozenset[str]:
    return frozenset(names)


SCHEDULED = _kinds("assign")
ON_ITS_WAY = _kinds("order_en_route")
ENDED = _kinds("resolve", "answer")
PROGRESS = SCHEDULED | ON_ITS_WAY | _kinds("order_made_safe", "hold")
DECIDED = ENDED | _kinds("close", "reject", "reopen", "merge")
EVERYTHING = PROGRESS | DECIDED | _kinds("open", "join")

TEXTS = {
    "open": Text("received", waits=False, importance=Importance.REPLY),
    # To the one who joined: see `only`.
    "join": Text("received", waits=False, importance=Importance.REPLY),
    "assign": Text("scheduled", PROGRESS),
    "order_en_route": Text("on_the_way", PROGRESS, valid=ON_THE_WAY, milestone=True),
    "order_made_safe": Text("made_safe", PROGRESS, milestone=True),
    "hold": Text("delayed", PROGRESS),
    "resolve": Text("resolved", PROGRESS | DECIDED),
    "answer": Text("resolved", PROGRESS | DECIDED),
    "close": Text("closed", EVERYTHING, waits=False),
    "reject": Text("rejected", EVERYTHING, waits=False),
    "merge": Text("merged", EVERYTHING),
    "reopen": Text("reopened", PROGRESS | DECIDED, waits=False),
}
# What tells nobody, but takes back what is still waiting to be sent.
WITHDRAWS = {
    "order_on_scene": ON_ITS_WAY,
    "recall": SCHEDULED | ON_ITS_WAY,
    "resume": _kinds("hold"),
    "correct": ENDED,
    "unmerge": _kinds("merge"),
}
# Why it has to wait, for citizens, where nobody wrote them a reason.
WHY: dict[str, str | Promise] = {
    "waiting_utility": _("The utility company has to do its part first."),
    "waiting_parts": _("We are waiting for parts."),
    "traffic_permit": _("The road has to be closed for it first."),
    "citizen": _("We need to hear from you first."),
}
NEVER_SAID = (MessageStatus.CANCELLED, MessageStatus.SUPPRESSED, MessageStatus.EXPIRED)

_silent: ContextVar[bool] = ContextVar("silent", default=False)


@contextmanager
def silence() -> Iterator[None]:
    """While an import or the demo town is written: history is kept, nobody is texted."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def is_silent() -> bool:
    return _silent.get()


def announce(
    ticket: Ticket,
    event: TicketEvent,
    *,
    now: datetime,
    reason: str = "",
    only: Subscriber | None = None,
    but: Contact | None = None,
) -> None:
    """Enqueue what this event tells the ticket's subscribers, each in their language.

    `reason` are the event's public words; `only` is the one it concerns, where it is one; `but` is
    somebody who hears of it in another way.
    """
    text = TEXTS.get(event.kind)
    if text is None or not event.applied or not _is_news(text, ticket, event, now):
        _withdraw(ticket, event)
        return
    listeners = [only] if only else [s for s in _subscribers(ticket) if s.contact != but]
    if not listeners:
        _withdraw(ticket, event)
        return
    urgent = ticket.priority == Priority.EMERGENCY
    outbox.enqueue(
        (_write(text, ticket, event, reason, one, now) for one in listeners),
        now=now,
        wait=timedelta(seconds=settings.TEXT_WAIT_SECONDS if text.waits and not urgent else 0),
        replaces=text.replaces,
    )


def _is_news(text: Text, ticket: Ticket, event: TicketEvent, now: datetime) -> bool:
    if is_silent() or event.occurred_at < now - (text.valid or STALE):
        return False
    return not text.milestone or (ticket.is_open and not _said_lately(ticket, event.kind, now))


def _said_lately(ticket: Ticket, kind: str, now: datetime) -> bool:
    """A second crew that sets out is no news, nor is the same danger removed twice."""
    said = Message.objects.about(ticket.topic).filter(kind=kind, created_at__gt=now - ON_THE_WAY)
    return said.exclude(status__in=NEVER_SAID).exists()


def _withdraw(ticket: Ticket, event: TicketEvent) -> None:
    """A move that nobody is told of makes untrue what waits; so do some facts."""
    untrue = WITHDRAWS.get(event.kind, frozenset())
    if event.move and event.kind in TEXTS:
        untrue |= TEXTS[event.kind].replaces
    if untrue and event.applied:
        outbox.cancel_waiting(ticket.topic, untrue)


def _subscribers(ticket: Ticket) -> list[Subscriber]:
    """Everybody who is told about a ticket and those merged into it, each person once."""
    found = (
        Subscriber.objects.filter(ticket__in=Ticket.objects.family(ticket.pk))
        .select_related("contact", "ticket")
        .order_by("pk")
    )
    return list({s.contact_id: s for s in reversed(found)}.values())


def _write(
    text: Text,
    ticket: Ticket,
    event: TicketEvent,
    reason: str,
    subscriber: Subscriber,
    now: datetime,
) -> Message:
    contact = subscriber.contact
    message = Message(
        dedupe_key=f"event:{event.pk}:{contact.pk}:{event.kind}",
        topic=ticket.topic,
        kind=event.kind,
        contact=contact,
        language=contact.language,
        body=_body(text, ticket, event, reason, subscriber),
        importance=_importance(text, ticket, subscriber, now),
    )
    if text.valid:
        message.expires_at = event.occurred_at + text.valid
    return message


def _body(
    text: Text, ticket: Ticket, event: TicketEvent, reason: str, subscriber: Subscriber
) -> str:
    contact = subscriber.contact
    can = reach(contact.address)
    facts: dict[str, Any] = {
        "number": ticket.number,
        "address": ticket.address,
        "link": f"{settings.PUBLIC_BASE_URL}/t/{subscriber.token}/" if can.link else "",
        "reply": can.reply,
    }
    if event.kind == "merge":  # of several merged into each other, each knows their own number
        facts |= {"number": subscriber.ticket.number, "into": event.data["into"]}
    with translation.override(contact.language):
        facts["category"] = ticket.category.name
        facts["reason"] = reason or str(WHY.get(event.reason, ""))
    if not can.link:
        facts |= {name: without_links(facts[name]) for name in ("address", "reason")}
    return write_text(text.template, contact.language, **facts)


def _importance(text: Text, ticket: Ticket, subscriber: Subscriber, now: datetime) -> Importance:
    """Who told us of a danger, or answered us, within the hour is awake and waits for news."""
    danger = ticket.priority == Priority.EMERGENCY and subscriber.created_at > now - AWAKE
    answered = subscriber.answered_at is not None and subscriber.answered_at > now - AWAKE
    return Importance.REPLY if danger or answered else text.importance
