"""New words for one kind of text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from console.wording.entries import Entry
from notifications.proofread import proofread
from notifications.templating import BadWords

LONGEST = 1000  # characters, far more than two segments hold


class SeenForm(forms.Form):
    """Which words the person had before them."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class WordsForm(SeenForm):
    words = forms.CharField(
        label=_("Words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "true"}),
    )

    def __init__(self, entry: Entry, data: Any = None, *, typed: str = "") -> None:
        super().__init__(data, initial={"words": typed or entry.words, "seen": entry.seen})
        self.entry = entry
        self.fields["words"].widget.attrs["lang"] = entry.language

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"].replace("\r\n", "\n")
        try:
            proofread(self.entry.code, words)
        except BadWords as fault:
            raise ValidationError(str(fault)) from fault
        return words
