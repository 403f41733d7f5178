"""The call desk: one form per call, and small panels that look things up while it is typed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.access import StaffRequest, desk_only
from console.desk import known
from console.desk.forms import WITHOUT_REPORT, CallForm
from dispatch.equipment import EquipmentTaken
from dispatch.services import OrderNotAllowed
from hotline import calls
from hotline.models import Call
from tickets.services import MoveNotAllowed


@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def desk(request: StaffRequest) -> HttpResponse:
    """A call with a report; the same form twice is one call, with other words it asks."""
    now = timezone.now()
    if request.method != "POST":
        return _page(request, CallForm(now=now))
    form = CallForm(request.POST, now=now)
    if not form.is_valid():
        return _page(request, form, status=422)
    said, join = form.said(), form.cleaned_data["join"]
    try:
        report = calls.take_call(
            said, form.line(), by=request.user, now=now, join=join, crew=form.sent
        )
    except (MoveNotAllowed, OrderNotAllowed, EquipmentTaken) as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=409)
    if report.words.internal != said.words:
        return _page(request, form.anew(), status=409, saved=report)
    if join and report.ticket_id != join.pk:
        closed = _("%(number)s was closed meanwhile: this is a new ticket.")
        messages.warning(request, closed % {"number": join.number})
    return redirect("console:desk_saved", report.call_id)


@desk_only
@require_POST
def desk_outcome(request: StaffRequest) -> HttpResponse:
    """A call without a report: one button, and the desk is free again."""
    now = timezone.now()
    form = CallForm(request.POST, now=now)
    outcome = request.POST.get("outcome", "")
    if not form.line_is_valid(outcome):
        return _page(request, form, status=422)
    call = calls.log_call(form.line(), outcome, by=request.user, now=now)
    messages.success(request, _("Logged: %(what)s.") % {"what": call.get_outcome_display()})
    return redirect("console:desk")


@desk_only
@require_GET
@never_cache
def desk_saved(request: StaffRequest, call: int) -> HttpResponse:
    """What to read aloud, and what was set going."""
    saved = known.find_saved(get_object_or_404(Call, pk=call))
    return render(request, "console/desk/saved.html", {"saved": saved})


# The panels are asked by POST: a caller's number has no place in addresses and their logs.


@desk_only
@require_POST
def desk_caller(request: StaffRequest) -> HttpResponse:
    form = _looked_at(request)
    return render(request, "console/desk/caller.html", {"caller": _caller(form), "form": form})


@desk_only
@require_POST
def desk_questions(request: StaffRequest) -> HttpResponse:
    return render(request, "console/desk/questions.html", {"form": _looked_at(request)})


@desk_only
@require_POST
def desk_nearby(request: StaffRequest) -> HttpResponse:
    form = _looked_at(request)
    return render(request, "console/desk/nearby.html", {"problems": _problems(form), "form": form})


@desk_only
@require_POST
def desk_emergency(request: StaffRequest) -> HttpResponse:
    return render(request, "console/desk/emergency.html", {"form": _looked_at(request)})


def _looked_at(request: StaffRequest) -> CallForm:
    """The form half-way through: what can be read is in `cleaned_data`, nothing is wrong yet."""
    form = CallForm(request.POST, now=timezone.now())
    form.full_clean()
    form.errors.clear()
    return form


def _caller(form: CallForm) -> known.KnownCaller | None:
    return known.find_caller(form.cleaned_data.get("phone", ""))


def _problems(form: CallForm) -> list[known.Problem]:
    return known.find_nearby(form.kind, form.location()) if form.kind else []


def _page(
    request: StaffRequest, form: CallForm, *, status: int = 200, saved: object = None
) -> HttpResponse:
    context = {
        "form": form,
        "saved": saved,
        "calls": known.last_calls(request.user, form.now),
        "outcomes": WITHOUT_REPORT,
    }
    if form.is_bound:
        context |= {"caller": _caller(form), "problems": _problems(form)}
    return render(request, "console/desk/desk.html", context, status=status)
