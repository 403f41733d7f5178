"""The log of texts, and what happened to one of them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.access import StaffRequest, staff_only
from console.texts import fate, lists
from console.texts.filters import MOST, TextFilter
from notifications.models import Message


@staff_only
@require_safe
def log(request: StaffRequest) -> HttpResponse:
    """Every text that was ever meant for somebody, newest first."""
    form = TextFilter(request.GET, reader=request.user, now=timezone.now())
    page = lists.NEWEST.page(form.messages(), request.GET)
    context = {
        "form": form,
        "lines": lists.lines(page.rows),
        "segments": lists.segments_sent(page.rows),
        "day": form.of_a_day(),
        "most": MOST,
        "page": page,
    }
    return render(request, "console/texts/log.html", context)


@staff_only
@require_safe
def text(request: StaffRequest, pk: int) -> HttpResponse:
    """Where one text is, why it waits, and everything that was tried and told about it."""
    message = get_object_or_404(Message.objects.select_related("contact"), pk=pk)
    context = {"fate": fate.read(message, reader=request.user, now=timezone.now())}
    return render(request, "console/texts/text.html", context)
