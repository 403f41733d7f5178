"""A place marked on the map of a form: two texts on their way to degrees."""

from math import inf


def read_point(lon: str | None, lat: str | None) -> tuple[float, float] | None:
    """Degrees WGS84; None where they are missing or not on the planet."""
    point = _number(lon), _number(lat)
    return point if abs(point[0]) <= 180 and abs(point[1]) <= 90 else None


def _number(typed: str | None) -> float:
    try:
        return float(typed or "")
    except ValueError:
        return inf
