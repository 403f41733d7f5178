"""One FilterSet for the list of tickets, whoever shows it."""

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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

STATES = [("open", _("All open")), ("overdue", _("Overdue")), *Status.choices]


class TicketFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("Status"), choices=STATES, method="in_state")
    category = django_filters.ModelChoiceFilter(
        label=_("Category"), queryset=Category.objects.reportable()
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"), queryset=Unit.objects.order_by("name_en", "pk")
    )
    district = django_filters.ModelChoiceFilter(
        label=_("District"), queryset=District.objects.order_by("name_en", "pk")
    )
    priority = django_filters.ChoiceFilter(label=_("Priority"), choices=Priority.choices)
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Channel.choices)
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
