"""Whole lives of tickets at once, for imports: the same rules, written in bulk, told to nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from common.models import User
from common.numbers import ticket_number
from common.transactions import all_or_nothing
from tickets.models import Category, Ticket, TicketEvent, Unit, Words
from tickets.rules import NOWHERE, RULES
from tickets.services import OUTSIDE, Location
from tickets.workflow import MoveNotAllowed


@dataclass(frozen=True)
class Step:
    """One move of a past life; `occurred_at` is when it happened there."""

    action: str
    occurred_at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    public: str = ""
    internal: str = ""


@dataclass(frozen=True)
class Life:
    """A ticket as another system knew it. `steps` come after `open`, in their order."""

    category: Category
    unit: Unit
    location: Location
    channel: str
    opened_at: datetime
    district_id: int | None = None
    due_at: datetime | None = None
    by_staff: bool = False
    flags: tuple[str, ...] = ()
    steps: Sequence[Step] = ()


@all_or_nothing
def replay(lives: Iterable[Life], *, now: datetime, by: User | None = None) -> list[Ticket]:
    """Write these lives with all their events; returns the tickets in the same order.

    Nothing at all is written if one life makes an illegal move (MoveNotAllowed).
    """
    batch = list(lives)
    paths = [_walk(life) for life in batch]
    tickets = [
        _ticket(life, path[-1], len(path), number)
        for life, path, number in zip(batch, paths, _numbers(batch), strict=True)
    ]
    Ticket.objects.bulk_create(tickets)
    events, words = [], []
    for ticket, life, path in zip(tickets, batch, paths, strict=True):
        for event, step in _events(ticket, life, path, now=now, by=by):
            events.append(event)
            if step.public or step.internal:
                words.append(Words(event=event, public=step.public, internal=step.internal))
    TicketEvent.objects.bulk_create(events)
    Words.objects.bulk_create(words)
    return tickets


def _walk(life: Life) -> list[str]:
    """The statuses a life goes through, `open` included."""
    path = [RULES["open"].to]
    for step in life.steps:
        rule = RULES[step.action]
        if path[-1] not in rule.from_:
            raise MoveNotAllowed(f"{step.action} is not possible while {path[-1]}")
        path.append(rule.to)
    return path


def _ticket(life: Life, status: str, moves: int, number: str) -> Ticket:
    outside = life.location.lon is not None and life.district_id is None
    return Ticket(
        number=number,
        category=life.category,
        priority=life.category.priority,
        status=status,
        moves=moves,
        last_seq=moves,
        unit=life.unit,
        district_id=life.district_id,
        lon=life.location.lon,
        lat=life.location.lat,
        address=life.location.address,
        channel=life.channel,
        by_staff=life.by_staff,
        opened_at=life.opened_at,
        due_at=life.due_at,
        flags=[*life.flags, *([OUTSIDE] if outside else [])],
    )


def _events(
    ticket: Ticket, life: Life, path: list[str], *, now: datetime, by: User | None
) -> Iterable[tuple[TicketEvent, Step]]:
    steps = [Step("open", life.opened_at), *life.steps]
    for move, (step, to_status) in enumerate(zip(steps, path, strict=True), start=1):
        event = TicketEvent(
            ticket=ticket,
            seq=move,
            kind=step.action,
            move=move,
            from_status=path[move - 2] if move > 1 else NOWHERE,
            to_status=to_status,
            occurred_at=step.occurred_at,
            recorded_at=now,
            actor=by,
            data=step.data,
        )
        yield event, step


def _numbers(lives: list[Life]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ticket_serial') FROM generate_series(1, %s)", [len(lives)])
        serials = [row[0] for row in cursor.fetchall()]
    return [
        ticket_number(timezone.localtime(life.opened_at).year, serial)
        for life, serial in zip(lives, serials, strict=True)
    ]
