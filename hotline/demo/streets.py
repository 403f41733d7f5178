"""Addresses of the demo town: crossings and house numbers along its streets."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import cos, hypot, radians
from random import Random
from typing import Any

from hotline.demo.data import Pair, in_language
from tickets.services import Location

KM_PER_DEGREE = 111.32
HOUSES_PER_KM = 40
Point = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """A place as both languages call it."""

    lon: float
    lat: float
    address: Pair
    street: Pair

    def location(self, language: str) -> Location:
        return Location(lon=self.lon, lat=self.lat, address=in_language(self.address, language))


@dataclass(frozen=True)
class Street:
    code: str
    name: Pair
    points: list[Point]


class Streets:
    def __init__(self, geojson: dict[str, Any]) -> None:
        self.streets = [_street(feature) for feature in geojson["features"]]
        self.corners = self._corners()

    def corner(self, one: str, other: str) -> Spot:
        return self.corners[one, other]

    def anywhere(self, random: Random) -> Spot:
        """A crossing or a house; long streets get more."""
        if random.random() < 0.4:
            return random.choice(list(self.corners.values()))
        street = random.choices(self.streets, [_kilometres(s.points) for s in self.streets])[0]
        return _house(street, random)

    def _corners(self) -> dict[tuple[str, str], Spot]:
        """Crossing streets share a point of their lines."""
        meeting: dict[Point, list[Street]] = defaultdict(list)
        for street in self.streets:
            for point in street.points:
                meeting[point].append(street)
        return {
            (a.code, b.code): _corner(point, a, b)
            for point, here in meeting.items()
            for a, b in combinations(here, 2)
        }


def _street(feature: dict[str, Any]) -> Street:
    about = feature["properties"]
    points = [(lon, lat) for lon, lat in feature["geometry"]["coordinates"]]
    return Street(about["code"], (about["name_en"], about["name_zh"]), points)


def _corner(point: Point, a: Street, b: Street) -> Spot:
    address = (f"{a.name[0]} / {b.name[0]}", f"{a.name[1]}与{b.name[1]}交口")
    return Spot(*point, address=address, street=a.name)


def _house(street: Street, random: Random) -> Spot:
    before = random.randrange(len(street.points) - 1)
    (x, y), (next_x, next_y) = street.points[before : before + 2]
    part = random.random()
    lon, lat = round(x + (next_x - x) * part, 6), round(y + (next_y - y) * part, 6)
    along = _kilometres([*street.points[: before + 1], (lon, lat)])
    number = int(along * HOUSES_PER_KM) * 2 + random.choice((1, 2))
    address = (f"{number} {street.name[0]}", f"{street.name[1]}{number}号")
    return Spot(lon, lat, address=address, street=street.name)


def _kilometres(points: list[Point]) -> float:
    return (
        sum(hypot((b[0] - a[0]) * cos(radians(a[1])), b[1] - a[1]) for a, b in pairwise(points))
        * KM_PER_DEGREE
    )
