"""The breaker of each gateway: after a row of failures one text in a while tries the way.

Its pauses are measured by the database's clock, as leases are.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from notifications.models import GatewayHealth

IN_A_ROW = 5  # failures, one after the other, that open it
WINDOW = 20  # or half of these
LONGEST_PAUSE = timedelta(minutes=5)
# A pause that the gateway asked for: that calls which were under way succeed does not end it.
ASKED_FOR = Q(opened_at=None, closed_until__gt=Now())


class Seen(Enum):
    """What one call told about its gateway, whatever it told about the text."""

    GOOD = "good"
    BAD = "bad"  # a timeout, a 5xx, nobody there
    CLOSED = "closed"  # our account or settings: no second try is needed to know


_troubled: set[str] = set()  # gateways whose row this process has last seen in trouble


def allowance(name: str, *, most: int) -> tuple[int, bool]:
    """How many texts this gateway may be given now, and whether that is a probe of an open one."""
    found = GatewayHealth.objects.filter(name=name).annotate(now=Now()).first()
    if found and (found.failures or found.closed_until):
        _troubled.add(name)
    if found is None or found.closed_until is None:
        return most, False
    if found.closed_until > found.now:
        return 0, False
    if found.opened_at is None:  # it had asked for a pause, and the pause is over
        return most, False
    probing = GatewayHealth.objects.filter(name=name, closed_until__lte=Now())
    until = Now() + timedelta(seconds=settings.TEXT_PROBE_SECONDS)
    return int(bool(probing.update(closed_until=until))), True


def note(name: str, seen: Sequence[Seen], *, reason: str = "") -> None:
    """Count what calls told about a gateway, in the order in which they ended."""
    if all(one is Seen.GOOD for one in seen):
        if name in _troubled:
            mended = GatewayHealth.objects.filter(name=name).exclude(ASKED_FOR)
            mended.update(
                failures=0, tried=0, failed=0, opened_at=None, closed_until=None, reason=""
            )
            _troubled.discard(name)
        return
    _troubled.add(name)
    with transaction.atomic():
        GatewayHealth.objects.get_or_create(name=name)
        known = GatewayHealth.objects.select_for_update().annotate(now=Now()).get(name=name)
        _count(known, seen, reason, known.now)


def pause(name: str, how_long: timedelta) -> None:
    """The gateway asked to be left alone for a while; that is no failure."""
    _troubled.add(name)
    GatewayHealth.objects.get_or_create(name=name)
    asked = GatewayHealth.objects.filter(name=name, opened_at=None)
    asked.update(closed_until=Now() + how_long)


def _count(health: GatewayHealth, seen: Sequence[Seen], reason: str, now: datetime) -> None:
    for one in seen:
        health.failures = 0 if one is Seen.GOOD else health.failures + 1
        health.tried += 1
        health.failed += one is not Seen.GOOD
    open_now = (
        Seen.CLOSED in seen
        or health.failures >= IN_A_ROW
        or (health.tried >= WINDOW and 2 * health.failed >= health.tried)
    )
    if health.tried >= WINDOW:
        health.tried = health.failed = 0
    if open_now:
        _open(health, now)
    elif health.failures == 0 and health.opened_at:
        health.opened_at = health.closed_until = None
    health.reason = reason[:200] if health.opened_at or health.failures else ""
    health.save()


def _open(health: GatewayHealth, now: datetime) -> None:
    """Nothing goes for a while: as long as it has been broken already, so probes get rarer.

    Calls that were under way when it opened fail after it, and are the same outage.
    """
    health.opened_at = health.opened_at or now
    shortest = timedelta(seconds=settings.TEXT_PROBE_SECONDS)
    health.closed_until = now + min(max(now - health.opened_at, shortest), LONGEST_PAUSE)


def try_again(name: str) -> None:
    """A person says that it is mended: the next text goes at once."""
    GatewayHealth.objects.filter(name=name).update(closed_until=Now())
