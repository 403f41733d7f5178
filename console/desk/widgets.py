"""The list of kinds: a plain select that desk.js can search in both languages."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models import Category


class KindSelect(forms.Select):
    """Each option can be found by its names, its group's and its questions', in both languages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found_by: dict[str, str] = {}

    def listed(self, kinds: Iterable[Category]) -> list[Any]:
        """The choices, under the names of their groups; `kinds` come group by group."""
        choices: list[Any] = [("", "")]
        for group, members in groupby(kinds, key=lambda kind: kind.parent):
            listed = list(members)
            name = group.name if group else _("Other")
            choices.append((name, [(kind.code, kind.name) for kind in listed]))
            self.found_by |= {kind.code: _names(kind) for kind in listed}
        return choices

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.found_by:
            option["attrs"]["data-search"] = self.found_by[value]
        return option


def _names(kind: Category) -> str:
    named = [kind, kind.parent] if kind.parent else [kind]
    words = [name for k in named for name in (k.name_en, k.name_zh)]
    words += [text for q in kind.questions.all() for text in (q.text_en, q.text_zh)]
    return " ".join(words).lower()
