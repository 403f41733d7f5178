"""Which district a place lies in, and how districts come in from a file."""

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.tickets.lives import another_ticket
from tickets import services as tickets
from tickets.models import Category, Channel, District, Ticket
from tickets.services import Location
from tickets.town import town

Feature = dict[str, Any]


def square(west: float, south: float, side: float = 1.0) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(name: str | None, geometry: Any) -> Feature:
    return {"type": "Feature", "properties": {"NAME": name}, "geometry": geometry}


@pytest.fixture
def west_and_east(db: None) -> tuple[District, District]:
    west = District.objects.create(code="west", name_en="West", geometry=square(124, 43))
    east = District.objects.create(code="east", name_en="East", geometry=square(125, 43))
    return west, east


def test_a_point_lies_in_its_district(west_and_east: tuple[District, District]) -> None:
    west, east = west_and_east
    find = town().locator.find
    assert (find(124.5, 43.5), find(125.5, 43.5)) == (west.pk, east.pk)
    assert find(126.5, 43.5) is None


def test_a_shared_border_belongs_to_one_of_the_two_and_always_the_same(
    west_and_east: tuple[District, District],
) -> None:
    assert {town().locator.find(125.0, 43.5) for _ in range(5)} == {west_and_east[0].pk}


def test_an_island_and_a_hole_are_respected(db: None) -> None:
    outer, hole = square(0, 0, 9)["coordinates"][0], square(3, 3, 3)["coordinates"][0]
    island = square(20, 20)["coordinates"]
    both = {"type": "MultiPolygon", "coordinates": [[outer, hole], island]}
    ring = District.objects.create(code="ring", name_en="Ring", geometry=both)
    find = town().locator.find
    assert (find(1, 1), find(4, 4), find(20.5, 20.5)) == (ring.pk, None, ring.pk)


def test_an_edit_is_seen_by_the_next_look(west_and_east: tuple[District, District]) -> None:
    west, _ = west_and_east
    assert town().locator.find(124.5, 43.5) == west.pk
    assert town().locator is town().locator
    west.geometry = square(10, 10)
    west.save()
    assert town().locator.find(124.5, 43.5) is None
    west.delete()
    assert town().locator.find(10.5, 10.5) is None


def test_a_place_outside_every_district_is_taken_and_marked(
    west_and_east: tuple[District, District], lights_out: Category, now: datetime
) -> None:
    inside, outside = (
        tickets.open_ticket(
            category=lights_out, location=Location(lon, 43.5), channel=Channel.WEB, now=now
        )
        for lon in (124.5, 140.0)
    )
    assert (inside.district, inside.flags) == (west_and_east[0], [])
    assert (outside.district, outside.flags) == (None, ["outside_districts"])
    assert another_ticket(lights_out).flags == []  # only words: nowhere, not outside


def put(tmp_path: Path, content: Any) -> str:
    file = tmp_path / "districts.geojson"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(file)


def collection(*features: Feature) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def test_districts_come_in_and_come_in_again(db: None, tmp_path: Path) -> None:
    file = put(
        tmp_path, collection(feature("Old Town", square(0, 0)), feature("港区", square(1, 1)))
    )
    for _ in range(2):
        said = StringIO()
        call_command("import_districts", file, name_field="NAME", stdout=said)
        assert said.getvalue() == "2 districts.\n"
    assert set(District.objects.values_list("code", "name_en")) == {
        ("old-town", "Old Town"),
        ("district-2", "港区"),
    }


GOOD = feature("Good", square(0, 0))
BAD: dict[str, tuple[Any, str]] = {
    "broken JSON": ('{"features": [', "Expecting value"),
    "no features": ({"type": "FeatureCollection"}, "no GeoJSON features"),
    "a list": ([1, 2], "no GeoJSON features"),
    "no name": (collection(GOOD, feature(None, square(1, 1))), "Feature 2 has no “NAME”"),
    "empty name": (collection(GOOD, feature("  ", square(1, 1))), "Feature 2 has no “NAME”"),
    "a point": (
        collection(GOOD, feature("P", {"type": "Point", "coordinates": [1, 1]})),
        "Feature 2 is a Point",
    ),
    "no geometry": (collection(GOOD, feature("N", None)), "Feature 2"),
    "broken geometry": (
        collection(GOOD, feature("B", {"type": "Polygon", "coordinates": [[1]]})),
        "Feature 2 has no readable geometry",
    ),
    "metres": (
        collection(GOOD, feature("M", square(4_700_000, 580_000))),
        "not in degrees of longitude and latitude",
    ),
    "the same name twice": (collection(GOOD, GOOD), "a second time"),
    "nowhere": (
        collection(GOOD, feature("NaN", square(float("nan"), 1))),
        "Feature 2",
    ),
}


@pytest.mark.parametrize("mistake", BAD)
def test_a_bad_file_is_refused_clearly_and_wholly(mistake: str, db: None, tmp_path: Path) -> None:
    content, complaint = BAD[mistake]
    with pytest.raises(CommandError, match=complaint):
        call_command("import_districts", put(tmp_path, content), name_field="NAME")
    assert not District.objects.exists()


def test_a_file_that_is_not_there(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_districts", str(tmp_path / "none.json"), name_field="NAME")


def test_a_very_long_name_comes_in_shortened(db: None, tmp_path: Path) -> None:
    file = put(tmp_path, collection(feature("Long " * 60, square(0, 0))))
    call_command("import_districts", file, name_field="NAME", stdout=StringIO())
    assert len(District.objects.get().name_en) == 120


def test_a_district_that_goes_leaves_its_tickets(
    west_and_east: tuple[District, District], ticket: Ticket
) -> None:
    Ticket.objects.update(district=west_and_east[0])
    west_and_east[0].delete()
    ticket.refresh_from_db()
    assert ticket.district is None
