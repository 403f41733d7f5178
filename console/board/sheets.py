"""The forms that open over the board; without script, or when refused, each is its own page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from common.access import StaffRequest
from console.board import teams, waiting, yard
from console.board.forms import REFUSALS, AssignForm, CommandForm
from console.board.teams import Team
from dispatch.models import Crew, Equipment, Occupancy, WorkOrder, WorkOrderQuerySet
from dispatch.rules import ORDER_RULES, OrderStatus
from hotline.models import Report
from tickets.models import Ticket


def sheet(
    request: StaffRequest, name: str, form: CommandForm, context: dict[str, Any]
) -> HttpResponse:
    inside = f"console/board/{name}.html"
    template = inside if request.htmx else "console/board/sheet.html"
    return render(
        request, template, {**context, "form": form, "inside": inside}, status=form.status
    )


def carried_out(form: CommandForm, command: Callable[[], object]) -> bool:
    """Do it, or say on the form why not. The services are all or nothing by themselves."""
    try:
        command()
    except REFUSALS as error:
        form.refuse(error)
        return False
    return True


def to_board(request: StaffRequest) -> HttpResponse:
    """Back to the board, also from a form that htmx sent."""
    if request.htmx:
        return HttpResponseClientRedirect(reverse("console:board"))
    return redirect("console:board")


def assign_form(ticket: Ticket, data: Any, *, now: datetime) -> AssignForm:
    """Crews of the ticket's own unit first, the one with the least to do leading."""
    pieces = yard.read(now)

    def nearness(team: Team) -> tuple[bool, bool, int]:
        return team.crew.unit_id != ticket.unit_id, team.shift is None, len(team.jobs)

    planned = list(WorkOrder.objects.for_ticket(ticket).without_crew().order_by("pk"))
    initial: dict[str, Any] = {"kind": waiting.likely_kind(ticket, planned)}
    if planned:
        initial["instructions"] = planned[0].instructions
    return AssignForm(
        data,
        teams=sorted(teams.read(now, pieces), key=nearness),
        pieces=pieces,
        now=now,
        initial=initial,
    )


def orders() -> WorkOrderQuerySet:
    return WorkOrder.objects.select_related("crew", "ticket")


def about(ticket: Ticket, order: WorkOrder | None = None) -> dict[str, Any]:
    """What a dispatcher reads beside the form: the ticket, its citizens' words, its orders.

    Read anew: a command that was refused half-way leaves its marks on the caller's copies.
    """
    ticket = Ticket.objects.for_list().get(pk=ticket.pk)
    order = orders().get(pk=order.pk) if order else None
    theirs = Report.objects.filter(ticket__in=Ticket.objects.family(ticket.pk))
    reports = list(theirs.select_related("words").order_by("said_at", "pk"))
    return {
        "ticket": ticket,
        "reports": reports,
        "dangerous": any(report.dangerous for report in reports),
        "orders": WorkOrder.objects.for_ticket(ticket).select_related("crew").order_by("pk"),
        "order": order,
        "may_preempt": order and order.status in ORDER_RULES[OrderStatus.PREEMPTED],
    }


def kept_for(piece: Equipment, now: datetime) -> Crew | None:
    """Whoever reserved it probably fetches it."""
    kept = Occupancy.objects.filter(
        equipment=piece, kind=Occupancy.Kind.RESERVED, disputed=False, period__contains=now
    )
    held = kept.select_related("crew").first()
    return held.crew if held else None
