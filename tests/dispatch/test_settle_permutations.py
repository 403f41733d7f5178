"""Phones come back into range in any order: the ticket ends the same."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, WorkOrder
from notifications.models import Message
from tests.dispatch.field import does, planned, status_of
from tickets.models import Ticket

# Three crews on one ticket, and how each one ended: (kind of order, how, what it said).
Ending = tuple[str, str, dict[str, Any]]
INSPECTED: Ending = ("inspect", "done", {"outcome": "inspected"})
SAFE: Ending = ("make_safe", "done", {"outcome": "safe_only"})
RESTORED: Ending = ("repair", "done", {"outcome": "restored"})
NOTHING: Ending = ("repair", "done", {"outcome": "nothing_found"})
WAITS: Ending = ("repair", "done", {"outcome": "waiting", "reason": "waiting_parts"})
NO_ACCESS: Ending = ("inspect", "cannot_complete", {"reason": "no_access"})
NO_PARTS: Ending = ("repair", "cannot_complete", {"reason": "waiting_parts"})

# In the order in which they really happened → the end: status, kinds of planned orders.
STORIES: list[tuple[tuple[Ending, Ending, Ending], str, list[str]]] = [
    ((INSPECTED, SAFE, RESTORED), "resolved", []),
    ((SAFE, RESTORED, INSPECTED), "accepted", ["repair"]),
    ((RESTORED, SAFE, INSPECTED), "accepted", ["repair"]),
    ((SAFE, NO_ACCESS, NOTHING), "accepted", ["inspect", "repair"]),
    ((NO_ACCESS, SAFE, RESTORED), "resolved", []),
    ((SAFE, INSPECTED, WAITS), "waiting", ["repair"]),
    ((WAITS, INSPECTED, SAFE), "accepted", ["repair"]),
    ((INSPECTED, SAFE, NO_PARTS), "waiting", ["repair"]),
    ((NO_PARTS, NO_ACCESS, SAFE), "accepted", ["inspect", "repair"]),
]
ARRIVALS = list(permutations(range(3)))


@pytest.fixture
def crews(crew: Crew, other_crew: Crew, power_crew: Crew) -> tuple[Crew, Crew, Crew]:
    return crew, other_crew, power_crew


@pytest.mark.parametrize("arrival", ARRIVALS, ids=str)
@pytest.mark.parametrize(("story", "status", "to_do"), STORIES)
def test_the_end_is_the_same_in_any_order_of_arrival(
    story: tuple[Ending, Ending, Ending],
    status: str,
    to_do: list[str],
    arrival: tuple[int, int, int],
    accepted: Ticket,
    crews: tuple[Crew, Crew, Crew],
    dispatcher: User,
    now: datetime,
) -> None:
    start = now - timedelta(hours=5)
    orders = [
        dispatch.assign(accepted, crew=crew, kind=kind, by=dispatcher, now=start)
        for crew, (kind, _, _) in zip(crews, story, strict=True)
    ]
    for nth in arrival:
        _, how, said = story[nth]
        ended = start + timedelta(hours=nth + 1)
        assert does(orders[nth], how, at=ended, now=now, **said) == "applied"
    assert status_of(accepted) == status
    assert planned(accepted) == to_do
    told = Message.objects.filter(kind="resolve").exclude(status="cancelled")
    assert told.count() == (1 if status == "resolved" else 0)


MILESTONES = ("en_route", "on_scene", "made_safe", "done")


@pytest.mark.parametrize("arrival", list(permutations(MILESTONES)), ids=" ".join)
def test_the_milestones_of_one_job_may_arrive_in_any_order(
    arrival: tuple[str, ...], order: WorkOrder, now: datetime
) -> None:
    start = now - timedelta(hours=3)
    for kind in arrival:
        said: dict[str, Any] = {"outcome": "restored"} if kind == "done" else {}
        happened = start + timedelta(minutes=20 * MILESTONES.index(kind))
        does(order, kind, at=happened, now=now, **said)
    assert status_of(order.ticket) == "resolved"
    history = order.ticket.events.filter(job=order.pk, kind__startswith="order_")
    by_clock = history.order_by("occurred_at", "seq").values_list("kind", flat=True)
    assert [kind for kind in by_clock if kind != "order_accepted"] == [
        f"order_{kind}" for kind in MILESTONES
    ]
