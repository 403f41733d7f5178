"""How each gateway fares: what the staff are shown of the breakers, and of the last hour."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection

from notifications.gateways import codes
from notifications.gateways.routes import gateways, routes
from notifications.models import Attempt, GatewayHealth, Message, MessageStatus

HOUR = timedelta(hours=1)
MOST = 10_000  # attempts, and queued texts, that are looked through


class State(StrEnum):
    WORKS = "works"
    PAUSE = "pause"  # it asked for one
    BROKEN = "broken"
    MISSING = "missing"  # texts go there, and nothing of this name is set up


@dataclass(frozen=True)
class Way:
    """One gateway. `counts` are attempts by their outcome."""

    name: str
    state: State
    health: GatewayHealth | None
    prefixes: list[str]  # of the numbers it takes
    counts: dict[str, int]
    waiting: int  # texts, as far as they were counted

    @property
    def tried(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Ways:
    ways: list[Way]
    whole_hour: bool  # else only the last MOST attempts were counted


def look(now: datetime) -> Ways:
    """Every gateway that is set up, or that texts wait for; in the order of their names."""
    health = {row.name: row for row in GatewayHealth.objects.all()}
    counts, whole = _last_hour(now)
    waiting, table = _waiting(), routes()
    return Ways(
        [
            Way(
                name,
                _state(name, health.get(name), now),
                health.get(name),
                sorted(prefix for prefix, way in table.items() if way == name),
                {o.value: counts[name, o.value] for o in Attempt.Outcome},
                waiting[name],
            )
            for name in sorted({*names(), *waiting})
        ],
        whole,
    )


def names() -> list[str]:
    """Of the gateways that are set up, or should be."""
    return sorted({*gateways(), *routes().values()})


def _state(name: str, health: GatewayHealth | None, now: datetime) -> State:
    if name not in gateways():
        return State.MISSING
    if health and health.opened_at:
        return State.BROKEN
    if health and health.closed_until and health.closed_until > now:
        return State.PAUSE
    return State.WORKS


# The newest attempts are the last of the table: no index by time is needed to find them.
COUNT = """
SELECT gateway, outcome, count(*) FILTER (WHERE started_at > %(since)s), count(*), min(started_at)
FROM (SELECT gateway, outcome, started_at FROM notifications_attempt
      ORDER BY id DESC LIMIT %(most)s) newest
GROUP BY gateway, outcome
"""


def _last_hour(now: datetime) -> tuple[Counter[tuple[str, str]], bool]:
    """Attempts by gateway and outcome; whether that is all of the hour."""
    since = now - HOUR
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"most": MOST, "since": since})
        rows = cursor.fetchall()
    found = Counter({(gateway, outcome): many for gateway, outcome, many, *_ in rows})
    looked, oldest = sum(row[3] for row in rows), min((row[4] for row in rows), default=since)
    return found, looked < MOST or oldest <= since


def _waiting() -> Counter[str]:
    queued = Message.objects.filter(status=MessageStatus.QUEUED).order_by()
    return Counter(queued.values_list("gateway", flat=True)[:MOST])


def describe(code: str) -> str:
    """A gateway's code in English words, which screens translate; empty where it is unknown."""
    return codes.describe(code)
