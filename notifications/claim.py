"""The two statements of the outbox: take a handful of texts, and write down what became of them.

Both are one round trip for many texts. Leases are measured by the database's clock, so that a
worker whose own clock jumps neither steals nor loses a text.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from notifications.models import Importance

CAP = 4  # texts per contact within an hour; what is urgent or was asked for is not counted out


@dataclass(frozen=True)
class Claimed:
    """A text that is ours to send until its lease ends."""

    id: int
    lease: UUID  # the token of the attempt
    gateway: str
    body: str
    attempts: int
    importance: int
    expires_at: datetime
    to: str  # empty where the person was erased


# At most one text to a contact is in flight; the unique index holds it where two claims race.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT q.id, q.importance, q.run_at, coalesce(q.contact_id::text, q.staff_phone) AS whom
    FROM notifications_message q
    WHERE q.status = 'queued' AND q.gateway = %(gateway)s AND q.importance <= %(least)s
      AND q.run_at <= statement_timestamp() AND q.expires_at > statement_timestamp()
      AND NOT EXISTS (
        SELECT 1 FROM notifications_message f
        WHERE f.contact_id = q.contact_id AND f.status IN ('sending', 'unknown'))
      AND (q.importance <= %(uncapped)s OR (
        SELECT count(*) FROM notifications_message s
        WHERE s.contact_id = q.contact_id
          AND s.sent_at > statement_timestamp() - interval '1 hour') < %(cap)s)
    ORDER BY q.importance, q.run_at, q.id LIMIT %(most)s
    FOR NO KEY UPDATE OF q SKIP LOCKED
), first AS (
    SELECT DISTINCT ON (whom) id FROM due ORDER BY whom, importance, run_at, id
), claimed AS (
    UPDATE notifications_message m
    SET status = 'sending', attempts = m.attempts + 1, lease = gen_random_uuid(),
        lease_until = statement_timestamp() + %(lease)s
    FROM first WHERE m.id = first.id
    RETURNING m.*
), tried AS (
    INSERT INTO notifications_attempt (message_id, token, gateway, started_at, outcome, code)
    SELECT id, lease, gateway, statement_timestamp(), '', '' FROM claimed
)
SELECT m.id, m.lease, m.gateway, m.body, m.attempts, m.importance, m.expires_at,
       coalesce(nullif(m.staff_phone, ''),
                CASE WHEN c.untextable = '' THEN coalesce(c.phone, c.email) ELSE c.email END, '')
FROM claimed m LEFT JOIN notifications_contact c ON c.id = m.contact_id
ORDER BY m.importance, m.run_at, m.id
"""


def claim(gateway: str, *, most: int, night: bool) -> list[Claimed]:
    """Up to `most` due texts of one gateway, each with a committed attempt; maybe none.

    At night only what is urgent or was asked for. Raises IntegrityError where another worker took
    a text of the same person at the same moment: nothing was claimed then.
    """
    facts: dict[str, Any] = {
        "gateway": gateway,
        "most": most,
        "least": Importance.REPLY if night else Importance.INFO,
        "uncapped": Importance.REPLY,
        "cap": CAP,
        "lease": timedelta(seconds=settings.TEXT_LEASE_SECONDS),
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, facts)
        return [Claimed(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Result:
    """What became of one attempt, and what that makes of its text."""

    lease: UUID
    outcome: str  # an Attempt.Outcome
    status: str  # the text's next status
    error: str = ""
    code: str = ""
    http_status: int | None = None
    sid: str | None = None
    delay: float = 0.0  # seconds until the text is tried, or looked up, again
    counts: bool = True  # against the limit of attempts


# The attempt is closed always; the text only moves where its lease is still this attempt's.
RECORD = """
WITH r AS (
    SELECT * FROM unnest(
        %(lease)s::uuid[], %(outcome)s::text[], %(status)s::text[], %(error)s::text[],
        %(code)s::text[], %(http_status)s::int[], %(sid)s::text[], %(delay)s::float8[],
        %(counts)s::bool[]
    ) AS r (lease, outcome, status, error, code, http_status, sid, delay, counts)
), closed AS (
    UPDATE notifications_attempt a
    SET finished_at = statement_timestamp(), outcome = r.outcome, code = r.code,
        http_status = r.http_status, sid = coalesce(a.sid, r.sid)
    FROM r WHERE a.token = r.lease
)
UPDATE notifications_message m
SET status = r.status, lease = NULL, lease_until = NULL, error = r.error,
    attempts = m.attempts - CASE WHEN r.counts THEN 0 ELSE 1 END,
    sent_at = CASE WHEN r.status = 'sent' THEN statement_timestamp() ELSE m.sent_at END,
    run_at = CASE WHEN r.status = 'queued'
        THEN statement_timestamp() + make_interval(secs => r.delay) ELSE m.run_at END,
    look_at = CASE WHEN r.status IN ('sent', 'unknown')
        THEN statement_timestamp() + make_interval(secs => r.delay) END
FROM r WHERE m.lease = r.lease AND m.status = 'sending'
RETURNING r.lease
"""


def record(results: Iterable[Result]) -> set[UUID]:
    """Write down what became of the attempts; returns the leases that were still ours."""
    columns = list(zip(*map(astuple, results), strict=True))
    names = Result.__dataclass_fields__
    with connection.cursor() as cursor:
        cursor.execute(RECORD, {n: list(c) for n, c in zip(names, columns, strict=True)})
        return {row[0] for row in cursor.fetchall()}
