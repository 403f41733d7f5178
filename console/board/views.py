"""The dispatcher's board: who waits, who is where, and the commands that change it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.access import StaffRequest, dispatch_only
from console.board import board as whole
from console.board import sheets
from console.board.forms import CommandForm, HandOutForm, RecallForm
from console.board.sheets import assign_form, carried_out, sheet, to_board
from dispatch import equipment
from dispatch import services as dispatch
from dispatch.models import Equipment
from tickets.models import Ticket


@dispatch_only
@require_GET
@never_cache
def board(request: StaffRequest) -> HttpResponse:
    return render(request, "console/board/board.html", {"board": whole.read(timezone.now())})


@dispatch_only
@require_GET
@never_cache
def now(request: StaffRequest) -> HttpResponse:
    """The board again, for the page that asks every few seconds; 204 while nothing changed."""
    moment = timezone.now()
    if request.GET.get("seen") == whole.version(moment):
        return HttpResponse(status=204)
    return render(request, "console/board/now.html", {"board": whole.read(moment)})


@dispatch_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def assign(request: StaffRequest, number: str) -> HttpResponse:
    moment = timezone.now()
    ticket = get_object_or_404(Ticket.objects.for_list(), number=number)
    form = assign_form(ticket, request.POST or None, now=moment)
    if form.is_valid() and carried_out(
        form, lambda: dispatch.assign(ticket, by=request.user, now=moment, **form.order())
    ):
        said = _("%(number)s was sent to %(crew)s.")
        messages.success(request, said % {"number": number, "crew": form.order()["crew"]})
        return to_board(request)
    return sheet(request, "assign", form, sheets.about(ticket))


@dispatch_only
@require_GET
@never_cache
def order(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(sheets.orders(), pk=pk)
    return sheet(request, "order", RecallForm(), sheets.about(found.ticket, found))


@dispatch_only
@require_POST
def recall(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(sheets.orders(), pk=pk)
    form = RecallForm(request.POST)
    if form.is_valid() and carried_out(
        form, lambda: dispatch.recall(found, reason=form.cleaned_data["reason"], by=request.user)
    ):
        said = _("%(number)s was taken back from %(crew)s.")
        messages.success(request, said % {"number": found.ticket, "crew": found.crew})
        return to_board(request)
    return sheet(request, "order", form, sheets.about(found.ticket, found))


@dispatch_only
@require_POST
def preempt(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(sheets.orders(), pk=pk)
    form = CommandForm({})
    if form.is_valid() and carried_out(form, lambda: dispatch.preempt(found, by=request.user)):
        said = _("%(crew)s is free. %(number)s waits on the board again.")
        messages.success(request, said % {"number": found.ticket, "crew": found.crew})
    else:
        messages.error(request, " ".join(map(str, form.non_field_errors())))
    return to_board(request)


@dispatch_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def hand_out(request: StaffRequest, code: str) -> HttpResponse:
    moment = timezone.now()
    piece = get_object_or_404(Equipment, code=code)
    form = HandOutForm(request.POST or None, initial={"crew": sheets.kept_for(piece, moment)})
    if form.is_valid() and carried_out(
        form,
        lambda: equipment.hand_out(
            piece, crew=form.cleaned_data["crew"], at=moment, only_if_free=True
        ),
    ):
        said = _("%(piece)s is with %(crew)s now.")
        messages.success(request, said % {"piece": piece.code, "crew": form.cleaned_data["crew"]})
        return to_board(request)
    return sheet(request, "hand_out", form, {"piece": piece})


@dispatch_only
@require_POST
def take_back(request: StaffRequest, code: str) -> HttpResponse:
    piece = get_object_or_404(Equipment, code=code)
    equipment.take_back(piece, at=timezone.now())
    messages.success(request, _("%(piece)s is back.") % {"piece": piece.code})
    return to_board(request)
