from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from hotline.imports.profile import (
    CHANNELS,
    LANGUAGES,
    SHIPPED,
    STATUSES,
    RefuseRule,
    load,
    parse,
)
from hotline.imports.sections import ProfileError
from tests.hotline.imports.conftest import SMALL, small_values
from tickets.models import Channel, Status

Change = Any


def refusal(**changes: Change) -> str:
    """What is said about the small profile with `table__key=value` put in its place."""
    values = small_values()
    for path, value in changes.items():
        *tables, key = path.split("__")
        place: Any = values
        for table in tables:
            place = place[int(table)] if table.isdigit() else place.setdefault(table, {})
        if value is None:
            del place[key]
        else:
            place[key] = value
    with pytest.raises(ProfileError) as error:
        parse(values, where="small.toml")
    return str(error.value)


def test_every_shipped_profile_is_usable_and_called_like_its_file() -> None:
    paths = list(SHIPPED.glob("*.toml"))
    assert paths
    for path in paths:
        assert load(path.stem).name == path.stem


def test_its_words_are_those_of_the_tickets() -> None:
    assert set(CHANNELS) == set(Channel.values)
    assert set(STATUSES) <= set(Status.values)
    assert set(LANGUAGES) == {code for code, _ in settings.LANGUAGES}


def test_it_reads_a_profile_by_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("\ufeff" + SMALL, encoding="utf-8")
    profile = load(str(path))
    assert profile.columns.foreign_id == "id"
    assert profile.categories["hole in the road"].code == "pothole"
    assert profile.categories["own work"].unit.name == "Roads"
    assert profile.statuses == {"new": "received", "done": "closed"}


def test_an_unknown_name_lists_the_shipped_ones() -> None:
    with pytest.raises(ProfileError, match="no profile 'bosten'.*boston311"):
        load("bosten")


def test_a_rule_that_refuses_rows_names_a_column_the_file_must_have() -> None:
    rule = {"column": "note", "contains": " TEST ", "reason": "a test row"}
    profile = parse(small_values() | {"refuse": [rule]}, where="small.toml")
    assert profile.refuse == (RefuseRule("note", "", "test", "a test row"),)
    assert profile.needed_columns()["refuse number 1"] == "note"


@pytest.mark.parametrize("content", ["name = ", "\x00", "é".encode("latin-1")])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ProfileError, match=r"broken\.toml cannot be read as TOML"):
        load(str(path))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"colums": {}}, "small.toml: colums: is not a known key; did you mean 'columns'?"),
        ({"time__zon": "x"}, "[time]: zon: is not a known key; did you mean 'zone'?"),
        ({"categories__0__nmae": "x"}, "[[categories]] number 1: nmae: is not a known key"),
        ({"title": None}, "title: is missing"),
        ({"title": 5}, "title: must be a text in quotes, not 5"),
        ({"title": " "}, "title: must not be empty"),
        ({"name": "a b/c"}, "name: 'a b/c' may hold only letters"),
        ({"name": "x" * 41}, "name: is longer than 40 characters"),
        ({"language": "fr"}, "language: 'fr' is not one of en, zh-hans"),
        ({"categories__0__offered": "no"}, "offered: must be true or false, not 'no'"),
        ({"columns__foreign_id": None}, "[columns]: foreign_id: is missing"),
        ({"columns__opened": ""}, "[columns]: opened: must not be empty"),
        ({"columns__latitude": ""}, "[columns]: latitude: and longitude must be given both"),
        ({"columns": "x"}, "columns: must be a table, written as [columns]"),
        ({"time__zone": "America/Bosten"}, "zone: 'America/Bosten' is not a time zone"),
        ({"time__zone": "../etc"}, "zone: '../etc' is not a time zone"),
        ({"time__formats": []}, "[time]: formats: is missing"),
        ({"time__formats": "%Y"}, 'formats: must be a list of texts like ["…"]'),
        ({"time__formats": ["%d/%m %H:%M"]}, "does not say year, month and day"),
        ({"time__formats": ["%Y-%m-%d %I:%M"]}, "12-hour clock (%I) without AM/PM (%p)"),
        ({"time__formats": ["%Y-%m-%d %Q"]}, "is not usable"),
        ({"file__encoding": "utf8"}, "[file]: encoding: 'utf8' is not one of auto, utf-8"),
        ({"file__delimiter": "x"}, "[file]: delimiter: 'x' is not one of auto, comma"),
        ({"statuses__New": "opened"}, "statuses.'New': 'opened' is not one of received, resolved"),
        ({"statuses": None}, "statuses: is missing: what do the words of 'state' mean?"),
        ({"channels__Call": 1}, "channels.'Call': 1 is not one of phone"),
        ({"columns__channel": ""}, "channels: is given, but [columns] names no column"),
        ({"categories": None}, "categories: is missing"),
        ({"categories": {}}, "categories: must be written as [[categories]] tables"),
        ({"categories__0__unit": "sea"}, "unit: 'sea' is none of the [[units]]: ['roads']"),
        ({"categories__0__types": []}, "types: must name at least one type"),
        ({"categories__1__types": ["POTHOLE"]}, "types: 'POTHOLE' belongs to two categories"),
        ({"units": [{"code": "a", "name": "A"}] * 2}, "number 2: code: 'a' is used twice"),
        ({"by_staff__types": ["Nothing"]}, "by_staff.types: 'nothing' is no type of any"),
        ({"default_points__0__latitude": 91}, "latitude: 91 is not between -90 and 90"),
        ({"default_points__0__latitude": True}, "latitude: must be a number, not True"),
        ({"default_points__0__longitude": None}, "longitude: is missing"),
        ({"refuse": [{"column": "id", "reason": "r"}]}, "equals: or contains: exactly one"),
    ],
)
def test_a_mistake_is_refused_with_a_sentence_that_names_the_key(
    changes: dict[str, Change], sentence: str
) -> None:
    assert sentence in refusal(**changes)
