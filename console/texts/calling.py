"""To ring somebody instead: the call is promised and the text let be, or neither of the two."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from console.texts.lists import tickets_of
from hotline import call_backs
from hotline.models import CallBack
from notifications import parked
from notifications.models import Message, MessageStatus
from notifications.parked import NotPossible

S = MessageStatus
CALLED_INSTEAD = frozenset({S.PARKED, S.UNDELIVERED, S.FAILED, S.SUPPRESSED})


def call_instead(message: Message, *, now: datetime) -> None:
    """Put its person on the list of calls; twice is once. Raises NotPossible where the text has
    moved on meanwhile, or there is no number to ring."""
    contact, ticket = message.contact, tickets_of([message]).get(message.pk)
    if contact is None or not contact.phone:
        raise NotPossible(_("There is no number to ring."))
    promised = CallBack.objects.owed().filter(contact=contact, ticket=ticket)
    if message.status == S.CANCELLED and promised.exists():
        return  # the second of two clicks
    if message.status not in CALLED_INSTEAD:
        raise NotPossible(parked.moved_on(message))
    reason = CallBack.Reason.NO_TEXTS if contact.untextable else CallBack.Reason.NOT_ARRIVED
    with transaction.atomic():
        call_backs.owe(contact, ticket=ticket, reason=reason, now=now)
        if message.status == S.PARKED:
            parked.let_be(message.pk)
