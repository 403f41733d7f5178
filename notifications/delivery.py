"""Claim, commit, speak to the gateway, record. No transaction is open during the call."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from common.phones import hash_phone
from notifications.models import EARLIER, Message, MessageStatus, Suppression
from notifications.transports import TransportError, choose_transport

S = MessageStatus
LEASE = timedelta(seconds=120)  # longer than any call to a gateway may take
MOST_ATTEMPTS = 8
BATCH = 200


def deliver(message_id: int) -> None:
    """Send one text if it is due and nobody else is at it; harmless to call twice."""
    now = timezone.now()
    claimed = (
        Message.objects.due(now)
        .filter(pk=message_id)
        .update(status=S.SENDING, lease_until=now + LEASE, attempts=F("attempts") + 1)
    )
    if not claimed:
        return
    message = Message.objects.select_related("contact").get(pk=message_id)
    to = message.recipient
    if not to or Suppression.objects.filter(phone_hash=hash_phone(to)).exists():
        Message.objects.filter(pk=message_id, status=S.SENDING).update(status=S.SUPPRESSED)
        return
    try:
        sid = choose_transport().send(to=to, body=message.body)
    except TransportError as error:
        _record_refusal(message, error)
    else:
        record_status(message_id, S.SENT, now=timezone.now(), provider_sid=sid)


def record_status(
    message_id: int, status: str, *, now: datetime, provider_sid: str | None = None
) -> bool:
    """Move a text forward; False where it is already as far or further (late, double receipts)."""
    changes: dict[str, object] = {"status": status, "lease_until": None}
    if provider_sid:
        changes["provider_sid"] = provider_sid
    if status in (S.SENT, S.DELIVERED):
        changes["sent_at" if status == S.SENT else "delivered_at"] = now
    return bool(Message.objects.filter(pk=message_id, status__in=EARLIER[status]).update(**changes))


def sweep() -> int:
    """Send what every lost nudge left behind; returns how many texts were tried.

    A row left in `sending` by a dead worker may have been sent: it becomes `unknown`, for the
    reconciliation, never blindly `queued` (texts.md §4).
    """
    now = timezone.now()
    Message.objects.filter(status=S.SENDING, lease_until__lt=now).update(
        status=S.UNKNOWN, lease_until=None, error="no answer was recorded"
    )
    waiting = list(
        Message.objects.due(now).order_by("run_at", "pk").values_list("pk", flat=True)[:BATCH]
    )
    for message_id in waiting:
        deliver(message_id)
    return len(waiting)


def _record_refusal(message: Message, error: TransportError) -> None:
    changes: dict[str, object] = {"lease_until": None, "error": str(error)[:200]}
    if error.ambiguous:
        changes["status"] = S.UNKNOWN
    elif error.permanent or message.attempts >= MOST_ATTEMPTS:
        changes["status"] = S.FAILED
    else:
        changes["status"] = S.QUEUED
        changes["run_at"] = timezone.now() + timedelta(seconds=min(900, 2**message.attempts))
    Message.objects.filter(pk=message.pk, status=S.SENDING).update(**changes)
