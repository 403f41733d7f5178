"""The only way a ticket gets assigned, in progress, recalled or resolved: what its orders say."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from common.models import User
from common.transactions import all_or_nothing
from dispatch.models import WorkOrder
from dispatch.orders import move_order, record
from dispatch.rules import REASONS, Kind, OrderStatus, Outcome
from tickets import services as tickets
from tickets.models import OPEN, Status, Ticket, TicketEvent
from tickets.rules import FRESH_START, RULES, SETTLED

ASK_AGAIN = timedelta(days=3)  # when the owner is asked what became of the waiting
SETTLING = (*sorted(SETTLED), "hold")
UNDER_WAY = (Status.ASSIGNED, Status.IN_PROGRESS)


@all_or_nothing
def settle(ticket: Ticket, *, by: User | None, now: datetime) -> None:
    """Lock the ticket, re-read all its orders, and make it what they say.

    The end does not depend on the order in which facts arrive. A ticket that is over stays so:
    late facts are in its history, flagged.
    """
    current = tickets.lock(ticket)
    if current.status not in OPEN or current.status == Status.RECEIVED:
        return
    target, last = _what_the_orders_say(current)
    if target == Status.RESOLVED:
        _drop_follow_ups(current, by=by, now=now)
    facts = _facts(last, target)
    way = _way(current.status, target)
    news = _news(way, current.status, target)
    for action in way:
        tell = action in news
        tickets.settle_to(ticket, action, by=by, now=now, tell=tell, **facts.get(action, {}))


def outcomes(ticket: Ticket, orders: Iterable[WorkOrder]) -> list[WorkOrder]:
    """The finished orders that still count, in the order in which they ended on the street."""
    since = _fresh_start(ticket)
    ended = [o for o in orders if o.finished_at and (o.finished_seq or 0) > since]
    return sorted(ended, key=lambda o: (o.finished_at, o.pk))


def _what_the_orders_say(ticket: Ticket) -> tuple[str, WorkOrder | None]:
    """The status the orders add up to, and the finished order that decides where none is live."""
    orders = list(WorkOrder.objects.for_ticket(ticket))
    live = [o for o in orders if o.is_live]
    if any(o.status == OrderStatus.ON_SCENE for o in live):
        return Status.IN_PROGRESS, None
    if any(o.crew_id for o in live):
        return Status.ASSIGNED, None
    ended = outcomes(ticket, orders)
    if not ended:
        # Held by a person, without any outcome: an order that only came and went leaves it so.
        untouched = ticket.status == Status.WAITING
        return (Status.WAITING if untouched else Status.ACCEPTED), None
    last = ended[-1]
    if last.outcome == Outcome.RESTORED:
        # What a dispatcher planned on purpose must still be done, or taken back by a person.
        planned = any(o.kind != Kind.VERIFY and not o.follows_id for o in live)
        return (Status.ACCEPTED if planned else Status.RESOLVED), last
    waits = last.outcome == Outcome.WAITING or (last.reason and REASONS[last.reason].waits)
    return (Status.WAITING if waits else Status.ACCEPTED), last


def _drop_follow_ups(ticket: Ticket, *, by: User | None, now: datetime) -> None:
    """It works again: what an earlier outcome had left to do needs nobody any more."""
    for order in WorkOrder.objects.for_ticket(ticket).without_crew().exclude(kind=Kind.VERIFY):
        move_order(order, OrderStatus.RECALLED)
        record(order, "recall_order", by=by, now=now)


def _fresh_start(ticket: Ticket) -> int:
    """The newest decision of a person that made earlier outcomes history (0: none)."""
    decided = Q(kind__in=FRESH_START) | Q(kind="hold", job__isnull=True)
    seqs = TicketEvent.objects.filter(decided, ticket=ticket, applied=True)
    return seqs.order_by("-seq").values_list("seq", flat=True).first() or 0


def _news(way: list[str], start: str, target: str) -> list[str]:
    """Which of these moves citizens hear of: a crew once, however many come, then the end."""
    if target in UNDER_WAY:
        return [] if start in UNDER_WAY else way
    return way[-1:]


def _facts(last: WorkOrder | None, target: str) -> dict[str, dict[str, Any]]:
    """What the deciding order adds to the move: its own time, so that clocks stop when it ended."""
    if last is None:
        return {}
    when: dict[str, Any] = {"occurred_at": last.finished_at, "job": last.pk}
    if target == Status.RESOLVED:
        return {"resolve": {**when, "data": {"how": "crew"}}}
    until = {"waiting_until": last.finished_at + ASK_AGAIN if last.finished_at else None}
    return {"hold": {**when, "reason": last.reason, "changes": until}, "recall": when}


def _way(start: str, target: str) -> list[str]:
    """The shortest chain of settling moves between two statuses (empty: already there)."""
    paths: deque[tuple[str, list[str]]] = deque([(start, [])])
    seen = {start}
    while paths:
        here, actions = paths.popleft()
        if here == target:
            return actions
        for action in SETTLING:
            rule = RULES[action]
            if here in rule.from_ and rule.to not in seen:
                seen.add(rule.to)
                paths.append((rule.to, [*actions, action]))
    raise AssertionError(f"no settling moves lead from {start} to {target}")
