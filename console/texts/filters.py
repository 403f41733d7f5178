"""What the log of texts can be narrowed to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.models import Role, User
from common.numbers import Misread, read_ticket_number
from common.phones import NotAPhoneNumber, parse_phone
from console.texts import wording
from notifications import ways
from notifications.models import Contact, Message, MessageStatus
from tickets.models import Ticket

RECENT = timedelta(days=7)
MOST = 10_000  # texts of a day whose segments are added up
NO_SUCH_DAY = _("There is no such day. Please choose another.")


def choices(**options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        required=False, widget=forms.Select(attrs={"data-submit": ""}), **options
    )


def day(label: Any) -> forms.DateField:
    """A day as every browser writes it, whatever the language of the page."""
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": NO_SUCH_DAY},
        validators=[_of_our_time],
    )


def _of_our_time(day: date) -> None:
    """The ends of the calendar have no midnight in every zone."""
    if not 2000 <= day.year < 2200:
        raise ValidationError(NO_SUCH_DAY)


class TextFilter(forms.Form):
    """By state, kind, way, language and day, and by whom or what the texts are about.

    Only a ticket or a citizen has few texts: other searches look at the last days unless a day to
    begin with is chosen, so that none reads the whole log.
    """

    q = forms.CharField(required=False, max_length=60)
    status = choices(label=_("State"))
    kind = choices(label=_("Kind"))
    gateway = choices(label=_("Gateway"))
    language = choices(label=_("Language"))
    since = day(_("From day"))
    until = day(_("To day"))

    def __init__(self, data: Any, *, reader: User, now: datetime) -> None:
        super().__init__(data)
        self.masked = reader.role == Role.AUDITOR
        self.now = now
        self.few = False  # a ticket's or a citizen's texts: no limit is needed
        self.fields["q"].label = _("Ticket number") if self.masked else _("Ticket number or phone")
        any_of: dict[str, list[tuple[str, str | Promise]]] = {
            "status": list(MessageStatus.choices),
            "kind": list(wording.KINDS.items()),
            "gateway": [(name, wording.gateway(name)) for name in ways.names()],
            "language": list(settings.LANGUAGES),
        }
        for name, options in any_of.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Any")), *options]

    def clean_q(self) -> Q:
        """The texts about a ticket, or to a number, citizen's or crew's."""
        typed = self.cleaned_data["q"]
        if not typed:
            return Q()
        try:
            number = read_ticket_number(typed)
        except Misread:
            return self._to_phone(typed)
        self.few = True
        ticket = Ticket.objects.filter(number=number).first()
        return Q(topic=ticket.topic) if ticket else Q(pk__in=[])

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day comes before the first one."))

    @cached_property
    def narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @cached_property
    def recent_only(self) -> bool:
        """Whether only the last days are looked at, as nobody chose where to begin."""
        data = self.cleaned_data if self.is_valid() else {}
        return self.narrowed and not self.few and bool(data) and not data["since"]

    def messages(self) -> QuerySet[Message]:
        """Those that match; none where something was typed that we cannot read."""
        found = Message.objects.select_related("contact")
        if not self.is_valid():
            return found.none()
        data = self.cleaned_data
        same = {n: data[n] for n in ("status", "gateway", "language") if data[n]}
        found = found.filter(data["q"], **same)
        if data["kind"] == wording.REPLY:
            found = found.filter(kind__startswith=f"{wording.REPLY}_")
        elif data["kind"]:
            found = found.filter(kind=data["kind"])
        if data["since"]:
            found = found.filter(created_at__gte=begins(data["since"]))
        elif self.recent_only:
            end = begins(data["until"]) if data["until"] else self.now
            found = found.filter(created_at__gte=end - RECENT)
        if data["until"]:
            found = found.filter(created_at__lt=begins(data["until"] + timedelta(days=1)))
        return found

    def of_a_day(self) -> dict[str, int] | None:
        """Texts and segments that went out, where the filter names a single day, up to MOST."""
        data = self.cleaned_data if self.is_valid() else {}
        if not data.get("since") or data["since"] != data["until"]:
            return None
        sent = self.messages().filter(sent_at__isnull=False).order_by("-created_at", "-pk")
        return sent[:MOST].aggregate(texts=Count("pk"), segments=Sum("segments", default=0))

    def _to_phone(self, typed: str) -> Q:
        if self.masked:
            raise ValidationError(_("This is no ticket number. Numbers of people are hidden here."))
        try:
            phone = parse_phone(typed)
        except NotAPhoneNumber as error:
            raise ValidationError(
                _("Neither a ticket number nor a phone number. Please read it again.")
            ) from error
        citizen = Contact.objects.filter(phone=phone).first()
        self.few = citizen is not None
        return Q(contact=citizen) if citizen else Q(staff_phone=phone)


def begins(day: date) -> datetime:
    """Midnight in the city."""
    return timezone.make_aware(datetime.combine(day, time.min))
