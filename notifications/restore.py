"""After the database came back from a backup: what waits in it may have been sent meanwhile.

Whatever is due is looked up at its gateway, one text after the other, before a worker starts. What
the gateway has is settled; what it has not goes with the first worker; where nobody can be asked, a
person decides. What is on its way, or in doubt, in the backup is looked up by the sweep as always.
"""

from collections import Counter
from datetime import timedelta
from enum import StrEnum
from uuid import uuid4

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from notifications import receipts
from notifications.gateways import Found, Outgoing, Refusal
from notifications.gateways.routes import gateway
from notifications.models import Message, MessageStatus

# They know a text by its number and words. The others know our reference, or nothing; and the
# references of what was sent after the backup are gone.
KNOW_WORDS = {"twilio"}
NOBODY_KNOWS = gettext_noop("the database was restored: nobody can tell whether it went out")


class Fate(StrEnum):
    SENT = "sent"
    WAITS = "waits"  # for the first worker: the gateway has never had it
    PARKED = "parked"
    NOT_ASKED = "not asked"  # the gateway gave no clean answer


def reconcile_restored() -> Counter[Fate]:
    """How many texts met which fate. May be done again: what is settled is not touched."""
    due = Message.objects.filter(
        status=MessageStatus.QUEUED, run_at__lte=Now(), expires_at__gt=Now()
    )
    found = due.select_related("contact").order_by("run_at", "pk")
    return Counter(_reconcile(message) for message in list(found))


def _reconcile(message: Message) -> Fate:
    if message.gateway not in KNOW_WORDS or not message.recipient:
        Message.objects.filter(pk=message.pk, status=MessageStatus.QUEUED).update(
            status=MessageStatus.PARKED, error=NOBODY_KNOWS
        )
        return Fate.PARKED
    # No such attempt was ever made: its token is only needed to ask.
    asked = Outgoing(message.recipient, message.body, uuid4().hex, timedelta())
    try:
        found = gateway(message.gateway).look_up(asked, since=message.created_at)
    except (Refusal, KeyError):
        return Fate.NOT_ASKED
    return Fate.SENT if any(_settle(message, one) for one in found) else Fate.WAITS


def _settle(message: Message, found: Found) -> bool:
    """With an attempt that takes the place of the lost one; False where it is another text's."""
    with transaction.atomic():
        attempt = message.tries.create(
            token=uuid4(), gateway=message.gateway, started_at=message.created_at
        )
        sid, status, code = found.sid, found.status, found.code
        ours = receipts.settle(attempt, sid=sid, status=status, code=code, now=timezone.now())
        transaction.set_rollback(not ours)
    return ours
