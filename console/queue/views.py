"""The queue: a long list, a page at a time."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.access import StaffRequest, staff_only
from console.queue import lists
from console.queue.filters import MOST_URGENT, NEWEST, TABS
from tickets.filters import TicketFilter


@staff_only
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """Tickets, the most urgent promise or the newest first; a whole number opens its ticket."""
    known = lists.known_number(request.GET.get("q", ""))
    if known:
        return redirect("console:ticket", known)
    now = timezone.now()
    chosen = lists.chosen_tab(request.GET)
    urgent = TABS[chosen].urgent and request.GET.get("order") != "newest"
    filters = TicketFilter(request.GET, queryset=TABS[chosen].tickets(now).for_list())
    page = (MOST_URGENT if urgent else NEWEST).page(filters.qs, request.GET)
    context = {
        "tabs": TABS,
        "chosen": chosen,
        "urgent": urgent,
        "form": filters.form,
        "narrowed": any(request.GET.get(name) for name in filters.form.fields),
        "rows": lists.rows(page.rows, now),
        "page": page,
    }
    return render(request, "console/queue/queue.html", context)
