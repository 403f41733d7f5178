"""A text that a person writes to a citizen, about one of their tickets."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from common.models import User
from notifications import outbox
from notifications.models import Contact, Message
from notifications.segments import count_segments, normalise
from tickets import services as tickets
from tickets.models import Subscriber, Ticket

MOST_SEGMENTS = 2
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
        if segments > MOST_SEGMENTS:
            raise ValidationError(TOO_LONG, params={"n": segments, "most": MOST_SEGMENTS})
        return body

    def clean_key(self) -> UUID:
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError as error:
            raise ValidationError(_("Please open the page again.")) from error

    def send(self, *, by: User, now: datetime) -> None:
        """The text, and who wrote it in the history of its ticket; twice the same is once."""
        ticket = self.tickets[self.cleaned_data["ticket"]]
        message = Message(
            dedupe_key=f"written:{self.cleaned_data['key']}",
            topic=ticket.topic,
            kind="written",
            contact=self.contact,
            language=self.contact.language,
            body=self.cleaned_data["body"],
        )
        try:
            with transaction.atomic():
                tickets.record(ticket, "write", by=by, now=now, tell=False)
                outbox.enqueue([message], now=now)
        except IntegrityError:
            if not Message.objects.filter(dedupe_key=message.dedupe_key).exists():
                raise


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
