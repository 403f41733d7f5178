"""What a map of the town is drawn from: districts, streets, and the box around them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Max

from tickets.models import District, MapLayer


def version() -> str:
    """Changes whenever a district or a layer was edited, added or removed."""
    seen = [
        model.objects.aggregate(changed=Max("updated_at"), many=Count("pk"))
        for model in (District, MapLayer)
    ]
    return "-".join(f"{s['many']}.{s['changed'].timestamp() if s['many'] else 0}" for s in seen)


def layers() -> dict[str, Any]:
    """GeoJSON with `name_en` and `name_zh` on each feature; `bbox` is null for an empty town."""
    districts = [
        {
            "type": "Feature",
            "properties": {"name_en": district.name_en, "name_zh": district.name_zh},
            "geometry": district.geometry,
        }
        for district in District.objects.order_by("pk")
    ]
    streets = MapLayer.objects.filter(code="streets").first()
    lines = streets.geojson.get("features", []) if streets else []
    points = list(_points([f["geometry"]["coordinates"] for f in [*districts, *lines]]))
    return {
        "districts": {"type": "FeatureCollection", "features": districts},
        "streets": {"type": "FeatureCollection", "features": lines},
        "bbox": _box(points),
    }


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Every point of a geometry, however deep its rings are nested."""
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for inner in coordinates:
        yield from _points(inner)


def _box(points: list[tuple[float, float]]) -> list[float] | None:
    if not points:
        return None
    lons, lats = zip(*points, strict=True)
    return [min(lons), min(lats), max(lons), max(lats)]
