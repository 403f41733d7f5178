"""The page of one ticket, what can be done there, and its photos."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.access import StaffRequest, desk_only, roles, staff_only
from common.models import Role
from common.numbers import Misread, read_ticket_number
from console.queue import page
from console.queue.actions import ACTIONS
from console.queue.dossier import find_ticket, may_see
from console.queue.offers import Offers
from dispatch.services import OrderNotAllowed
from tickets.models import Photo, Ticket
from tickets.services import MoveNotAllowed, refusal


@staff_only
@require_safe
def ticket(request: StaffRequest, number: str) -> HttpResponse:
    """Everything about one ticket, and what this person may do to it now."""
    try:
        canonical = read_ticket_number(number)
        if canonical != number:
            return redirect("console:ticket", canonical)
        return page.show(request, find_ticket(canonical))
    except (Misread, Ticket.DoesNotExist):
        return page.read_again(request, number)


@desk_only
@require_POST
def act(request: StaffRequest, number: str, action: str) -> HttpResponse:
    """One action, once; what was refused is shown again with the words that were typed."""
    if action not in ACTIONS:
        raise Http404
    if request.user.role in ACTIONS[action].not_for:
        raise PermissionDenied
    form = ACTIONS[action](request.POST, offers=Offers(get_object_or_404(Ticket, number=number)))
    status = 422
    try:
        if form.is_valid():
            form.carry_out(by=request.user, now=timezone.now())
            messages.success(request, str(form.done))
            return redirect("console:ticket", number)
        if not form.offered(form.ticket):
            messages.error(request, refusal(form.ticket))
    except (MoveNotAllowed, OrderNotAllowed) as error:
        messages.error(request, str(error))
        status = 409
    return page.show(request, find_ticket(number), refused=form, status=status)


@roles(*Role)
@require_safe
def photo(request: StaffRequest, pk: int) -> HttpResponseBase:
    """A picture, for the staff and for the crews who were ever sent to its ticket."""
    found = get_object_or_404(Photo, pk=pk)
    if not may_see(request.user, found):
        raise PermissionDenied
    try:
        picture = found.file.open()
    except (FileNotFoundError, SuspiciousFileOperation) as error:
        raise Http404 from error
    headers = {"Cache-Control": "private, max-age=86400, immutable"}
    return FileResponse(picture, content_type="image/jpeg", headers=headers)
