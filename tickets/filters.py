"""One FilterSet for the list of tickets, whoever shows it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from common.numbers import Misread, read_ticket_number
from common.phones import NotAPhoneNumber, parse_phone
from tickets.models import (
    Category,
    Channel,
    District,
    Priority,
    Status,
    Subscriber,
    Ticket,
    TicketQuerySet,
    Unit,
)

ANY = _("Any")
STATES = [("open", _("All open")), ("overdue", _("Overdue")), *Status.choices]


class ReadOnceIterator(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[Any, str]]:
        yield ("", self.field.empty_label)
        for row in self.field.rows.values():
            yield self.choice(row)


class ReadOnce(ModelChoiceField):
    """Reads its rows once, both to draw the select and to check what was chosen."""

    iterator = ReadOnceIterator

    @cached_property
    def rows(self) -> dict[str, Model]:
        return {str(row.pk): row for row in self.queryset.all()}

    def to_python(self, value: Any) -> Model | None:
        if value in self.empty_values:
            return None
        if str(value) not in self.rows:
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": value},
            )
        return self.rows[str(value)]


class RowFilter(django_filters.ModelChoiceFilter):
    field_class = ReadOnce


class TicketFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("Status"), choices=STATES, empty_label=ANY, method="in_state"
    )
    category = RowFilter(
        label=_("Category"), queryset=Category.objects.reportable(), empty_label=ANY
    )
    unit = RowFilter(
        label=_("Unit"), queryset=Unit.objects.order_by("name_en", "pk"), empty_label=ANY
    )
    district = RowFilter(
        label=_("District"),
        queryset=District.objects.defer("geometry").order_by("name_en", "pk"),
        empty_label=ANY,
    )
    priority = django_filters.ChoiceFilter(
        label=_("Priority"), choices=Priority.choices, empty_label=ANY
    )
    channel = django_filters.ChoiceFilter(
        label=_("Channel"), choices=Channel.choices, empty_label=ANY
    )
    q = django_filters.CharFilter(label=_("Number, phone or street"), method="matching")

    class Meta:
        model = Ticket
        fields: list[str] = []

    def in_state(self, tickets: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        if value == "open":
            return tickets.open()
        if value == "overdue":
            return tickets.overdue(timezone.now())
        return tickets.filter(status=value)

    def matching(self, tickets: TicketQuerySet, name: str, value: str) -> TicketQuerySet:
        """A ticket's number, a caller's phone, or a part of the address."""
        try:
            return tickets.filter(number=read_ticket_number(value))
        except Misread:
            pass
        try:
            phone = parse_phone(value)
        except NotAPhoneNumber:
            return tickets.filter(address__icontains=value)
        callers = Subscriber.objects.filter(contact__phone=phone)
        return tickets.filter(Q(pk__in=callers.values("ticket")) | Q(address__icontains=value))
