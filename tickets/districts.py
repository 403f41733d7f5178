"""Which district a point lies in (shapely), and how districts come in from GeoJSON."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils.text import slugify
from shapely import STRtree
from shapely.errors import ShapelyError
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from tickets.models import District


class NotDistricts(ValueError):
    """The file is no GeoJSON of named polygons; the text says what and where."""


@dataclass(frozen=True)
class Locator:
    """All districts of one moment, ready to be asked."""

    version: tuple[datetime | None, int]
    ids: list[int]
    shapes: list[BaseGeometry]
    tree: STRtree

    def find(self, lon: float, lat: float) -> int | None:
        """The id of the district that holds the point; on a shared border the lower id."""
        hits = self.tree.query(Point(lon, lat), predicate="intersects")
        return min((self.ids[i] for i in hits), default=None)


_latest: Locator | None = None


def locator() -> Locator:
    """The districts as they are now: one small query, shapes loaded anew only after an edit."""
    global _latest
    seen = District.objects.aggregate(changed=Max("updated_at"), many=Count("pk"))
    version = (seen["changed"], seen["many"])
    if _latest is None or _latest.version != version:
        rows = list(District.objects.order_by("pk").values_list("pk", "geometry"))
        shapes = [shape(geometry) for _, geometry in rows]
        _latest = Locator(version, [pk for pk, _ in rows], shapes, STRtree(shapes))
    return _latest


@transaction.atomic
def import_districts(geojson: dict[str, Any], *, name_field: str) -> int:
    """Add or update districts by the slug of their name; raises NotDistricts, writing nothing."""
    features = geojson.get("features") if isinstance(geojson, dict) else None
    if not isinstance(features, list) or not features:
        raise NotDistricts("The file holds no GeoJSON features.")
    seen: set[str] = set()
    for position, feature in enumerate(features, start=1):
        properties, geometry = _read_feature(feature, name_field, position)
        name = str(properties[name_field]).strip()[:120]
        code = (str(properties.get("code") or "") or slugify(name) or f"district-{position}")[:50]
        if code in seen:
            raise NotDistricts(f"Feature {position} is “{name}” a second time.")
        seen.add(code)
        District.objects.update_or_create(
            code=code,
            defaults={
                "name_en": properties.get("name_en") or name,
                "name_zh": properties.get("name_zh") or "",
                "geometry": geometry,
            },
        )
    return len(features)


def _read_feature(
    feature: Any, name_field: str, position: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or not str(properties.get(name_field) or "").strip():
        known = ", ".join(properties) if isinstance(properties, dict) else "none"
        raise NotDistricts(f"Feature {position} has no “{name_field}” (it has: {known}).")
    geometry = feature.get("geometry")
    try:
        polygon = shape(geometry)
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise NotDistricts(f"Feature {position} has no readable geometry: {error}") from error
    if polygon.geom_type not in ("Polygon", "MultiPolygon") or polygon.is_empty:
        raise NotDistricts(f"Feature {position} is a {polygon.geom_type}, not a polygon.")
    west, south, east, north = polygon.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # NaN is nowhere
        raise NotDistricts(f"Feature {position} is not in degrees of longitude and latitude.")
    return properties, geometry
