"""What can happen to a ticket, a function each. Every change, its event and its texts commit
together; each function raises MoveNotAllowed where the ticket is elsewhere by now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from common.models import User
from common.numbers import ticket_number
from common.transactions import all_or_nothing
from notifications.models import Contact
from tickets import citizen_updates, workflow
from tickets.citizen_updates import is_silent as is_silent
from tickets.citizen_updates import silence as silence
from tickets.merging import merge as merge
from tickets.merging import unmerge as unmerge
from tickets.models import Category, Priority, Subscriber, Ticket, TicketEvent, Unit
from tickets.routing import find_unit
from tickets.rules import OPEN, Status
from tickets.town import town
from tickets.workflow import MoveNotAllowed as MoveNotAllowed
from tickets.workflow import lock as lock
from tickets.workflow import move, note
from tickets.workflow import refusal as refusal

OUTSIDE = "outside_districts"


@dataclass(frozen=True)
class Location:
    """Where it is: WGS84 degrees, or only words, or both."""

    lon: float | None = None
    lat: float | None = None
    address: str = ""


@all_or_nothing
def open_ticket(
    *,
    category: Category,
    location: Location,
    channel: str,
    now: datetime,
    occurred_at: datetime | None = None,
    priority: str | None = None,
    contact: Contact | None = None,
    by: User | None = None,
    by_staff: bool = False,
    tell: bool = True,
) -> Ticket:
    """A new problem: numbered, placed in its district, given to a unit, its reporter told."""
    opened_at = min(occurred_at or now, now)
    here = town()
    district_id = here.district_id(location.lon, location.lat)
    ticket = Ticket.objects.create(
        number=next_number(opened_at),
        category=category,
        priority=priority or category.priority,
        unit=find_unit(category, district_id, here),
        district_id=district_id,
        lon=location.lon,
        lat=location.lat,
        address=location.address,
        channel=channel,
        by_staff=by_staff,
        opened_at=opened_at,
        due_at=promised_by(category, opened_at),
        flags=[OUTSIDE] if location.lon is not None and district_id is None else [],
    )
    event = workflow.begin(ticket, by=by, now=now)
    if contact:
        subscriber = Subscriber.objects.create(ticket=ticket, contact=contact, created_at=now)
        if tell:
            citizen_updates.announce(ticket, event, now=now, only=subscriber)
    return ticket


@all_or_nothing
def subscribe(
    ticket: Ticket, contact: Contact, *, now: datetime, occurred_at: datetime | None = None
) -> Subscriber:
    """One more caller on the same problem; told its number once, however often they call."""
    lock(ticket)  # so that nobody else can subscribe them between the look and the write
    known = Subscriber.objects.filter(ticket=ticket, contact=contact).first()
    if known:
        return known
    subscriber = Subscriber.objects.create(ticket=ticket, contact=contact, created_at=now)
    event = note(ticket, "join", by=None, now=now, occurred_at=occurred_at, tell=False)
    citizen_updates.announce(ticket, event, now=now, only=subscriber)
    return subscriber


@all_or_nothing
def accept(
    ticket: Ticket,
    *,
    by: User,
    now: datetime | None = None,
    category: Category | None = None,
    priority: str | None = None,
    unit: Unit | None = None,
    **facts: Any,
) -> TicketEvent:
    """Triage: what it is, how urgent, whose. The one who accepts owns it."""
    changes: dict[str, Any] = {"owner": by}
    changes |= _retarget(lock(ticket), category, unit)
    if priority in Priority.values:
        changes["priority"] = priority
    return move(ticket, "accept", by=by, now=now or timezone.now(), changes=changes, **facts)


def reject(
    ticket: Ticket, *, reason: str, by: User, now: datetime | None = None, **facts: Any
) -> TicketEvent:
    """Not a matter for the city; `reason` is published and texted to the citizen."""
    return move(ticket, "reject", by=by, now=now or timezone.now(), public=reason, **facts)


def answer(
    ticket: Ticket,
    *,
    how: str,
    words: str,
    by: User | None,
    now: datetime | None = None,
    **facts: Any,
) -> TicketEvent:
    """Solved without a crew; `how` is desk, outside or imported."""
    return move(
        ticket, "answer", by=by, now=now or timezone.now(), data={"how": how}, public=words, **facts
    )


@all_or_nothing
def hold(
    ticket: Ticket,
    *,
    reason: str,
    waiting_for: str,
    until: datetime,
    by: User,
    reference: str = "",
    words: str = "",
    now: datetime | None = None,
    **facts: Any,
) -> TicketEvent:
    """Wait for somebody outside. Only without a live order: with one, its outcome decides."""
    current = lock(ticket)
    if current.status in (Status.ASSIGNED, Status.IN_PROGRESS):
        raise MoveNotAllowed(
            _("A crew is on %(number)s. Recall its order first.") % {"number": ticket.number}
        )
    return move(
        ticket,
        "hold",
        by=by,
        now=now or timezone.now(),
        changes={"waiting_until": until, "owner": current.owner or by},
        reason=reason,
        data={"waiting_for": waiting_for, "reference": reference},
        public=words,
        **facts,
    )


def resume(ticket: Ticket, *, by: User, now: datetime | None = None, **facts: Any) -> TicketEvent:
    return move(
        ticket, "resume", by=by, now=now or timezone.now(), changes={"waiting_until": None}, **facts
    )


def close(
    ticket: Ticket, *, by: User | None, now: datetime | None = None, **facts: Any
) -> TicketEvent:
    """Settled: everybody who can be reached agreed, or nobody objected in time."""
    return move(ticket, "close", by=by, now=now or timezone.now(), **facts)


@all_or_nothing
def reopen(
    ticket: Ticket, *, reason: str, by: User | None, now: datetime | None = None, **facts: Any
) -> TicketEvent:
    """Somebody says it is not solved after all; `reason` are their words, kept inside."""
    current = lock(ticket)
    return move(
        ticket,
        "reopen",
        by=by,
        now=now or timezone.now(),
        changes={"unit": current.unit or find_unit(current.category, current.district_id)},
        internal=reason,
        **facts,
    )


def correct(
    ticket: Ticket, *, reason: str, by: User, now: datetime | None = None, **facts: Any
) -> TicketEvent:
    """It was marked resolved by mistake: unsent texts are withdrawn; not a reopening."""
    return move(ticket, "correct", by=by, now=now or timezone.now(), internal=reason, **facts)


@all_or_nothing
def recategorise(
    ticket: Ticket, *, category: Category, by: User, now: datetime | None = None
) -> TicketEvent:
    """It is another kind of problem: unit and promise follow the new kind."""
    current = _lock_open(ticket)
    return note(
        ticket,
        "recategorise",
        by=by,
        now=now or timezone.now(),
        changes=_retarget(current, category, None),
        data={"from": current.category.code, "to": category.code},
    )


@all_or_nothing
def transfer(
    ticket: Ticket, *, unit: Unit, reason: str, by: User, now: datetime | None = None
) -> TicketEvent:
    """“Not ours”: counted as a bounce, with the reason, on the city's own clock."""
    current = _lock_open(ticket)
    before = current.unit.code if current.unit else ""
    return note(
        ticket,
        "transfer",
        by=by,
        now=now or timezone.now(),
        changes={"unit": unit, "owner": None},
        data={"from": before, "to": unit.code},
        internal=reason,
    )


def record(
    ticket: Ticket, kind: str, *, by: User | None, now: datetime, **facts: Any
) -> TicketEvent:
    """A milestone or a note that moves no ticket: crew on the way, made safe, a photo."""
    return note(ticket, kind, by=by, now=now, **facts)


def settle_to(
    ticket: Ticket, action: str, *, by: User | None, now: datetime, **facts: Any
) -> TicketEvent:
    """For dispatch.settle only: one of the moves that follow from what the orders say."""
    return move(ticket, action, by=by, now=now, **facts)


def promised_by(category: Category, opened_at: datetime) -> datetime | None:
    """When the category's promise to resolve is due (round the clock, from the first report)."""
    hours = category.resolve_within_hours
    return opened_at + timedelta(hours=hours) if hours else None


def next_number(opened_at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ticket_serial')")
        serial: int = cursor.fetchone()[0]
    return ticket_number(timezone.localtime(opened_at).year, serial)


def _lock_open(ticket: Ticket) -> Ticket:
    current = lock(ticket)
    if current.status not in OPEN:
        raise MoveNotAllowed(refusal(current))
    return current


def _retarget(ticket: Ticket, category: Category | None, unit: Unit | None) -> dict[str, Any]:
    """What follows from another category: its promise, and its unit where none was chosen."""
    changes: dict[str, Any] = {}
    if category and category.pk != ticket.category_id:
        changes["category"] = category
        changes["due_at"] = promised_by(category, ticket.opened_at)
        changes["unit"] = find_unit(category, ticket.district_id)
    if unit:
        changes["unit"] = unit
    return changes
