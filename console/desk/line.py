"""The call itself, whatever comes of it: which number, when it rang, when it was answered."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from common.phones import NotAPhoneNumber, parse_phone
from hotline.calls import Line

LONGEST_RING = timedelta(minutes=2)
LONGEST_CALL = timedelta(hours=12)

TOO_LONG = _(
    "That is more than we can keep: %(show_value)s characters. "
    "Please shorten it to %(limit_value)s."
)


def alt(letter: str) -> dict[str, str]:
    """Alt and this letter go to the field: desk.js listens, as browsers differ in their own way."""
    return {"data-alt": letter, "aria-keyshortcuts": f"Alt+{letter}"}


def text(
    most: int, letter: str, widget: type[forms.Widget] = forms.TextInput, **attrs: Any
) -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=most,
        error_messages={"max_length": TOO_LONG},
        widget=widget(attrs={"autocomplete": "off", **alt(letter), **attrs}),
    )


class LineForm(forms.Form):
    """The call itself, whatever comes of it."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    rang_at = forms.CharField(required=False, widget=forms.HiddenInput)
    # Seconds from opening the form to the first key, by the browser's own steady clock.
    waited = forms.CharField(required=False, widget=forms.HiddenInput)
    phone = text(40, "N", type="tel", inputmode="tel", autofocus=True)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["key"].initial = uuid4
        self.fields["rang_at"].initial = now.isoformat()

    def clean_key(self) -> UUID:
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError:
            return uuid4()

    def clean_rang_at(self) -> datetime:
        """When the form was opened; now, where that cannot be or cannot be read."""
        try:
            at = parse_datetime(self.cleaned_data["rang_at"])
        except ValueError:
            at = None
        fits = at is not None and at.tzinfo and self.now - LONGEST_CALL <= at <= self.now
        return at if at and fits else self.now

    def clean_waited(self) -> timedelta:
        typed = self.cleaned_data["waited"]
        most = LONGEST_CALL.total_seconds()
        return timedelta(seconds=min(float(typed), most) if typed.isdecimal() else 0)

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        try:
            return parse_phone(typed) if typed else ""
        except NotAPhoneNumber as error:
            raise forms.ValidationError(
                _("This is not a phone number. Read it back to the caller, or tick “No number”.")
            ) from error

    def line(self) -> Line:
        rang: datetime = self.cleaned_data["rang_at"]
        answered = min(rang + self.cleaned_data["waited"], self.now)
        if answered - rang > LONGEST_RING:
            rang = answered  # nothing rang that long: the form lay open between two calls
        number = self.cleaned_data.get("phone", "")
        return Line(self.cleaned_data["key"], number, rang, answered)

    @property
    def seconds(self) -> int:
        """How long the call has lasted, for the clock of a page that came back."""
        read = getattr(self, "cleaned_data", {})
        if not self.is_bound or not {"rang_at", "waited"} <= read.keys():
            return 0
        started = read["rang_at"] + read["waited"]
        return max(0, int((self.now - started).total_seconds()))
