"""The town as every report needs it: kinds, who answers for them, districts.

Read once per process. One small row says whether it is still true; triggers on these tables write
it (tickets/models/places.py), so that neither an import nor raw SQL can go unnoticed.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch
from shapely import STRtree
from shapely.errors import ShapelyError
from shapely.geometry import Point, shape

from tickets.models import Category, District, Question, Responsibility, Unit

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Locator:
    """All districts, ready to be asked."""

    ids: list[int]
    tree: STRtree

    def find(self, lon: float, lat: float) -> int | None:
        """The id of the district that holds the point; on a shared border the lower id."""
        hits = self.tree.query(Point(lon, lat), predicate="intersects")
        return min((self.ids[i] for i in hits), default=None)


@dataclass(frozen=True)
class Town:
    """What was true at one moment. Its objects are shared by all threads: never write to them."""

    version: int | None
    kinds: list[Category]  # what can be reported, side by side in groups, with their questions
    units: Mapping[tuple[int, int | None], Unit]  # by category, and district or None for anywhere
    default: Unit | None
    locator: Locator

    def district_id(self, lon: float | None, lat: float | None) -> int | None:
        """Of a place; None where it lies outside every district, or is only known by words."""
        return None if lon is None or lat is None else self.locator.find(lon, lat)


_latest: Town | None = None


def town() -> Town:
    """The town as it is now: one small query, the rest loaded anew only after an edit."""
    global _latest
    version = _version()  # before the rows: an edit in between is seen the next time
    known = _latest
    if known is None or version is None or known.version != version:
        known = _latest = _load(version)
    return known


def _version() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM tickets_townversion")
        row = cursor.fetchone()
    return row[0] if row else None


def _load(version: int | None) -> Town:
    named = Responsibility.objects.select_related("unit")
    return Town(
        version,
        kinds=_kinds(),
        units={(row.category_id, row.district_id): row.unit for row in named},
        default=Unit.objects.filter(is_default=True).first(),
        locator=_locator(),
    )


def _locator() -> Locator:
    """A district whose shape cannot be read holds no place: no report is refused for a map."""
    shapes = {}
    for pk, geometry in District.objects.order_by("pk").values_list("pk", "geometry"):
        try:
            shapes[pk] = shape(geometry)
        except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError):
            logger.exception("district %s has no readable shape", pk)
    return Locator(list(shapes), STRtree(list(shapes.values())))


def _kinds() -> list[Category]:
    """In the order of the groups, then in their own; what has no group comes last."""
    asked = Prefetch("questions", Question.objects.order_by("position", "pk"))
    return sorted(
        Category.objects.reportable().select_related("parent").prefetch_related(asked),
        key=lambda k: (k.parent is None, k.parent.position if k.parent else 0, k.parent_id or 0),
    )
