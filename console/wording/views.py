"""The words of the texts: read by supervisors, changed by administrators."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.access import StaffRequest, roles
from common.models import Role
from console.wording.entries import Entry, entries, find, try_words
from console.wording.forms import LONGEST, SeenForm, WordsForm
from notifications import wording

readers = roles(Role.SUPERVISOR, Role.ADMINISTRATOR)
writers = roles(Role.ADMINISTRATOR)


@readers
@require_safe
def wordings(request: StaffRequest) -> HttpResponse:
    """Every kind of text in every language, as it is sent now."""
    return render(request, "console/wording/list.html", {"kinds": entries()})


@readers
@require_safe
@never_cache
def words(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    entry = _find(kind, language)
    return _page(request, entry, WordsForm(entry))


@readers
@require_POST
def preview(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """What the words would look like; asked while they are typed."""
    entry = _find(kind, language)
    typed = request.POST.get("words", "").strip()[:LONGEST]
    look = try_words(entry.code, entry.language, typed)
    return render(request, "console/wording/preview.html", {"look": look, "entry": entry})


@writers
@require_POST
def keep(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """New words, or older ones again."""
    entry = _find(kind, language)
    form = WordsForm(entry, request.POST)
    if not form.is_valid():
        return _page(request, entry, form, status=422)
    written = form.cleaned_data["words"]
    if written == entry.words:
        messages.info(request, _("Nothing was changed."))
        return redirect("console:words", kind, language)
    words = "" if written == entry.original else written
    if _rewrite(request, entry, words, form.cleaned_data["seen"]):
        messages.success(request, _("Saved. Texts from now on say it this way."))
        return redirect("console:words", kind, language)
    theirs = _find(kind, language)
    return _page(request, theirs, WordsForm(theirs, typed=written), status=409)


@writers
@require_POST
def original(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """The words that came with the system."""
    entry = _find(kind, language)
    form = SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else None
    if _rewrite(request, entry, "", seen):
        messages.success(request, _("The original words are sent again."))
    return redirect("console:words", kind, language)


def _rewrite(request: StaffRequest, entry: Entry, words: str, seen: int | None) -> bool:
    """Whether the words were kept; else the person is told that somebody was faster."""
    try:
        wording.rewrite(
            entry.code, entry.language, words, by=request.user, now=timezone.now(), seen=seen
        )
    except wording.Overtaken:
        faster = _("Somebody changed these words meanwhile. Compare, then save again.")
        messages.warning(request, faster)
        return False
    return True


def _page(
    request: StaffRequest, entry: Entry, form: WordsForm, *, status: int = 200
) -> HttpResponse:
    """The words to change, beside what they look like and what they were before."""
    shown = str(form["words"].value() or "").strip()[:LONGEST]
    context = {
        "entry": entry,
        "form": form,
        "look": try_words(entry.code, entry.language, shown),
        "history": wording.history(entry.code, entry.language),
        "may_write": request.user.role == Role.ADMINISTRATOR,
    }
    return render(request, "console/wording/words.html", context, status=status)


def _find(kind: str, language: str) -> Entry:
    entry = find(kind, language)
    if entry is None:
        raise Http404(kind)
    return entry
