"""What a finished order leaves to do: planned without a crew, so that it leads the board.

No ticket comes to rest with nobody's name on it, in whatever order the facts arrive.
"""

from datetime import datetime

from common.models import User
from dispatch.models import WorkOrder
from dispatch.rules import NEEDS_FOLLOW_UP, REASONS, Kind, OrderStatus, Outcome
from dispatch.services import plan
from dispatch.settle import outcomes
from tickets import services as tickets
from tickets.models import Ticket


def plan_follow_ups(ticket: Ticket, *, by: User, now: datetime) -> None:
    """Plan what the outcomes since the last repair ask for, where nobody is at it already."""
    current = tickets.lock(ticket)
    if not current.is_open:
        return
    orders = list(WorkOrder.objects.for_ticket(ticket))
    answered = {order.follows_id for order in orders}
    live = {order.kind for order in orders if order.is_live}
    for ended in reversed(outcomes(current, orders)):
        if ended.outcome == Outcome.RESTORED:
            return
        kind = _still_to_do(ended)
        if kind and kind not in live and ended.pk not in answered:
            plan(ticket, kind=kind, by=by, now=now, follows=ended)
            live.add(kind)


def _still_to_do(ended: WorkOrder) -> str:
    """The kind of order that takes up what this one left, or nothing."""
    if ended.outcome in NEEDS_FOLLOW_UP:
        return Kind.REPAIR
    could_not = ended.status == OrderStatus.CANNOT_COMPLETE
    return ended.kind if could_not and REASONS[ended.reason].follow_up else ""
