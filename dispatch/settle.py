"""The only way a ticket gets assigned, in progress, recalled or resolved: what its orders say."""

from collections import deque
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from common.models import User
from dispatch.models import WorkOrder
from dispatch.rules import LIVE, REASONS, OrderStatus, Outcome
from tickets import services as tickets
from tickets.models import OPEN, Status, Ticket, TicketEvent
from tickets.rules import FRESH_START, RULES, SETTLED

ASK_AGAIN = timedelta(days=3)  # when the owner is asked what became of the waiting
SETTLING = (*sorted(SETTLED), "hold")


@transaction.atomic(savepoint=False)
def settle(ticket: Ticket, *, by: User | None, now: datetime) -> None:
    """Lock the ticket, re-read all its orders, and make it what they say.

    The end does not depend on the order in which facts arrive. A ticket that is over stays so:
    late facts are in its history, flagged.
    """
    current = tickets.lock(ticket)
    if current.status not in OPEN or current.status == Status.RECEIVED:
        return
    target, last = _what_the_orders_say(current)
    facts = _facts(last, target)
    for action in _way(current.status, target):
        tickets.settle_to(ticket, action, by=by, now=now, **facts.get(action, {}))


def _what_the_orders_say(ticket: Ticket) -> tuple[str, WorkOrder | None]:
    """The status the orders add up to, and the finished order that decides where none is live."""
    orders = list(WorkOrder.objects.for_ticket(ticket).order_by("pk"))
    statuses = {o.status for o in orders}
    if OrderStatus.ON_SCENE in statuses:
        return Status.IN_PROGRESS, None
    if any(o.status in LIVE and o.crew_id for o in orders):
        return Status.ASSIGNED, None
    since = _fresh_start(ticket)
    ended = [o for o in orders if o.finished_at and (o.finished_seq or 0) > since]
    if not ended:
        # Held by a person, without any outcome: an order that only came and went leaves it so.
        untouched = ticket.status == Status.WAITING
        return (Status.WAITING if untouched else Status.ACCEPTED), None
    last = max(ended, key=lambda o: (o.finished_at, o.pk))
    if last.outcome == Outcome.RESTORED:
        return Status.RESOLVED, last
    waits = last.outcome == Outcome.WAITING or (last.reason and REASONS[last.reason].waits)
    return (Status.WAITING if waits else Status.ACCEPTED), last


def _fresh_start(ticket: Ticket) -> int:
    """The newest decision of a person that made earlier outcomes history (0: none)."""
    seqs = TicketEvent.objects.filter(ticket=ticket, kind__in=FRESH_START, applied=True)
    return seqs.order_by("-seq").values_list("seq", flat=True).first() or 0


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
