"""Its further course: waiting, over, over after all, and what is to be remembered."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.models import Role, User
from console.queue.actions.base import Action, words
from dispatch import services as dispatch
from dispatch.models import WorkOrder
from dispatch.rules import REASONS
from tickets import feedback
from tickets import services as tickets
from tickets.models import Status, Ticket, TicketEvent


class Hold(Action):
    name = "hold"
    title = _("Put on hold")
    says = _("Wait for somebody outside. The owner is reminded when the time is over.")
    done = _("On hold.")
    reason = forms.ChoiceField(label=_("Reason"))
    waiting_for = forms.CharField(label=_("Whom we wait for"), max_length=80)
    reference = forms.CharField(label=_("Their reference"), required=False, max_length=80)
    until = forms.DateTimeField(
        label=_("Expected until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    explanation = words(_("Explanation, for the citizen"), rows=2, required=False)

    def prepare(self) -> None:
        waits = [(code, reason.text) for code, reason in REASONS.items() if reason.waits]
        self.fields["reason"].choices = [*waits, ("other", _("Another reason"))]  # type: ignore[attr-defined]

    @classmethod
    def offered(cls, ticket: Ticket) -> bool:
        under_way = (Status.ASSIGNED, Status.IN_PROGRESS)  # there the crew's outcome decides
        return super().offered(ticket) and ticket.status not in under_way

    def clean_until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        if until <= timezone.now():
            raise forms.ValidationError(_("This time is over. Choose a later one."))
        return until

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        data = self.cleaned_data
        return tickets.hold(
            self.ticket,
            reason=data["reason"],
            waiting_for=data["waiting_for"],
            reference=data["reference"],
            until=data["until"],
            words=data["explanation"],
            by=by,
            now=now,
        )


class Resume(Action):
    name = "resume"
    title = _("Take up again")
    says = _("The waiting is over; it goes back to the dispatchers.")
    done = _("Taken up again.")
    tone = "primary"

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        return tickets.resume(self.ticket, by=by, now=now)


class Close(Action):
    name = "close"
    title = _("Close")
    says = _("The callers agree that it is settled. They get a last text.")
    done = _("Closed.")
    tone = "primary"

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        return tickets.close(self.ticket, by=by, now=now)


class Reopen(Action):
    name = "reopen"
    title = _("Reopen")
    says = _("Somebody says it is not solved after all. Counted as a reopening.")
    done = _("Reopened.")
    reason = words(_("Why, kept inside"))

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        return tickets.reopen(self.ticket, reason=self.cleaned_data["reason"], by=by, now=now)


class Correct(Action):
    name = "correct"
    title = _("Resolved by mistake")
    says = _("Texts that were not sent yet are withdrawn. Not counted as a reopening.")
    done = _("Corrected; the ticket is accepted again.")
    not_for = frozenset({Role.OPERATOR})
    reason = words(_("Why, kept inside"))

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        return tickets.correct(self.ticket, reason=self.cleaned_data["reason"], by=by, now=now)


class Note(Action):
    name = "note"
    title = _("Write a note")
    done = _("Noted.")
    minds_moves = False
    note = words(_("Note"))
    readers = forms.ChoiceField(
        label=_("Who may read it"),
        choices=[("internal", _("Staff only")), ("public", _("Also the citizens"))],
        initial="internal",
    )

    @classmethod
    def offered(cls, ticket: Ticket) -> bool:
        return True

    def do(self, *, by: User, now: datetime) -> TicketEvent:
        data = self.cleaned_data
        said = {data["readers"]: data["note"]}
        return tickets.record(self.ticket, self.name, by=by, now=now, **said)


class MarkRead(Action):
    """What a citizen wrote is marked on the ticket until somebody has read it."""

    name = "mark_read"
    title = _("I have read what the citizen wrote")
    done = _("Marked as read.")
    tone = "primary"
    minds_moves = False

    @classmethod
    def offered(cls, ticket: Ticket) -> bool:
        return feedback.WROTE in ticket.flags

    def do(self, *, by: User, now: datetime) -> None:
        feedback.mark_read(self.ticket)


class Recall(Action):
    """Named as the event it writes: the ticket's own `recall` is what follows from it."""

    name = "recall_order"
    title = _("Recall a crew")
    says = _("The crew is told by text; its equipment is free again.")
    done = _("Recalled.")
    not_for = frozenset({Role.OPERATOR})
    locks_first = False  # the service locks the order, then its ticket
    minds_moves = False  # what counts is where the order is, and the service looks
    order = forms.CharField(label=_("Job"), widget=forms.Select)
    reason = words(_("Why, kept inside"), rows=2)

    def prepare(self) -> None:
        widget = self.fields["order"].widget
        assert isinstance(widget, forms.Select)
        widget.choices = [
            (o.pk, f"{o.crew or o.unit}: {o.get_kind_display()}, {o.get_status_display()}")
            for o in self.offers.live_orders
        ]

    def clean_order(self) -> WorkOrder:
        """Any order of the ticket: one that is over by now is refused in the service's words."""
        typed = self.cleaned_data["order"]
        pk = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
        orders = WorkOrder.objects.for_ticket(self.ticket).select_related("ticket")
        found = orders.filter(pk=pk).first()
        if found is None:
            raise forms.ValidationError(_("The ticket has no such job."))
        return found

    @classmethod
    def offered(cls, ticket: Ticket) -> bool:
        return ticket.status in (Status.ASSIGNED, Status.IN_PROGRESS)

    def do(self, *, by: User, now: datetime) -> WorkOrder:
        data = self.cleaned_data
        return dispatch.recall(data["order"], reason=data["reason"], by=by, now=now)
