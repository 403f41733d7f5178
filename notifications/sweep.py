"""Every ten seconds: what workers that died, lost nudges and silent gateways left behind."""

from datetime import timedelta

from django.db.models.functions import Now

from notifications.delivery import drain, first_look
from notifications.models import Message, MessageStatus
from notifications.reconcile import reconcile

S = MessageStatus


def sweep() -> int:
    """Mend, ask, send; returns how many texts were tried.

    A row left in `sending` by a dead worker may have been sent: it becomes `unknown`, for the
    reconciliation, never blindly `queued`.
    """
    end_leases()
    expire()
    reconcile(meanwhile=drain)
    return drain()


def end_leases() -> int:
    """Texts whose worker did not come back in time become unknown; returns how many."""
    return Message.objects.filter(status=S.SENDING, lease_until__lt=Now()).update(
        status=S.UNKNOWN,
        lease=None,
        lease_until=None,
        looks=0,
        look_at=Now() + timedelta(seconds=first_look()),
        error="no answer was recorded",
    )


def expire() -> int:
    """What is not worth saying any more is not said; returns how many."""
    waiting = Message.objects.filter(status=S.QUEUED, expires_at__lte=Now())
    return waiting.update(status=S.EXPIRED)
