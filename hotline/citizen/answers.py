"""What citizens answer on their own page, where a text cannot be answered or was not."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from common.access import public
from hotline import feedback
from notifications import consent
from tickets.feedback import Result
from tickets.models import Subscriber

LONGEST = 1000  # characters

SAID = {
    Result.SETTLED: lazy("Thank you. That is noted."),
    Result.CLOSED: lazy("Thank you. The report is closed."),
    Result.REOPENED: lazy("Thank you for telling us. We look at it again."),
    Result.OPEN: lazy("Thank you. It is being worked on."),
    Result.TOO_LATE: lazy("This was over long ago. Please report it anew."),
}


@public
@require_POST
def verdict(request: HttpRequest, token: str) -> HttpResponse:
    """Fixed or not; twice the same is once."""
    mine, fixed = _own(token), request.POST.get("fixed")
    if fixed not in ("yes", "no"):
        raise Http404
    result = feedback.give_verdict(
        mine.ticket,
        mine.contact,
        fixed=fixed == "yes",
        now=timezone.now(),
        words=request.POST.get("words", "").replace("\0", "")[:LONGEST],
    )
    messages.success(request, SAID[result])
    return redirect("citizen:track", token)


@public
@require_POST
def rating(request: HttpRequest, token: str) -> HttpResponse:
    mine, figure = _own(token), request.POST.get("satisfied", "")
    if figure not in {"1", "2", "3", "4", "5"}:
        raise Http404
    try:
        feedback.rate(mine.ticket, mine.contact, satisfied=int(figure), now=timezone.now())
    except feedback.NotRateable:
        messages.warning(request, _("It cannot be rated now."))
    else:
        messages.success(request, _("Thank you. That is noted."))
    return redirect("citizen:track", token)


@public
@require_POST
def news(request: HttpRequest, token: str) -> HttpResponse:
    """No more messages, or messages again: some numbers cannot answer a text with STOP."""
    contact = _own(token).contact
    if request.POST.get("wanted") == "yes":
        consent.opt_in(contact.address)
        messages.success(request, _("You get messages again from now on."))
    elif contact.address:
        consent.opt_out(contact.address, source="web", now=timezone.now())
        messages.success(request, _("You get no more messages from us."))
    return redirect("citizen:track", token)


def _own(token: str) -> Subscriber:
    return get_object_or_404(Subscriber.objects.select_related("ticket", "contact"), token=token)
