"""Reports come in here, whatever the channel: a new ticket, or one more voice on a known one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce

from common.models import User
from common.transactions import once_more
from dispatch import services as dispatch
from dispatch.models import Crew
from dispatch.rules import Kind
from hotline.models import Call, Report
from notifications import outbox
from notifications.models import Contact
from tickets import services as tickets
from tickets.models import OPEN, Category, Channel, Priority, Ticket, Words
from tickets.services import Location


@dataclass(frozen=True)
class Caller:
    """Who reports: `phone` is E.164, empty where it is hidden or there is none."""

    phone: str = ""
    name: str = ""
    language: str = "en"
    email: str = ""


@dataclass(frozen=True)
class Said:
    """What was reported, its shape already checked by the channel's form."""

    category: Category
    location: Location
    words: str
    channel: str
    caller: Caller = field(default_factory=Caller)
    answers: dict[str, Any] = field(default_factory=dict)
    dangerous: bool = False
    sender_key: UUID | None = None  # the sender's own id: the same one twice is one report


@once_more
def take_report(
    said: Said,
    *,
    now: datetime,
    occurred_at: datetime | None = None,
    by: User | None = None,
    call: Call | None = None,
    join: Ticket | None = None,
) -> Report:
    """The report, on a new ticket or as one more voice on `join` while that is open.

    The same sender key again gives the first report back, whatever it says now.
    """
    facts: dict[str, Any] = {"now": now, "occurred_at": occurred_at, "by": by, "call": call}
    return _once(said.sender_key, lambda: _take(said, join=join, **facts))


@once_more
def take_emergency(
    said: Said,
    *,
    crew: Crew | None,
    by: User,
    now: datetime,
    occurred_at: datetime | None = None,
    call: Call | None = None,
    equipment: list[Any] | None = None,
) -> Report:
    """Report, acceptance and dispatch in one transaction, and one text instead of three.

    Without a crew the ticket is accepted as an emergency and leads the board. The same sender key
    again gives the first report back.
    """
    facts: dict[str, Any] = {"now": now, "occurred_at": occurred_at, "by": by, "call": call}

    def take() -> Report:
        report = _take(said, tell=crew is None, priority=Priority.EMERGENCY, **facts)
        tickets.accept(report.ticket, by=by, now=now)
        if crew:
            dispatch.assign(
                report.ticket,
                crew=crew,
                kind=Kind.MAKE_SAFE,
                by=by,
                now=now,
                equipment=equipment or [],
            )
        return report

    return _once(said.sender_key, take)


def _once(sender_key: UUID | None, take: Callable[[], Report]) -> Report:
    """What `take` writes, or the report that this sender's key already stands for."""
    try:
        with transaction.atomic():
            return take()
    except IntegrityError:
        known = Report.objects.select_related("ticket").filter(sender_key=sender_key).first()
        if sender_key is None or known is None:
            raise
        return known


def _take(
    said: Said,
    *,
    now: datetime,
    by: User | None,
    call: Call | None,
    occurred_at: datetime | None = None,
    join: Ticket | None = None,
    **new: Any,
) -> Report:
    """`new` is what only a new ticket is told: its priority, and whether its caller hears of it."""
    said_at = min(occurred_at or now, now)
    joined = _root(join) if join else None  # locked: tickets come before contacts
    contact = _contact(said.caller, now)
    when: dict[str, Any] = {"by": by, "now": now, "occurred_at": said_at}
    ticket = _join(joined, contact, **when) if joined else _open(said, contact, **when, **new)
    report = Report.objects.create(
        ticket=ticket,
        channel=said.channel,
        contact=contact,
        call=call,
        words=Words.objects.create(public="", internal=said.words),
        language=said.caller.language,
        answers=said.answers,
        dangerous=said.dangerous,
        said_at=said_at,
        recorded_at=now,
        taken_by=by,
        sender_key=said.sender_key,
    )
    if call:
        call.contact = contact
        call.outcome = Call.Outcome.JOINED if joined else Call.Outcome.REPORTED
        call.save(update_fields=["contact", "outcome"])
    return report


def _open(said: Said, contact: Contact | None, **facts: Any) -> Ticket:
    return tickets.open_ticket(
        category=said.category,
        location=said.location,
        channel=said.channel,
        contact=contact,
        by_staff=said.channel == Channel.PATROL,
        **facts,
    )


def _join(ticket: Ticket, contact: Contact | None, *, by: User | None, **when: Any) -> Ticket:
    if contact:
        tickets.subscribe(ticket, contact, **when)
    else:
        tickets.record(ticket, "join", by=by, tell=False, **when)
    return ticket


def _contact(caller: Caller, now: datetime) -> Contact | None:
    if not (caller.phone or caller.email):
        return None
    return outbox.find_or_add_contact(
        caller.phone, email=caller.email, name=caller.name, language=caller.language, now=now
    )


def _root(ticket: Ticket) -> Ticket | None:
    """The ticket a new voice belongs to; None where it is over, so that a new one is opened."""
    root_id = Ticket.objects.filter(pk=ticket.pk).values(pk=Coalesce("merged_into_id", "id"))
    locked = Ticket.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=root_id)
    root: Ticket = locked.select_related("category").get()
    return root if root.status in OPEN else None
