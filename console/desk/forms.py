"""What the operator types during a call. Shapes only; whatever is refused stays as it was typed."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from console.desk.crews import crews_for
from console.desk.line import LineForm, alt, text
from console.desk.widgets import KindSelect
from dispatch.models import Crew
from hotline.citizen import catalogue
from hotline.models import Call
from hotline.points import read_point
from hotline.questions import field_for, field_name, plain
from hotline.services import Caller, Said
from tickets.models import Category, Channel, Question, Ticket
from tickets.services import Location

NO_CREW = "none"
WITHOUT_REPORT = (Call.Outcome.INFORMATION, Call.Outcome.WRONG_NUMBER, Call.Outcome.TRANSFERRED)


class CallForm(LineForm):
    """A report by phone: a new problem, one more voice on a known one, or an emergency."""

    no_number = forms.BooleanField(
        required=False,
        label=_("No number"),
        widget=forms.CheckboxInput(attrs=alt("O")),
    )
    name = text(120, "A")
    language = forms.ChoiceField(widget=forms.RadioSelect, label=_("Speaks"))
    category = forms.ChoiceField(
        required=False,
        widget=KindSelect(attrs={"class": "kind-select"} | alt("K")),
        error_messages={"invalid_choice": _("There is no such kind of problem. Choose another.")},
    )
    emergency = forms.BooleanField(
        required=False,
        label=_("Somebody is in danger"),
        widget=forms.CheckboxInput(attrs=alt("G")),
    )
    crew = forms.CharField(required=False)
    address = text(300, "P")
    lon = forms.CharField(required=False, widget=forms.HiddenInput)
    lat = forms.CharField(required=False, widget=forms.HiddenInput)
    words = text(4000, "W", forms.Textarea, rows=3)
    join = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = catalogue.kinds()
        self.kinds = {kind.code: kind for kind in kinds}
        self.kind: Category | None = self.kinds.get(str(self.data.get("category", "")))
        category, language = self.fields["category"], self.fields["language"]
        assert isinstance(category, forms.ChoiceField) and isinstance(category.widget, KindSelect)
        assert isinstance(language, forms.ChoiceField)
        category.choices = category.widget.listed(kinds)
        language.choices = [
            (code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
        ]
        language.initial = get_language()
        self.asked: dict[str, Question] = {}
        for question in self.kind.questions.all() if self.kind else ():
            assert self.kind
            name = field_name(self.kind, question)
            self.asked[name] = question
            self.fields[name] = field_for(question)
        self.dangerous = False
        self.crews: list[Crew] = []

    def line_is_valid(self, outcome: str) -> bool:
        """For a call that brought no report: only the line counts, the rest may be half typed."""
        self.full_clean()
        for name in [n for n in self.errors if n not in LineForm.base_fields]:
            del self.errors[name]
        if not self["phone"].data:
            self.errors.pop("phone", None)  # who only asked the way need not say their number
        if outcome not in WITHOUT_REPORT:
            self.add_error(None, _("Choose what came of the call."))
        return not self.errors

    def anew(self) -> "CallForm":
        """The same contents under a new key: a call of its own."""
        data = dict(self.data.items())
        data["key"] = str(uuid4())
        form = CallForm(data, now=self.now)
        form.full_clean()
        return form

    @property
    def speaks(self) -> str:
        """The caller's language: what is read aloud is shown in it."""
        return str(self.cleaned_data.get("language") or get_language() or settings.LANGUAGE_CODE)

    @property
    def questions(self) -> Iterator[BoundField]:
        return (self[name] for name in self.asked)

    def answers(self) -> list[tuple[Question, Any]]:
        """What was answered; a blank is no answer."""
        given = ((q, self.cleaned_data.get(name)) for name, q in self.asked.items())
        return [(q, answer) for q, answer in given if answer not in ("", None)]

    def clean_join(self) -> Ticket | None:
        number = self.cleaned_data["join"]
        if not number:
            return None
        named = Ticket.objects.select_related("merged_into", "category")
        ticket = named.filter(number=number).first()
        root = ticket and (ticket.merged_into or ticket)
        if root is None or not root.is_open:
            raise forms.ValidationError(
                _("%(number)s is no longer open. Save this as a new report, or join another one."),
                params={"number": number[:20]},
            )
        return root

    def clean(self) -> None:
        data = self.cleaned_data
        self._clean_place()
        dangerous = any(question.means_danger(answer) for question, answer in self.answers())
        self.dangerous = dangerous or bool(data.get("emergency"))
        if not data.get("phone") and not data.get("no_number") and "phone" not in self.errors:
            self.add_error("phone", _("Type the caller's number, or tick “No number”."))
        if data.get("join") or "join" in self.errors:
            return
        self._demand_report()
        if self.dangerous:
            self._clean_crew()

    def _demand_report(self) -> None:
        """What a new problem needs; in an emergency words may wait."""
        data = self.cleaned_data
        if not data.get("category") and "category" not in self.errors:
            self.add_error("category", _("Choose what kind of problem it is."))
        if data["lon"] is None and not data.get("address") and not self.errors.get("address"):
            self.add_error("address", _("Where is it? Type the place, or mark it on the map."))
        if not data.get("words") and "words" not in self.errors and not self.dangerous:
            self.add_error("words", _("Write in a few words what the caller says."))
        answered = {q.code for q, _answer in self.answers()}
        for name, question in self.asked.items():
            if question.required and question.code not in answered and name not in self.errors:
                self.add_error(name, _("Ask the caller this one."))

    def _clean_place(self) -> None:
        typed = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        point = read_point(*typed)
        if any(typed) and point is None:
            self.add_error("address", _("The marked point is not on the map. Mark it again."))
        self.cleaned_data["lon"], self.cleaned_data["lat"] = point or (None, None)

    def _clean_crew(self) -> None:
        """Who goes at once: one of the crews shown, or deliberately none."""
        if self.kind is None:
            return
        self.crews = crews_for(self.kind, self.location(), now=self.now)
        chosen = self.cleaned_data.get("crew")
        if chosen != NO_CREW and self.sent is None:
            self.add_error("crew", _("Choose who goes. The panel shows who is on shift now."))

    @property
    def sent(self) -> Crew | None:
        """The crew to go at once, if one was chosen."""
        chosen = self.cleaned_data.get("crew")
        return next((crew for crew in self.crews if str(crew.pk) == chosen), None)

    @property
    def going(self) -> str:
        """The choice to show as made: the operator's own, else the first crew on shift."""
        chosen = str(self.data.get("crew", ""))
        if chosen == NO_CREW or any(str(crew.pk) == chosen for crew in self.crews):
            return chosen
        return next((str(c.pk) for c in self.crews if getattr(c, "on_shift", False)), "")

    @property
    def placed(self) -> bool:
        return self.location() != Location()

    def location(self) -> Location:
        data = self.cleaned_data
        return Location(data.get("lon"), data.get("lat"), data.get("address", ""))

    def said(self) -> Said:
        """What was said, for the service. A join without a kind or a place means the ticket's."""
        data = self.cleaned_data
        join: Ticket | None = data["join"]
        location = self.location()
        if join and not self.placed:
            location = Location(join.lon, join.lat, join.address)
        kind = self.kind or (join and join.category)
        assert kind, "a valid form has a kind"
        words = data["words"]
        if data["name"] and not data["phone"]:
            words = f"{words}\n— {data['name']}".strip()  # without a number nothing else keeps it
        return Said(
            category=kind,
            location=location,
            words=words,
            channel=Channel.PHONE,
            caller=Caller(data["phone"], data["name"], data["language"]),
            answers={question.code: plain(answer) for question, answer in self.answers()},
            dangerous=self.dangerous,
            sender_key=data["key"],
        )
