"""At night nobody is woken by a text that can wait for the morning."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def is_night(now: datetime) -> bool:
    """Whether `now` (aware) lies outside TEXT_HOURS on the clock of the city."""
    opens, ends = hours()
    here = now.astimezone(ZoneInfo(settings.TIME_ZONE)).time()
    return not opens <= here < ends


def morning(now: datetime) -> datetime:
    """When texts go out again; `now` itself by day."""
    if not is_night(now):
        return now
    opens, _ = hours()
    zone = ZoneInfo(settings.TIME_ZONE)
    here = now.astimezone(zone)
    day = here.date() if here.time() < opens else here.date() + timedelta(days=1)
    return datetime.combine(day, opens, zone)


def hours() -> tuple[time, time]:
    """From when to when a text may ring."""
    opens, _, ends = settings.TEXT_HOURS.partition("-")
    return time.fromisoformat(opens), time.max if ends == "24:00" else time.fromisoformat(ends)
