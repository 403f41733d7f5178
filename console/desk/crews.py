"""Who could go now: the crews of the unit that answers for the place, with their load."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from dispatch.models import Crew, Shift, WorkOrder
from tickets.models import Category
from tickets.routing import find_unit
from tickets.services import Location
from tickets.town import town


def crews_for(category: Category, location: Location, *, now: datetime) -> list[Crew]:
    """Each with `on_shift` and `load`; on shift first, the one with the least to do leads."""
    here = town()
    unit = find_unit(category, here.district_id(location.lon, location.lat), here)
    live = WorkOrder.objects.live().filter(crew=OuterRef("pk")).order_by()
    load = live.values("crew").annotate(many=Count("pk")).values("many")
    at_work = Shift.objects.filter(crew=OuterRef("pk"), period__contains=now)
    return list(
        Crew.objects.filter(unit=unit, active=True)
        .annotate(on_shift=Exists(at_work), load=Coalesce(Subquery(load), 0))
        .order_by("-on_shift", "load", "pk")
    )
