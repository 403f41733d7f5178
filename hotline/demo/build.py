"""Fills an empty database with the demo town, all of it or nothing."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from django.db import transaction

from common.models import User
from hotline.demo.calendar import DAY
from hotline.demo.calls import call_about_nothing
from hotline.demo.cases import PERIOD, plan_cases
from hotline.demo.crews import give_phones
from hotline.demo.founding import found
from hotline.demo.lives import live
from hotline.demo.newspaper import first_evening, newspaper_case
from hotline.demo.town import Town
from hotline.demo.yard import load_trucks
from tickets.models import Category, Ticket, Unit
from tickets.services import silence

SHARE_OTHER_CALLS = 0.1


class NotEmpty(Exception):
    """Somebody's data is there already; the text says how much. Nothing was changed."""


def build_town(
    *, now: datetime, tickets: int, seed: int, password: str, progress: Callable[[], object]
) -> Town:
    """The town with so many tickets, the newspaper case the first; raises NotEmpty.

    `progress` is called for each ticket. The same seed and moment make the same town.
    """
    with transaction.atomic(), silence():
        require_empty()
        now = now.replace(microsecond=0)
        start = min(now - PERIOD, first_evening(now))
        town = found(
            now=now,
            founded=start - DAY,
            random=Random(seed),
            password=password,
            progress=progress,
        )
        town.clock.start(newspaper_case(town))
        town.clock.start(load_trucks(town, now - PERIOD))
        for case in plan_cases(town, tickets - 1):
            town.clock.start(live(town, case))
        for _ in range(round(tickets * SHARE_OTHER_CALLS)):
            town.clock.start(call_about_nothing(town))
        town.clock.run(until=now)
        # Last, so that no job of the past is texted to a crew.
        give_phones(town.teams)
    return town


def require_empty() -> None:
    counts = {
        "people": User.objects.count(),
        "units": Unit.objects.count(),
        "categories": Category.objects.count(),
        "tickets": Ticket.objects.count(),
    }
    there = ", ".join(f"{many} {what}" for what, many in counts.items() if many)
    if there:
        raise NotEmpty(
            "The demo town is only made in an empty database. "
            f"This one holds {there}; nothing was changed."
        )
