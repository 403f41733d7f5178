"""The crew's phone: my jobs, one job, and the one address that everything done is sent to."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST

from common.access import StaffRequest, crew_only
from common.models import User
from crew import answers, brief
from crew import jobs as my
from crew.forms import OpForm, read_form
from dispatch import operations
from dispatch.operations import OperationConflict
from tickets.models import Photo, Ticket


@crew_only
@require_GET
@never_cache
def jobs(request: StaffRequest) -> HttpResponse:
    return render(request, "crew/jobs.html", {"mine": my.mine(request.user, timezone.now())})


@crew_only
@require_GET
@never_cache
def job(request: StaffRequest, pk: int) -> HttpResponse:
    order = get_object_or_404(my.of(request.user), pk=pk)
    return render(request, "crew/job.html", {"job": brief.read(order, now=timezone.now())})


@crew_only
@require_POST
def operate(request: StaffRequest, pk: int) -> HttpResponse:
    """Something was done on a job. Sent twice, it counts once and is answered the same."""
    now = timezone.now()
    order = get_object_or_404(my.of(request.user), pk=pk)
    form = read_form(request.POST, request.FILES, order=order, now=now)
    if not form.is_valid():
        context = {"job": brief.read(order, now=now, wrong=form)}
        return render(request, "crew/job.html", context, status=422)
    try:
        answer = _carry_out(form, by=request.user, now=now)
    except OperationConflict:
        return render(request, "crew/conflict.html", {"order": order}, status=409)
    messages.add_message(request, *answers.say(form.kind, answer))
    if form.kind in answers.LEAVES:
        return redirect("crew:jobs")
    return redirect("crew:job", pk)


def _carry_out(form: OpForm, *, by: User, now: datetime) -> dict[str, Any]:
    try:
        return operations.apply(form.operation(), by=by, now=now)
    except OperationConflict:
        # Two clicks at one instant without a time of their own: that of the first is known by now.
        return operations.apply(form.operation(), by=by, now=now)


@crew_only
@require_GET
@cache_control(private=True, max_age=86400)
def photo(request: StaffRequest, pk: int, photo_pk: int) -> HttpResponseBase:
    order = get_object_or_404(my.of(request.user), pk=pk)
    family = Ticket.objects.family(order.ticket_id)
    shown = get_object_or_404(Photo, pk=photo_pk, ticket__in=family)
    return FileResponse(shown.file.open("rb"), content_type="image/jpeg")
