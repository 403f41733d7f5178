"""The list of kinds: a plain select that desk.js can search in both languages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models import Category

Groups = list[tuple[Category | None, list[Category]]]


class KindSelect(forms.Select):
    """Each option carries its names and its group's in both languages, to be found by any."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found_by: dict[str, str] = {}

    def listed(self, groups: Groups) -> list[Any]:
        """The choices, under the names of their groups."""
        choices: list[Any] = [("", "")]
        for group, kinds in groups:
            choices.append((group.name if group else _("Other"), [(k.code, k.name) for k in kinds]))
            self.found_by |= {kind.code: _names(kind, group) for kind in kinds}
        return choices

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.found_by:
            option["attrs"]["data-search"] = self.found_by[value]
        return option


def _names(kind: Category, group: Category | None) -> str:
    named = [kind] + ([group] if group else [])
    return " ".join(name for k in named for name in (k.name_en, k.name_zh)).lower()
