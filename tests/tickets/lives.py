"""A ticket brought to any status by legal moves, and every move as people ask for it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from common.models import User
from notifications.models import Contact
from tickets import services as tickets
from tickets.models import Category, Channel, Ticket
from tickets.rules import RULES, SETTLED, Status
from tickets.services import Location

PATHS: dict[str, list[str]] = {
    Status.RECEIVED: [],
    Status.ACCEPTED: ["accept"],
    Status.ASSIGNED: ["accept", "assign"],
    Status.IN_PROGRESS: ["accept", "assign", "start"],
    Status.WAITING: ["hold"],
    Status.RESOLVED: ["answer"],
    Status.CLOSED: ["answer", "close"],
    Status.REJECTED: ["reject"],
    Status.MERGED: ["merge"],
}
ACTIONS = sorted(set(RULES) - {"open"})


def another_ticket(category: Category, contact: Contact | None = None) -> Ticket:
    return tickets.open_ticket(
        category=category,
        location=Location(address="Elsewhere"),
        channel=Channel.PHONE,
        now=timezone.now(),
        contact=contact,
    )


def act(ticket: Ticket, action: str, *, by: User, now: datetime) -> Any:
    """The service that makes this move, as a person would ask for it."""
    own: dict[str, dict[str, Any]] = {
        "reject": {"reason": "Not the city's."},
        "merge": {"into": another_ticket(ticket.category)} if action == "merge" else {},
        "answer": {"how": "desk", "words": "It was only switched off."},
        "reopen": {"reason": "It is dark again."},
        "correct": {"reason": "The wrong lamp."},
        "hold": {
            "reason": "waiting_utility",
            "waiting_for": "Power company",
            "until": now + timedelta(days=2),
        },
    }
    if action in SETTLED:
        return tickets.settle_to(ticket, action, by=by, now=now)
    service: Callable[..., Any] = getattr(tickets, action)
    return service(ticket, by=by, now=now, **own.get(action, {}))


def bring_to(ticket: Ticket, status: str, *, by: User, now: datetime) -> Ticket:
    for action in PATHS[status]:
        act(ticket, action, by=by, now=now)
    assert ticket.status == status
    return ticket
