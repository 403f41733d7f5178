"""How the gateways fare, and the button that tries a closed one at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.access import StaffRequest, roles, staff_only
from common.models import Role
from console.texts import wording
from notifications import parked, ways

MENDERS = (Role.SUPERVISOR, Role.ADMINISTRATOR)


@staff_only
@require_safe
def gateways(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    found = ways.look(now)
    context = {
        "ways": [
            (way, wording.gateway(way.name), wording.error(way.health.reason if way.health else ""))
            for way in found.ways
        ],
        "whole_hour": found.whole_hour,
        "most": ways.MOST,
        "may_try": request.user.role in MENDERS,
        "now": now,
    }
    return render(request, "console/texts/gateways.html", context)


@roles(*MENDERS)
@require_POST
def try_now(request: StaffRequest, name: str) -> HttpResponse:
    parked.try_gateway(name)
    messages.success(request, _("The next text tries the way now."))
    return redirect("console:gateways")
