"""Puts the page of a ticket together."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from common.access import StaffRequest
from common.models import Role
from console.queue import spans, timeline
from console.queue.actions import offered_forms
from console.queue.actions.base import Action
from console.queue.dossier import open_dossier
from console.queue.offers import Offers
from console.queue.wording import flag
from tickets.models import Photo, Status, Ticket


def show(
    request: StaffRequest, ticket: Ticket, *, refused: Action | None = None, status: int = 200
) -> HttpResponse:
    """The ticket as it is now; `refused` is shown again, or its words are kept for a note."""
    dossier = open_dossier(ticket, reader=request.user)
    offers = Offers(ticket)
    forms = _forms(request, offers, refused)
    names = {c.code: c.name for c in offers.categories} | {u.code: u.name for u in offers.units}
    context = {
        "ticket": ticket,
        "overdue": ticket.is_overdue(timezone.now()),
        "flags": [flag(code) for code in ticket.flags],
        "dossier": dossier,
        "photos": [p for p in dossier.photos if p.moment == Photo.Moment.REPORT],
        "entries": timeline.tell(dossier, names),
        "spans": spans.measure(ticket, dossier.events),
        "forms": forms,
        "opened": _opened(ticket, forms, refused),
        "kept": refused.typed() if refused and refused not in forms else "",
        "nearby": offers.nearby if forms else [],
        "place": _place(ticket),
        "may_call": request.user.role != Role.AUDITOR,
    }
    return render(request, "console/queue/ticket.html", context, status=status)


def read_again(request: HttpRequest, number: str) -> HttpResponse:
    """Nobody was given this number: a digit was misread or mistyped."""
    return render(request, "console/queue/read_again.html", {"number": number}, status=404)


def _forms(request: StaffRequest, offers: Offers, refused: Action | None) -> list[Action]:
    if request.user.role == Role.AUDITOR:
        return []
    return offered_forms(offers, request.user, refused=refused)


def _opened(ticket: Ticket, forms: list[Action], refused: Action | None) -> str:
    """The form that is unfolded: the refused one; triage at once, as it is always the next step."""
    if refused in forms and refused:
        return refused.name
    if refused and refused.typed():
        return "note"
    return forms[0].name if forms and ticket.status == Status.RECEIVED else ""


def _place(ticket: Ticket) -> list[dict[str, Any]]:
    """The marker of the small map."""
    if ticket.lon is None:
        return []
    return [{"lon": ticket.lon, "lat": ticket.lat, "label": ticket.address or ticket.number}]
