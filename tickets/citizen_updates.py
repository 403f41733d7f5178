"""Which event tells whom, in which words: one table."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from notifications import outbox
from notifications.models import Message
from notifications.texts import write_text
from tickets.models import Subscriber, Ticket, TicketEvent

STALE = timedelta(hours=24)  # an older fact is history, not news


@dataclass(frozen=True)
class Text:
    template: str
    replaces: frozenset[str] = field(default_factory=frozenset)  # queued texts it makes untrue


SCHEDULED = frozenset({"assign"})
TEXTS = {
    "open": Text("received"),
    "join": Text("received"),  # to the one who joined: see `only`
    "assign": Text("scheduled", SCHEDULED),
    "resolve": Text("resolved", SCHEDULED),
    "answer": Text("resolved", SCHEDULED),
    "close": Text("closed", frozenset({"resolve", "answer"})),
    "reject": Text("rejected", SCHEDULED),
}
# Moves that tell nobody, but take back what is still waiting to be sent.
WITHDRAWS = {
    "recall": SCHEDULED,
    "hold": SCHEDULED,
    "correct": frozenset({"resolve", "answer"}),
    "reopen": frozenset({"resolve", "answer", "close", "reject"}),
}

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
) -> None:
    """Enqueue what this event tells the ticket's subscribers, each in their language.

    `reason` are the event's public words; `only` is the one it concerns, where it is one.
    """
    text = TEXTS.get(event.kind)
    untrue = text.replaces if text else WITHDRAWS.get(event.kind)
    if untrue:
        outbox.cancel_waiting(ticket.topic, untrue)
    if text is None or is_silent() or event.occurred_at < now - STALE:
        return
    listeners = [only] if only else _subscribers(ticket)
    outbox.enqueue((_write(text, ticket, event, reason, one) for one in listeners), now=now)


def _subscribers(ticket: Ticket) -> list[Subscriber]:
    """Everybody who is told about a ticket and those merged into it, each person once."""
    found = (
        Subscriber.objects.filter(Q(ticket=ticket) | Q(ticket__merged_into=ticket))
        .select_related("contact")
        .order_by("pk")
    )
    return list({s.contact_id: s for s in reversed(found)}.values())


def _write(
    text: Text, ticket: Ticket, event: TicketEvent, reason: str, subscriber: Subscriber
) -> Message:
    contact = subscriber.contact
    body = write_text(
        text.template,
        contact.language,
        ticket=ticket,
        reason=reason,
        link=_link(subscriber, contact.phone or ""),
    )
    return Message(
        dedupe_key=f"event:{event.pk}:{contact.pk}:{event.kind}",
        topic=ticket.topic,
        kind=event.kind,
        contact=contact,
        language=contact.language,
        body=body,
    )


def _link(subscriber: Subscriber, phone: str) -> str:
    """The tracking link; carriers of +86 numbers refuse texts with one (docs/decisions/0005)."""
    return "" if phone.startswith("+86") else f"{settings.PUBLIC_BASE_URL}/t/{subscriber.token}/"
