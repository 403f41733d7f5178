from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.access import StaffRequest, figures_only
from insights.response_times import GROUPS, SPANS, Line, measure

LABELS = {"category": _("Category"), "unit": _("Unit"), "district": _("District")}
STEPS = {
    "acknowledge": _("Acknowledged"),
    "dispatch": _("Crew sent"),
    "arrive": _("On scene"),
    "resolve": _("Resolved"),
}


@figures_only
@require_safe
def response_times(request: StaffRequest) -> HttpResponse:
    asked = request.GET.get("by", "")
    by = asked if asked in GROUPS else "category"
    lines = measure(by)
    facts = {
        "by": by,
        "tabs": LABELS.items(),
        "group": LABELS[by],
        "steps": [(span, STEPS[span]) for span in SPANS],
        "citizens": [_row(line) for line in lines if not line.by_staff and not line.total],
        "staff": [_row(line) for line in lines if line.by_staff and not line.total],
        "total": next((_row(x) for x in lines if x.total and not x.by_staff), None),
    }
    return render(request, "insights/response_times.html", facts)


def _row(line: Line) -> dict[str, object]:
    cells = [(STEPS[span], line.spans[span]) for span in SPANS]
    return {"line": line, "cells": cells}
