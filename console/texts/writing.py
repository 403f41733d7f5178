"""A text that a person writes to a citizen, about one of their tickets."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from common.models import User
from hotline.writing import write
from notifications.fitting import MOST
from notifications.models import Contact
from notifications.segments import count_segments, normalise
from tickets.models import Subscriber, Ticket

LAST = 20  # tickets that are offered


class WriteForm(forms.Form):
    ticket = forms.ChoiceField(label=_("About"))
    body = forms.CharField(
        label=_("Text"),
        max_length=700,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": ""}),
    )
    # The page's own id of this text: the same form twice is one text.
    key = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, contact: Contact) -> None:
        super().__init__(data, initial={"key": str(uuid4())})
        self.contact = contact
        self.tickets = {str(ticket.pk): ticket for ticket in tickets_told_to(contact)}
        field = self.fields["ticket"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (pk, f"{ticket.number} {ticket.category.name}") for pk, ticket in self.tickets.items()
        ]

    def clean_body(self) -> str:
        body: str = normalise(self.cleaned_data["body"])
        segments = count_segments(body)
        if segments > MOST:
            raise ValidationError(TOO_LONG, params={"n": segments, "most": MOST})
        return body

    def clean_key(self) -> UUID:
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError as error:
            raise ValidationError(_("Please open the page again.")) from error

    def send(self, *, by: User, now: datetime) -> None:
        ticket = self.tickets[self.cleaned_data["ticket"]]
        body, key = self.cleaned_data["body"], self.cleaned_data["key"]
        write(self.contact, ticket, body, key=key, by=by, now=now)


TOO_LONG = ngettext_lazy(
    "That is %(n)d segment; %(most)d are the most. Please say it shorter.",
    "That is %(n)d segments; %(most)d are the most. Please say it shorter.",
    "n",
)


def tickets_told_to(contact: Contact) -> list[Ticket]:
    """What this person reported last; a merged ticket stands for the one that is worked on."""
    told = Subscriber.objects.filter(contact=contact).order_by("-pk")
    told = told.select_related("ticket__category", "ticket__merged_into__category")
    found = [subscriber.ticket.merged_into or subscriber.ticket for subscriber in told[:LAST]]
    return list({ticket.pk: ticket for ticket in found}.values())
