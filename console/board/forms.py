"""What a dispatcher chooses. A refusal of the service is shown here, beside what was chosen."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from console.board.teams import Team
from console.board.yard import Piece
from dispatch.equipment import EquipmentTaken
from dispatch.models import Crew
from dispatch.rules import Kind
from dispatch.services import OrderNotAllowed
from tickets.services import MoveNotAllowed

REFUSALS = (OrderNotAllowed, MoveNotAllowed, EquipmentTaken)


class CommandForm(forms.Form):
    """A command: it may be refused, by its shape (422) or by the state of the town (409)."""

    status = 200

    def full_clean(self) -> None:
        super().full_clean()
        self.status = 422 if self.errors else 200

    def refuse(self, error: Exception) -> None:
        taken = isinstance(error, EquipmentTaken) and "equipment" in self.fields
        self.add_error("equipment" if taken else None, str(error))
        self.status = 409


class RecallForm(CommandForm):
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept inside. Citizens do not read it."),
    )


class AssignForm(CommandForm):
    crew = forms.ChoiceField(
        label=gettext_lazy("Crew"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose a crew.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("What is to be done"), choices=Kind.choices)
    equipment = forms.MultipleChoiceField(
        label=gettext_lazy("Equipment"), required=False, widget=forms.CheckboxSelectMultiple
    )
    instructions = forms.CharField(
        label=gettext_lazy("What the crew should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    start = forms.DateTimeField(label=gettext_lazy("Not before"), required=False)
    end = forms.DateTimeField(label=gettext_lazy("Done by"), required=False)

    def __init__(
        self, *args: Any, teams: list[Team], pieces: list[Piece], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {str(team.crew.pk): team for team in teams}
        self.pieces = {piece.equipment.code: piece for piece in pieces}
        self.now = now
        crew, equipment = self.fields["crew"], self.fields["equipment"]
        assert isinstance(crew, forms.ChoiceField) and isinstance(equipment, forms.ChoiceField)
        crew.choices = [(pk, team.crew.name) for pk, team in self.teams.items()]
        equipment.choices = [(code, code) for code in self.pieces]
        for name in ("start", "end"):
            self.fields[name].widget = forms.DateTimeInput(
                attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"
            )

    def crew_choices(self) -> Iterator[tuple[Any, Team]]:
        return zip(self["crew"], self.teams.values(), strict=True)

    def equipment_choices(self) -> Iterator[tuple[Any, Piece]]:
        return zip(self["equipment"], self.pieces.values(), strict=True)

    def clean(self) -> None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if bool(start) != bool(end) and not {"start", "end"} & self.errors.keys():
            self.add_error("end" if start else "start", _("Please give both times, or none."))
        elif start and end and end <= start:
            self.add_error("end", _("The end must be later than the beginning."))
        elif end and end <= self.now:
            self.add_error("end", _("That time is over."))

    def order(self) -> dict[str, Any]:
        """What dispatch.assign is told."""
        data = self.cleaned_data
        window = (data["start"], data["end"]) if data["start"] else None
        return {
            "crew": self.teams[data["crew"]].crew,
            "kind": data["kind"],
            "equipment": [self.pieces[code].equipment for code in data["equipment"]],
            "window": window,
            "instructions": data["instructions"],
        }


class HandOutForm(CommandForm):
    crew = forms.ModelChoiceField(
        label=gettext_lazy("To which crew?"),
        empty_label=gettext_lazy("Choose a crew"),
        queryset=Crew.objects.filter(active=True).order_by("code"),
    )
