"""Calls that we owe to people, and what became of them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.access import StaffRequest, desk_only, staff_only
from common.models import Role
from console.queue.masking import mask_address, show_address
from console.queue.paging import Keyset
from hotline import call_backs as service
from hotline.models import CallBack, Recording
from notifications.models import Contact
from tickets.models import Ticket

SOONEST = Keyset("due_at")


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=CallBack.Outcome.choices)


class OweForm(forms.Form):
    """Whom to call, and about which ticket; both from the page of a ticket."""

    contact = forms.ModelChoiceField(Contact.objects.filter(phone__isnull=False))
    ticket = forms.ModelChoiceField(Ticket.objects.all(), to_field_name="number")


@staff_only
@require_safe
def call_backs(request: StaffRequest) -> HttpResponse:
    """The most urgent first."""
    now = timezone.now()
    may_call = request.user.role != Role.AUDITOR
    owed = CallBack.objects.owed().select_related("contact", "ticket__category", "call")
    page = SOONEST.page(owed.prefetch_related("call__recordings"), request.GET)
    show = show_address if may_call else mask_address
    context = {
        "rows": [(one, show(_number(one)), one.due_at < now) for one in page.rows],
        "page": page,
        "may_call": may_call,
        "outcomes": CallBack.Outcome.choices,
    }
    return render(request, "console/texts/call_backs.html", context)


def _number(owed: CallBack) -> str:
    """The person's, else the one that rang."""
    known = owed.contact.phone if owed.contact else None
    return known or (owed.call.number if owed.call else "")


@desk_only
@require_POST
def done(request: StaffRequest, pk: int) -> HttpResponse:
    owed = get_object_or_404(CallBack, pk=pk)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what came of the call."))
    else:
        service.finish(owed, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Written down."))
    return redirect("console:call_backs")


@desk_only
@require_POST
def owe(request: StaffRequest) -> HttpResponse:
    """Somebody is to be called about a ticket; twice is once."""
    form = OweForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This person has no number, or the ticket is not known."))
        return redirect("console:call_backs")
    ticket: Ticket = form.cleaned_data["ticket"]
    service.owe(
        form.cleaned_data["contact"],
        ticket=ticket,
        reason=CallBack.Reason.ASKED,
        now=timezone.now(),
    )
    messages.success(request, _("They are on the list of calls to make."))
    return redirect("console:ticket", ticket.number)


@desk_only
@require_safe
def recording(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What a caller said after the tone."""
    found = get_object_or_404(Recording.objects.exclude(file=""), pk=pk)
    try:
        audio = found.file.open()
    except (FileNotFoundError, SuspiciousFileOperation) as error:
        raise Http404 from error
    return FileResponse(audio, content_type="audio/mpeg", headers={"Cache-Control": "private"})
