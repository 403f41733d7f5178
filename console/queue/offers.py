"""What the small forms let one choose from, read once for the whole page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.functional import Promise

from dispatch.models import WorkOrder
from tickets.models import Category, Ticket, Unit

NEARBY_METRES = 500


@dataclass(frozen=True)
class Offers:
    """The town's kinds and units, and what this ticket may be the same problem as."""

    ticket: Ticket

    @cached_property
    def categories(self) -> list[Category]:
        """What a report may name, and the ticket's own kind where that is no longer one of them."""
        reportable = list(Category.objects.reportable())
        own = self.ticket.category
        return reportable if own in reportable else [own, *reportable]

    @cached_property
    def units(self) -> list[Unit]:
        return list(Unit.objects.order_by("name_en", "pk"))

    @cached_property
    def live_orders(self) -> list[WorkOrder]:
        live = WorkOrder.objects.for_ticket(self.ticket).live().select_related("crew", "unit")
        return list(live.order_by("pk"))

    @cached_property
    def nearby(self) -> list[Ticket]:
        """Open tickets of the same kind around this one."""
        here = self.ticket
        if here.lon is None or here.lat is None:
            return []
        same = Ticket.objects.open().filter(category=here.category).exclude(pk=here.pk)
        return list(same.near(here.lon, here.lat, NEARBY_METRES).newest_first()[:8])


class Pick(forms.TypedChoiceField):
    """One of the rows it is given by `offer`, named in the form by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)

    def offer(self, rows: Sequence[Category] | Sequence[Unit], empty: str | Promise = "") -> None:
        known = {row.code: row for row in rows}
        self.choices = [
            *([("", empty)] if empty else []),
            *((code, row.name) for code, row in known.items()),
        ]
        self.coerce = known.__getitem__
