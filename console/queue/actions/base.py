"""A small form on the ticket page, and its one service call."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.utils.functional import Promise

from common.models import User
from console.queue.offers import Offers, Pick
from tickets import services as tickets
from tickets.models import Ticket, TicketEvent
from tickets.rules import RULES

DOUBLE_CLICK = timedelta(seconds=10)


def words(label: Any, rows: int = 3, most: int = 1000, **options: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=area, **options)


class Action(forms.Form):
    """A form of the ticket page. `do` makes the one call; `carry_out` makes it once."""

    name: ClassVar[str]
    title: ClassVar[str | Promise]
    says: ClassVar[str | Promise] = ""  # what follows from it, under the title
    done: ClassVar[str | Promise]
    tone: ClassVar[str] = ""
    not_for: ClassVar[frozenset[str]] = frozenset()
    locks_first: ClassVar[bool] = True
    minds_moves: ClassVar[bool] = True  # refused where somebody moved the ticket meanwhile

    # The newest event on the page this was sent from. The template writes it, always anew.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, offers: Offers) -> None:
        super().__init__(data, auto_id=f"{self.name}_%s")
        self.offers = offers
        self.ticket = offers.ticket
        self.prepare()

    def prepare(self) -> None:
        """Fill in what can be chosen."""

    @classmethod
    def offered(cls, ticket: Ticket) -> bool:
        return ticket.status in RULES[cls.name].from_

    def pick(self, name: str) -> Pick:
        field = self.fields[name]
        assert isinstance(field, Pick)
        return field

    def do(self, *, by: User, now: datetime) -> object:
        raise NotImplementedError

    def carry_out(self, *, by: User, now: datetime) -> None:
        """Once, on the ticket as it was shown: a double click changes nothing more.

        Raises MoveNotAllowed for a page on which somebody else has moved the ticket since.
        """
        with transaction.atomic():
            current = tickets.lock(self.ticket) if self.locks_first else self.ticket
            seen = self.cleaned_data["seen"]
            since = TicketEvent.objects.filter(ticket=self.ticket, seq__gt=seen or 0)
            just_now = {"actor": by, "kind": self.name, "recorded_at__gt": now - DOUBLE_CLICK}
            if seen is not None and since.filter(**just_now).exists():
                return
            if seen is not None and self.minds_moves and since.exclude(move=None).exists():
                raise tickets.MoveNotAllowed(tickets.refusal(current))
            self.do(by=by, now=now)

    def typed(self) -> str:
        """What somebody wrote here at length, worth keeping when the form cannot be."""
        areas = [n for n, f in self.fields.items() if isinstance(f.widget, forms.Textarea)]
        return "\n\n".join(filter(None, (self.data.get(name, "") for name in areas)))
