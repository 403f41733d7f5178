"""How districts come in from GeoJSON."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from shapely.errors import ShapelyError
from shapely.geometry import shape

from tickets.models import District


class NotDistricts(ValueError):
    """The file is no GeoJSON of named polygons; the text says what and where."""


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
