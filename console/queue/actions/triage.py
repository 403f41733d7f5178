"""What it is, whose it is, and whether it is a matter of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.models import User
from common.numbers import Misread, read_ticket_number
from console.queue.actions.base import Action, words
from console.queue.offers import Pick
from tickets import services as tickets
from tickets.models import Priority, Ticket, TicketEvent


class Accept(Action):
    name = "accept"
    title = _("Accept")
    says = _("Fix what it is, how urgent it is and whose it is. You become its owner.")
    done = _("Accepted. A crew can be sent now.")
    tone = "primary"
    category = Pick(label=_("Category"))
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    unit = Pick(label=_("Unit"), required=False)

    def prepare(self) -> None:
        self.pick("category").offer(self.offers.categories)
        self.pick("unit").offer(self.offers.units, _("As the category says"))
        self.initial = {"category": self.ticket.category.code, "priority": self.ticket.priority}

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        data = self.cleaned_data
        return tickets.accept(
            self.ticket,
            category=data["category"],
            priority=data["priority"],
            unit=data["unit"],
            by=by,
            now=now,
        )


class Reject(Action):
    name = "reject"
    title = _("Reject")
    says = _("Not a matter for the city. The reason is published and texted to the callers.")
    done = _("Rejected.")
    reason = words(_("Reason, for the citizen"), most=300)

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        return tickets.reject(self.ticket, reason=self.cleaned_data["reason"], by=by, now=now)


class Answer(Action):
    name = "answer"
    title = _("Answer without a crew")
    says = _("Solved from the desk or by somebody else. The callers are told it is resolved.")
    done = _("Answered; the ticket is resolved.")
    how = forms.ChoiceField(
        label=_("How"),
        choices=[("desk", _("By the desk")), ("outside", _("By somebody outside"))],
    )
    answer = words(_("Answer, for the citizen"))

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        data = self.cleaned_data
        return tickets.answer(self.ticket, how=data["how"], words=data["answer"], by=by, now=now)


class Merge(Action):
    name = "merge"
    title = _("Merge into another ticket")
    says = _("The same problem. Its callers hear of the other ticket from now on.")
    done = _("Merged.")
    locks_first = False  # the service locks both tickets, the older one first
    into = forms.CharField(label=_("Number of the other ticket"), max_length=30)

    def prepare(self) -> None:
        self.fields["into"].widget.attrs = {"list": "nearby", "autocomplete": "off"}

    def clean_into(self) -> Ticket:
        try:
            number = read_ticket_number(self.cleaned_data["into"])
        except Misread as error:
            raise forms.ValidationError(
                _("There is no such number. Please read the number again.")
            ) from error
        found = Ticket.objects.select_related("merged_into").filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("No ticket has this number. Please read it again."))
        if found == self.ticket:
            raise forms.ValidationError(_("This is the ticket itself."))
        if found.merged_into:
            raise forms.ValidationError(
                _("%(number)s was merged itself. Use %(root)s.")
                % {"number": found.number, "root": found.merged_into.number}
            )
        return found

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        return tickets.merge(self.ticket, into=self.cleaned_data["into"], by=by, now=now)


class Unmerge(Action):
    name = "unmerge"
    title = _("Not the same after all")
    says = _("A ticket of its own again, with its own callers.")
    done = _("A ticket of its own again.")

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        return tickets.unmerge(self.ticket, by=by, now=now)


class Recategorise(Action):
    name = "recategorise"
    title = _("Change the category")
    says = _("Unit and promise follow the new category.")
    done = _("Category changed.")
    category = Pick(label=_("Category"))

    def prepare(self) -> None:
        self.pick("category").offer(self.offers.categories)
        self.initial = {"category": self.ticket.category.code}

    @classmethod
    def offered(cls, ticket: Ticket) -> bool:
        return ticket.is_open

    def clean_category(self) -> Any:
        if self.cleaned_data["category"] == self.ticket.category:
            raise forms.ValidationError(_("It has this category already."))
        return self.cleaned_data["category"]

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        return tickets.recategorise(
            self.ticket, category=self.cleaned_data["category"], by=by, now=now
        )


class Transfer(Action):
    name = "transfer"
    title = _("Hand to another unit")
    says = _("“Not ours”. Counted, with the reason; the citizen's clock runs on.")
    done = _("Handed over.")
    unit = Pick(label=_("Unit"))
    reason = words(_("Why, kept inside"), rows=2)

    def prepare(self) -> None:
        others = [unit for unit in self.offers.units if unit != self.ticket.unit]
        self.pick("unit").offer(others, _("Choose a unit"))

    @classmethod
    def offered(cls, ticket: Ticket) -> bool:
        return ticket.is_open

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        data = self.cleaned_data
        return tickets.transfer(
            self.ticket, unit=data["unit"], reason=data["reason"], by=by, now=now
        )
