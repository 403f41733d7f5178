"""Distance on the map without PostGIS: PostgreSQL's own points and boxes."""

from math import cos, radians

from django.db.models import BooleanField, F, Func

METRES_PER_DEGREE = 111_320.0


class InBox(Func):
    """PostgreSQL `point(lon, lat) <@ box(point, point)`; served by the GiST index on the point."""

    template = (
        "(point(%(expressions)s) <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s)))"
    )
    output_field = BooleanField()


def around(lon: float, lat: float, metres: float) -> InBox:
    """Within a square of this half side around a place (degrees WGS84)."""
    dlat = metres / METRES_PER_DEGREE
    dlon = dlat / max(cos(radians(lat)), 0.01)
    return InBox(
        F("lon"),
        F("lat"),
        west=repr(float(lon - dlon)),
        east=repr(float(lon + dlon)),
        south=repr(float(lat - dlat)),
        north=repr(float(lat + dlat)),
    )
