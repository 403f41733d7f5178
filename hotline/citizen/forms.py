"""What citizens fill in. Only shapes are checked here; nothing typed is ever thrown away."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from common.phones import NotAPhoneNumber, parse_phone
from hotline.points import read_point
from hotline.questions import field_for, field_name, plain
from hotline.services import Caller, Said
from tickets.models import Category, Channel, Question
from tickets.photos import MOST_BYTES, NotAPhoto, read_photo
from tickets.services import Location

TOO_LARGE = _("The photo is larger than 12 MB. Please send a smaller one.")
TOKEN = re.compile(r"(?:^|/t/|\s)([1-9A-HJ-NP-Za-km-z]{11,16})/?\s*$")


@dataclass(frozen=True)
class Kind:
    """One kind of problem as the page shows it: its radio button and what is then asked."""

    radio: Any
    questions: list[BoundField]

    @property
    def chosen(self) -> bool:
        return bool(self.radio.data["selected"])


@dataclass(frozen=True)
class Group:
    name: str
    kinds: list[Kind]

    @property
    def chosen(self) -> bool:
        return any(kind.chosen for kind in self.kinds)


class ReportForm(forms.Form):
    """A problem, where it is, and who tells us. Every kind brings its own questions along."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    category = forms.ChoiceField(
        label=_("What kind of problem is it?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Please choose what kind of problem it is.")
        ),
    )
    address = forms.CharField(
        label=_("Street, crossing or building"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("That is too long. Name only the place, please.")},
    )
    lon = forms.CharField(required=False, widget=forms.HiddenInput)
    lat = forms.CharField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What is wrong?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Please tell us in a few words what is wrong."),
            "max_length": _(
                "That is more than we can take: %(show_value)s characters. "
                "Please shorten it to %(limit_value)s."
            ),
        },
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("JPEG, PNG or WebP, up to 12 MB."),
        widget=forms.FileInput(
            attrs={"accept": "image/*", "data-most": MOST_BYTES, "data-too-large": TOO_LARGE}
        ),
        error_messages=dict.fromkeys(
            ("empty", "invalid"), _("This file is not a photo we can read (JPEG, PNG or WebP).")
        ),
    )
    phone = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        help_text=_("We text you what becomes of it. Nobody else sees the number."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,  # as long as the contact's
        help_text=_("Instead of a phone number, or where it gets no texts."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=dict.fromkeys(
            ("invalid", "max_length"),
            _("This is not an e-mail address. Leave it empty if you like."),
        ),
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Write to me in"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, kinds: Iterable[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [
            (code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES
        ]
        language.initial = get_language()
        self.fields["key"].initial = uuid4
        # The browser would cut a long text short without a word; we rather say that it is long.
        self.fields["words"].widget.attrs.pop("maxlength")
        self.offer(kinds)

    def offer(self, kinds: Iterable[Category]) -> None:
        """What may be chosen, and what is then asked. To be checked, the chosen one is enough."""
        self.kinds = {kind.code: kind for kind in kinds}
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = [(code, kind.name) for code, kind in self.kinds.items()]
        for kind in self.kinds.values():
            for question in kind.questions.all():
                name = field_name(kind, question)
                if name not in self.fields:
                    self.fields[name] = field_for(question)
        self.order_fields(["category", *(name for name in self.fields if name.startswith("q."))])

    def groups(self) -> Iterator[Group]:
        """The kinds under the names of their groups, in the order of the catalogue."""
        radios = zip(self["category"], self.kinds.values(), strict=True)
        for parent, members in groupby(radios, key=lambda pair: pair[1].parent):
            yield Group(
                name=parent.name if parent else "",
                kinds=[
                    Kind(radio, [self[field_name(kind, q)] for q in kind.questions.all()])
                    for radio, kind in members
                ],
            )

    def clean_key(self) -> UUID:
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError:
            return uuid4()

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or get_language() or settings.LANGUAGE_CODE

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        try:
            return parse_phone(typed) if typed else ""
        except NotAPhoneNumber as error:
            raise forms.ValidationError(
                _("This is not a phone number we can text. Leave it empty if you prefer.")
            ) from error

    def clean_photo(self) -> bytes:
        upload = self.cleaned_data["photo"]
        try:
            return read_photo(upload) if isinstance(upload, UploadedFile) else b""
        except NotAPhoto as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> None:
        self._clean_place()
        asked = self._asked()
        for name, question in asked.items():
            empty = self.cleaned_data.get(name) in ("", None)
            if question.required and empty and name not in self.errors:
                self.add_error(name, _("Please answer this question."))

    def _asked(self) -> dict[str, Question]:
        """The questions about the chosen kind, by the name of their field."""
        kind = self.kinds.get(self.cleaned_data.get("category", ""))
        return {field_name(kind, q): q for q in kind.questions.all()} if kind else {}

    def _clean_place(self) -> None:
        typed = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        point = read_point(*typed)
        named = self.cleaned_data.get("address") or "address" in self.errors
        if any(typed) and point is None:
            self.add_error("address", _("The marked point is not on the map. Mark it again."))
        elif point is None and not named:
            self.add_error("address", _("Where is it? Name the place, or mark it on the map."))
        self.cleaned_data["lon"], self.cleaned_data["lat"] = point or (None, None)

    def anew(self) -> "ReportForm":
        """The same contents under a new key: a form of its own."""
        data = {name: self.data.get(name) for name in self.data} | {"key": str(uuid4())}
        return ReportForm(data, kinds=self.kinds.values())

    def said(self) -> Said:
        """What was said, for the service."""
        data = self.cleaned_data
        given = [
            (q, data[name]) for name, q in self._asked().items() if data[name] not in ("", None)
        ]
        return Said(
            category=self.kinds[data["category"]],
            location=Location(lon=data["lon"], lat=data["lat"], address=data["address"]),
            words=data["words"],
            channel=Channel.WEB,
            caller=Caller(data["phone"], data["name"], data["language"], data["email"].lower()),
            answers={question.code: plain(answer) for question, answer in given},
            dangerous=any(q.means_danger(answer) for q, answer in given),
            sender_key=data["key"],
        )


class FollowForm(forms.Form):
    """A tracking link, or only its last part, as it is pasted or typed."""

    link = forms.CharField(
        label=_("Your tracking link"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_link(self) -> str:
        found = TOKEN.search(self.cleaned_data["link"])
        if not found:
            raise forms.ValidationError(
                _("This is not a tracking link. It ends in eleven letters and digits.")
            )
        return found[1]
