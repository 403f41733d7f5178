"""The citizen's pages: report, follow, see who does what. One service call each."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from common.access import public
from hotline import services as hotline
from hotline.citizen import catalogue, progress, town_map
from hotline.citizen.forms import FollowForm, ReportForm
from tickets.photos import add_photo


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    groups = catalogue.groups()
    return render(request, "citizen/home.html", {"form": FollowForm(), "groups": groups})


@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """The form; sent twice it is one report, sent again with other words it asks."""
    if request.method == "POST":
        code = request.POST.get("category", "")
        chosen = catalogue.kinds(code if code.isprintable() else "")
        return _take(request, ReportForm(request.POST, request.FILES, kinds=chosen))
    asked = {"category": request.GET.get("category", "")}
    return _show(request, ReportForm(kinds=[], initial=asked))


def _take(request: HttpRequest, form: ReportForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, form, status=422)
    now = timezone.now()
    said = form.said()
    taken = hotline.take_report(said, now=now)
    link = progress.tracking_token(taken)
    if taken.words.internal != said.words:
        return _show(request, form.anew(), sent=link, status=409)
    if form.cleaned_data["photo"]:
        add_photo(taken.ticket, form.cleaned_data["photo"], moment="report", taken_at=now)
    messages.success(request, _("Thank you. Your report is with us."))
    return redirect("citizen:track", link)


def _show(
    request: HttpRequest, form: ReportForm, *, sent: str = "", status: int = 200
) -> HttpResponse:
    form.offer(catalogue.kinds())
    return render(request, "citizen/report.html", {"form": form, "sent": sent}, status=status)


@public
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    form = FollowForm(request.POST)
    if form.is_valid():
        return redirect("citizen:track", form.cleaned_data["link"])
    context = {"form": form, "groups": catalogue.groups()}
    return render(request, "citizen/home.html", context, status=422)


@public
@require_safe
@never_cache
def track(request: HttpRequest, token: str) -> HttpResponse:
    found = progress.find(token, now=timezone.now())
    if found is None:
        raise Http404
    return render(request, "citizen/track.html", {"progress": found})


@public
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    return render(request, "citizen/services.html", {"groups": catalogue.with_units()})


@public
@require_safe
@cache_control(public=True, max_age=300)
@condition(etag_func=lambda request: f'"{town_map.version()}"')
def map_layers(request: HttpRequest) -> HttpResponse:
    return JsonResponse(town_map.layers())
