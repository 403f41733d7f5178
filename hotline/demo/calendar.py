"""When people ring and when crews work, on the wall clock of the town."""

from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from django.utils import timezone

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HALF_DAY = DAY / 2
MORNING, EVENING = 8, 20  # the day shift; the night shift is the rest

# How many calls an hour of the day brings, from midnight on.
CALLS = {
    "any": [2, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 8, 7, 7, 7, 7, 8, 9, 9, 8, 7, 6, 4, 3],
    "day": [0, 0, 0, 0, 0, 1, 3, 6, 10, 11, 10, 9, 7, 8, 9, 9, 8, 8, 6, 4, 3, 2, 1, 0],
    "rush": [1, 0, 0, 0, 0, 2, 7, 15, 14, 7, 4, 4, 4, 4, 4, 5, 8, 14, 15, 8, 4, 3, 2, 1],
    "evening": [3, 2, 1, 1, 1, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 9, 15, 18, 18, 14, 9, 5],
}
QUIET = {5: 0.7, 6: 0.6}  # Saturday, Sunday


def rings_at(random: Random, profile: str, start: datetime, end: datetime) -> datetime:
    """A believable moment of a call between two moments."""
    hours = _hours(start, end)
    hour = random.choices(hours, cum_weights=_weights(profile, start, end))[0]
    return min(hour + HOUR * random.random(), end).replace(microsecond=0)


def is_daytime(when: datetime) -> bool:
    return MORNING <= timezone.localtime(when).hour < EVENING


def shift_start(when: datetime) -> datetime:
    """When the shift began that is at work at that moment."""
    local = timezone.localtime(when)
    start = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if local.hour < MORNING:
        start -= DAY
    return start if is_daytime(when) else start + HALF_DAY


def next_daytime(when: datetime) -> datetime:
    """That moment if it is day, else the next morning."""
    return when if is_daytime(when) else shift_start(when + HALF_DAY)


@cache
def _hours(start: datetime, end: datetime) -> list[datetime]:
    return [start + HOUR * i for i in range(max(1, round((end - start) / HOUR)))]


@cache
def _weights(profile: str, start: datetime, end: datetime) -> list[float]:
    return list(accumulate(_busy(profile, hour) for hour in _hours(start, end)))


def _busy(profile: str, moment: datetime) -> float:
    local = timezone.localtime(moment)
    # Never nothing: a town that is seeded at night still had calls in its last hours.
    return (CALLS[profile][local.hour] + 0.05) * QUIET.get(local.weekday(), 1.0)
