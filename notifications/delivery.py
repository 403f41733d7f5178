"""Claim, commit, speak to the gateway, record. No transaction is open during the call."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from common.phones import hash_phone
from notifications.models import EARLIER, Message, MessageStatus, Suppression
from notifications.transports import TransportError, choose_transport

S = MessageStatus
LEASE = timedelta(seconds=120)  # longer than any call to a gateway may take
MOST_ATTEMPTS = 8
MOST_AT_ONCE = 500


def drain() -> int:
    """Send what is due, the oldest first; returns how many texts were tried.

    Any number of workers may drain at once: each text is claimed by one of them.
    """
    for tried in range(MOST_AT_ONCE):
        claimed = _claim()
        if claimed is None:
            return tried
        _hand_over(claimed)
    return MOST_AT_ONCE


def record_status(
    message_id: int, status: str, *, now: datetime, provider_sid: str | None = None
) -> bool:
    """Move a text forward; False where it is already as far or further (late, double receipts)."""
    changes: dict[str, object] = {"status": status, "lease_until": None}
    if provider_sid:
        changes["provider_sid"] = provider_sid
    if status in (S.SENT, S.DELIVERED):
        changes["sent_at" if status == S.SENT else "delivered_at"] = now
    moved = Message.objects.filter(pk=message_id, status__in=EARLIER[status]).update(**changes)
    if provider_sid and not moved:  # a receipt overtook the gateway's answer: its id still counts
        Message.objects.filter(pk=message_id, provider_sid=None).update(provider_sid=provider_sid)
    return bool(moved)


def sweep() -> int:
    """Send what every lost nudge left behind; returns how many texts were tried.

    A row left in `sending` by a dead worker may have been sent: it becomes `unknown`, for the
    reconciliation, never blindly `queued`.
    """
    Message.objects.filter(status=S.SENDING, lease_until__lt=timezone.now()).update(
        status=S.UNKNOWN, lease_until=None, error="no answer was recorded"
    )
    return drain()


@dataclass(frozen=True)
class Claimed:
    """A text that is ours to send until its lease ends."""

    id: int
    body: str
    attempts: int
    to: str  # empty where the person was erased


# One statement, committed before the gateway is spoken to.
CLAIM = """
UPDATE notifications_message m
SET status = 'sending', lease_until = %(until)s, attempts = m.attempts + 1
FROM (
    SELECT q.id, coalesce(nullif(q.staff_phone, ''), c.phone, '') AS recipient
    FROM notifications_message q LEFT JOIN notifications_contact c ON c.id = q.contact_id
    WHERE q.status = 'queued' AND q.run_at <= %(now)s
    ORDER BY q.run_at, q.id LIMIT 1
    FOR UPDATE OF q SKIP LOCKED
) due
WHERE m.id = due.id
RETURNING m.id, m.body, m.attempts, due.recipient
"""


def _claim() -> Claimed | None:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE})
        row = cursor.fetchone()
    return Claimed(*row) if row else None


def _hand_over(text: Claimed) -> None:
    if not text.to or Suppression.objects.filter(phone_hash=hash_phone(text.to)).exists():
        Message.objects.filter(pk=text.id, status=S.SENDING).update(status=S.SUPPRESSED)
        return
    try:
        sid = choose_transport().send(to=text.to, body=text.body)
    except TransportError as error:
        _record_refusal(text, error)
    else:
        record_status(text.id, S.SENT, now=timezone.now(), provider_sid=sid)


def _record_refusal(text: Claimed, error: TransportError) -> None:
    changes: dict[str, object] = {"lease_until": None, "error": str(error)[:200]}
    if error.ambiguous:
        changes["status"] = S.UNKNOWN
    elif error.permanent or text.attempts >= MOST_ATTEMPTS:
        changes["status"] = S.FAILED
    else:
        changes["status"] = S.QUEUED
        changes["run_at"] = timezone.now() + timedelta(seconds=min(900, 2**text.attempts))
    Message.objects.filter(pk=text.id, status=S.SENDING).update(**changes)
