"""What the long lists can be narrowed to: the queue's tabs, and the filter above the texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.numbers import Misread, read_ticket_number
from common.phones import NotAPhoneNumber, parse_phone
from console.queue.paging import Keyset
from notifications.models import Message, MessageStatus
from tickets.models import Status, Ticket, TicketQuerySet

NEWEST = Keyset("opened_at", descending=True)
MOST_URGENT = Keyset("due_at", nullable=True)


@dataclass(frozen=True)
class Tab:
    label: str | Promise
    tickets: Callable[[datetime], TicketQuerySet]
    urgent: bool = True  # only what is open has a promise to keep


TABS = {
    "open": Tab(_("All open"), lambda now: Ticket.objects.open()),
    "triage": Tab(_("To triage"), lambda now: Ticket.objects.awaiting_triage()),
    "dispatch": Tab(_("To dispatch"), lambda now: Ticket.objects.awaiting_dispatch()),
    "field": Tab(
        _("In the field"),
        lambda now: Ticket.objects.filter(status__in=(Status.ASSIGNED, Status.IN_PROGRESS)),
    ),
    "waiting": Tab(_("Waiting"), lambda now: Ticket.objects.filter(status=Status.WAITING)),
    "overdue": Tab(_("Overdue"), lambda now: Ticket.objects.overdue(now)),
    "all": Tab(_("All"), lambda now: Ticket.objects.all(), urgent=False),
}


class TextFilter(forms.Form):
    """The log of texts, by state and by whom or what they are about."""

    status = forms.ChoiceField(label=_("State"), required=False)
    q = forms.CharField(label=_("Ticket number or phone"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        status = self.fields["status"]
        assert isinstance(status, forms.ChoiceField)
        status.choices = [("", _("Any")), *MessageStatus.choices]

    def clean_q(self) -> Q:
        """The texts about a ticket, or to a number, citizen's or crew's."""
        typed = self.cleaned_data["q"]
        if not typed:
            return Q()
        try:
            number = read_ticket_number(typed)
        except Misread:
            return self._to_phone(typed)
        ticket = Ticket.objects.filter(number=number).first()
        return Q(topic=ticket.topic) if ticket else Q(pk__in=[])

    def messages(self) -> QuerySet[Message]:
        """Those that match; none where something was typed that we cannot read."""
        found = Message.objects.select_related("contact")
        if not self.is_valid():
            return found.none()
        if self.cleaned_data["status"]:
            found = found.filter(status=self.cleaned_data["status"])
        return found.filter(self.cleaned_data["q"])

    def _to_phone(self, typed: str) -> Q:
        try:
            phone = parse_phone(typed)
        except NotAPhoneNumber as error:
            raise ValidationError(
                _("Neither a ticket number nor a phone number. Please read it again.")
            ) from error
        return Q(contact__phone=phone) | Q(staff_phone=phone)
