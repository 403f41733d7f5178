"""Texts of citizens that only a person can deal with: a ticket, a known ticket, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.access import StaffRequest, desk_only, staff_only
from common.models import Role, User
from common.numbers import Misread, read_ticket_number
from console.queue.masking import mask_phone, show_address
from console.queue.offers import Pick
from console.queue.paging import Keyset
from hotline import drafts
from hotline.citizen import catalogue
from hotline.models import InboundText
from hotline.replies import guess_language
from hotline.services import Caller, Said
from hotline.standings import find_standings
from tickets.models import Channel, Ticket
from tickets.services import Location

OLDEST = Keyset("received_at")


class NewTicket(forms.Form):
    """What a text does not say by itself: what kind of problem, and where."""

    category = Pick(label=gettext_lazy("What is it?"))
    address = forms.CharField(label=gettext_lazy("Where is it?"), max_length=300)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="new_%s")
        category = self.fields["category"]
        assert isinstance(category, Pick)
        category.offer(catalogue.kinds(), empty=gettext_lazy("Choose"))

    def do(self, text: InboundText, *, by: User, now: datetime) -> Ticket:
        data = self.cleaned_data
        language = text.contact.language if text.contact else guess_language(text)
        said = Said(
            category=data["category"],
            location=Location(address=data["address"]),
            words=text.body,
            channel=Channel.TEXT,
            caller=Caller(language=language),
        )
        return drafts.make_report(text, said, by=by, now=now).ticket


class Known(forms.Form):
    """It is about a ticket that we know."""

    number = forms.CharField(label=gettext_lazy("Ticket number"), max_length=60)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="known_%s")

    def clean_number(self) -> Ticket:
        try:
            number = read_ticket_number(self.cleaned_data["number"])
            return Ticket.objects.get(number=number)
        except (Misread, Ticket.DoesNotExist) as error:
            raise ValidationError(_("No ticket has this number. Please read it again.")) from error

    def do(self, text: InboundText, *, by: User, now: datetime) -> Ticket:
        ticket: Ticket = self.cleaned_data["number"]
        drafts.attach(text, ticket, by=by, now=now)
        return ticket


class PutAside(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why nothing comes of it"), choices=InboundText.Dismissal.choices
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="aside_%s")

    def do(self, text: InboundText, *, by: User, now: datetime) -> None:
        drafts.dismiss(text, by=by, now=now, reason=self.cleaned_data["reason"])


FORMS: dict[str, Callable[..., Any]] = {"new": NewTicket, "known": Known, "aside": PutAside}


@staff_only
@require_safe
def incoming(request: StaffRequest) -> HttpResponse:
    """The oldest first."""
    waiting = InboundText.objects.waiting().select_related("contact")
    page = OLDEST.page(waiting, request.GET)
    context = {
        "rows": [(text, _number(request, text)) for text in page.rows],
        "page": page,
        "may_act": request.user.role != Role.AUDITOR,
    }
    return render(request, "console/texts/incoming.html", context)


@desk_only
@require_safe
def one(request: StaffRequest, pk: int) -> HttpResponse:
    return _page(request, _find(pk), {})


@desk_only
@require_POST
def act(request: StaffRequest, pk: int, form: str) -> HttpResponse:
    """One of three forms; what was refused is shown again."""
    text = _find(pk)
    if form not in FORMS:
        return redirect("console:incoming_one", pk)
    filled = FORMS[form](request.POST)
    if not filled.is_valid():
        return _page(request, text, {form: filled}, status=422)
    try:
        ticket = filled.do(text, by=request.user, now=timezone.now())
    except drafts.NotWaiting:
        messages.warning(request, _("Somebody else was faster. Nothing was changed."))
        return redirect("console:incoming")
    if ticket is None:
        messages.success(request, _("Put aside."))
        return redirect("console:incoming")
    messages.success(request, _("The text belongs to this ticket now."))
    return redirect("console:ticket", ticket.number)


def _find(pk: int) -> InboundText:
    return get_object_or_404(InboundText.objects.select_related("contact", "ticket"), pk=pk)


def _number(request: StaffRequest, text: InboundText) -> str:
    show = mask_phone if request.user.role == Role.AUDITOR else show_address
    return show(text.number)


def _page(
    request: StaffRequest, text: InboundText, filled: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    waits = text.state in (InboundText.State.WAITING, InboundText.State.ASKED)
    context = {
        "text": text,
        "number": _number(request, text),
        "waits": waits,
        "known": find_standings(text.contact, now=timezone.now()) if text.contact else [],
        "forms": {name: filled.get(name) or form() for name, form in FORMS.items()},
    }
    return render(request, "console/texts/incoming_one.html", context, status=status)
