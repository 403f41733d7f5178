"""The conversation with one person, and a text written to them by hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.access import StaffRequest, desk_only, staff_only
from common.models import Role
from console.queue.masking import mask_address, show_address
from console.texts import conversation
from console.texts.reach import reach_of
from console.texts.writing import WriteForm
from notifications.fitting import MOST
from notifications.models import Contact
from notifications.segments import count_segments, normalise

LONGEST = 2000  # characters that are counted


@staff_only
@require_safe
def contact(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Contact, pk=pk)
    return _page(request, found, WriteForm(contact=found) if _may_write(request) else None)


@desk_only
@require_POST
def write(request: StaffRequest, pk: int) -> HttpResponse:
    """One text, once; what is too long or about nothing comes back as it was typed."""
    found = get_object_or_404(Contact, pk=pk)
    form = WriteForm(request.POST, contact=found)
    if not reach_of([found])[pk].textable:
        messages.error(request, _("Nothing was sent: this person gets, or wants, no texts."))
        return _page(request, found, form, status=409)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    form.send(by=request.user, now=timezone.now())
    messages.success(request, _("The text is on its way."))
    return redirect("console:contact", pk)


@desk_only
@require_POST
def count(request: StaffRequest) -> HttpResponse:
    """How many segments what was typed so far would be."""
    body = normalise(request.POST.get("body", "")[:LONGEST])
    context = {"segments": count_segments(body), "most": MOST}
    return render(request, "console/texts/count.html", context)


def _may_write(request: StaffRequest) -> bool:
    return request.user.role != Role.AUDITOR


def _page(
    request: StaffRequest, found: Contact, form: WriteForm | None, *, status: int = 200
) -> HttpResponse:
    show = show_address if _may_write(request) else mask_address
    addresses = [address for address in (found.phone or "", found.email) if address]
    reach = reach_of([found])[found.pk]
    before = conversation.read_moment(request.GET.get("before", ""))
    context = {
        "contact": found,
        "addresses": [show(address) for address in addresses],
        "reach": reach,
        "talk": conversation.read(found, before=before),
        "form": form if form and form.tickets and (reach.textable or form.is_bound) else None,
        "before": before,
    }
    return render(request, "console/texts/contact.html", context, status=status)
