"""Whether texts move at all: one cheap statement, for the head of every staff page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from notifications import quiet
from notifications.claim import CAP
from notifications.gateways.routes import gateways
from notifications.models import Importance

PATIENCE = timedelta(seconds=60)
MOST = 99  # parked texts that are counted one by one


@dataclass(frozen=True)
class Stuck:
    """What holds texts up; empty (false) while they move."""

    since: datetime | None  # when the oldest text was due that nothing excuses
    parked: int  # that wait for a person; MOST + 1 stands for more than MOST
    broken: list[str]  # gateways that get no texts

    def __bool__(self) -> bool:
        return bool(self.since or self.parked or self.broken)


# A lane is one gateway and importance: the oldest of each is one step into an index, however many
# wait behind it. A text that may not go yet (a doubt, the cap) is passed over, as in claim.py.
LOOK = """
WITH RECURSIVE lanes AS (
    (SELECT gateway, importance FROM notifications_message
     WHERE status = 'queued' ORDER BY gateway, importance LIMIT 1)
  UNION ALL
    SELECT following.* FROM lanes, LATERAL (
        SELECT m.gateway, m.importance FROM notifications_message m
        WHERE m.status = 'queued'
          AND (m.gateway, m.importance) > (lanes.gateway, lanes.importance)
        ORDER BY m.gateway, m.importance LIMIT 1) following
), oldest AS (
    SELECT lanes.importance, due.run_at FROM lanes, LATERAL (
        SELECT q.run_at FROM notifications_message q
        WHERE q.status = 'queued' AND q.gateway = lanes.gateway
          AND q.importance = lanes.importance
          AND q.run_at <= %(due)s AND q.expires_at > %(now)s
          AND NOT EXISTS (
            SELECT 1 FROM notifications_message f
            WHERE f.contact_id = q.contact_id AND f.status IN ('sending', 'unknown'))
          AND (q.importance <= %(reply)s OR (
            SELECT count(*) FROM notifications_message s
            WHERE s.contact_id = q.contact_id
              AND s.sent_at > %(now)s - interval '1 hour') < %(cap)s)
        ORDER BY q.run_at, q.id LIMIT 1) due
    WHERE lanes.importance <= %(least)s
)
SELECT (SELECT min(CASE WHEN importance <= %(reply)s THEN run_at
                        ELSE greatest(run_at, %(opened)s) END) FROM oldest),
       (SELECT count(*) FROM (
            SELECT 1 FROM notifications_message WHERE status = 'parked' LIMIT %(most)s) parked),
       (SELECT coalesce(array_agg(name ORDER BY name), '{}') FROM notifications_gatewayhealth
        WHERE opened_at IS NOT NULL AND name = ANY(%(names)s))
"""


def stuck(now: datetime) -> Stuck:
    """What holds texts up at this moment. What waits for the morning is not held up."""
    facts = {
        "now": now,
        "due": now - PATIENCE,
        "opened": _opened(now),
        "least": Importance.REPLY if quiet.is_night(now) else Importance.INFO,
        "reply": Importance.REPLY,
        "cap": CAP,
        "most": MOST + 1,
        "names": list(gateways()),  # one that was given up is no trouble any more
    }
    with connection.cursor() as cursor:
        cursor.execute(LOOK, facts)
        since, parked, broken = cursor.fetchone()
    late = since if since and since <= now - PATIENCE else None  # not in the morning's first minute
    return Stuck(late, parked, broken)


def _opened(now: datetime) -> datetime:
    """Since when texts may ring today; what became due in the night was not late before."""
    zone = ZoneInfo(settings.TIME_ZONE)
    opens, _ = quiet.hours()
    return datetime.combine(now.astimezone(zone).date(), opens, zone)
