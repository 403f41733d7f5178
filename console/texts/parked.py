"""Texts that do not go by themselves: send again, call instead, or let be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from common.access import StaffRequest, desk_only, dispatch_only, staff_only
from common.models import Role
from console.queue.paging import Keyset
from console.texts import lists, wording
from hotline import call_backs
from notifications import parked as service
from notifications.models import Message, MessageStatus
from notifications.parked import NotPossible

RECENT = timedelta(days=7)
LOOKED_AT = 1000  # parked texts that are counted by their reason
OLDEST = Keyset("created_at")


class Reason(forms.Form):
    """One gateway and one reason, as they stand in the rows."""

    gateway = forms.CharField(required=False, max_length=20)
    error = forms.CharField(required=False, max_length=200, strip=False)


@dataclass(frozen=True)
class Heap:
    """Parked texts that share a gateway and a reason."""

    gateway: str
    error: str
    many: int

    @property
    def way(self) -> str:
        return wording.gateway(self.gateway)

    @property
    def reason(self) -> str:
        return wording.error(self.error)


@staff_only
@require_safe
def parked(request: StaffRequest) -> HttpResponse:
    """What waits for a person, the oldest first; or whom we did not reach in the last days."""
    lost = request.GET.get("list") == "lost"
    found = _lost(timezone.now()) if lost else _parked(request)
    page = (lists.NEWEST if lost else OLDEST).page(found, request.GET)
    may_act = request.user.role != Role.AUDITOR
    context = {
        "lost": lost,
        "lines": lists.lines(page.rows),
        "heaps": [] if lost else heaps(),
        "page": page,
        "may_act": may_act,
        "may_send_all": may_act and request.user.role != Role.OPERATOR,
        "days": RECENT.days,
    }
    return render(request, "console/texts/parked.html", context)


def _parked(request: StaffRequest) -> QuerySet[Message]:
    """All of them, or those of one heap."""
    found = Message.objects.filter(status=MessageStatus.PARKED).select_related("contact")
    chosen = Reason(request.GET)
    if "error" not in request.GET:
        return found
    return found.filter(**chosen.cleaned_data) if chosen.is_valid() else found.none()


def _lost(now: datetime) -> QuerySet[Message]:
    came_to_nothing = (MessageStatus.FAILED, MessageStatus.UNDELIVERED)
    found = Message.objects.filter(status__in=came_to_nothing, created_at__gt=now - RECENT)
    return found.select_related("contact")


def heaps() -> list[Heap]:
    """The largest first; of very many only the first LOOKED_AT are looked at."""
    query = """
        SELECT gateway, error, count(*) FROM (
            SELECT gateway, error FROM notifications_message
            WHERE status = 'parked' ORDER BY id LIMIT %s) looked
        GROUP BY gateway, error ORDER BY count(*) DESC, gateway, error
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [LOOKED_AT])
        return [Heap(*row) for row in cursor.fetchall()]


Do = Callable[[Message, datetime], None]
ACTIONS: dict[str, tuple[Do, str | Promise]] = {
    "again": (
        lambda message, now: service.send_again(message.pk, now=now),
        gettext_lazy("It goes out again."),
    ),
    "call": (
        lambda message, now: call_backs.call_instead(message, now=now),
        gettext_lazy("They are on the list of calls to make."),
    ),
    "let-be": (
        lambda message, now: service.let_be(message.pk),
        gettext_lazy("It is not sent any more."),
    ),
}


@desk_only
@require_POST
def act(request: StaffRequest, pk: int, action: str) -> HttpResponse:
    """One of three buttons, on the list or on the page of the text."""
    if action not in ACTIONS:
        raise Http404
    message = get_object_or_404(Message.objects.select_related("contact"), pk=pk)
    do, done = ACTIONS[action]
    try:
        do(message, timezone.now())
    except NotPossible as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, str(done))
    if request.POST.get("back") == "parked":
        return redirect("console:parked")
    return redirect("console:text", pk)


@dispatch_only
@require_POST
def all_again(request: StaffRequest) -> HttpResponse:
    """After an outage: everything that one gateway left for one reason."""
    chosen = Reason(request.POST)
    if not chosen.is_valid():
        messages.error(request, _("No parked texts have this reason."))
        return redirect("console:parked")
    sent, kept = service.send_all_again(**chosen.cleaned_data, now=timezone.now())
    if sent:
        said = ngettext("%(n)d text goes out again.", "%(n)d texts go out again.", sent)
        messages.success(request, said % {"n": sent})
    if kept:
        said = ngettext(
            "%(n)d text stays: its person gets, or wants, no texts.",
            "%(n)d texts stay: their people get, or want, no texts.",
            kept,
        )
        messages.warning(request, said % {"n": kept})
    if not sent and not kept:
        messages.warning(request, _("None of them is parked any more. Nothing was changed."))
    return redirect("console:parked")
