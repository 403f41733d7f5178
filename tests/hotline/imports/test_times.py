"""Naive local times and the two nights a year on which they lie."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hotline.imports.rows import ImportedReport, from_local

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("local", "utc", "flag"),
    [
        ((2015, 3, 8, 1, 59), (2015, 3, 8, 6, 59), ""),
        ((2015, 3, 8, 2, 0), (2015, 3, 8, 7, 0), "nonexistent_time"),
        ((2015, 3, 8, 2, 59), (2015, 3, 8, 7, 59), "nonexistent_time"),
        ((2015, 3, 8, 3, 0), (2015, 3, 8, 7, 0), ""),
        ((2015, 11, 1, 0, 59), (2015, 11, 1, 4, 59), ""),
        ((2015, 11, 1, 1, 0), (2015, 11, 1, 5, 0), "ambiguous_time"),
        ((2015, 11, 1, 1, 59), (2015, 11, 1, 5, 59), "ambiguous_time"),
        ((2015, 11, 1, 2, 0), (2015, 11, 1, 7, 0), ""),
    ],
)
def test_the_nights_when_the_clocks_change(
    local: tuple[int, ...], utc: tuple[int, ...], flag: str
) -> None:
    expected = datetime(*utc, tzinfo=UTC)  # type: ignore[misc,arg-type]
    assert from_local(datetime(*local), NEW_YORK) == (expected, flag)  # type: ignore[arg-type]


def test_a_zone_that_never_changes_flags_nothing() -> None:
    time = datetime(2015, 3, 8, 2, 30)
    assert from_local(time, ZoneInfo("Asia/Shanghai")) == (
        datetime(2015, 3, 7, 18, 30, tzinfo=UTC),
        "",
    )


@pytest.mark.parametrize(
    ("text", "hour", "flags"),
    [
        ("03/08/2015 02:30:00 AM", 7, ("nonexistent_time",)),
        ("11/01/2015 01:30:00 AM", 5, ("ambiguous_time",)),
        ("06/01/2015 12:30:00 AM", 4, ()),
        ("06/01/2015 12:30:00 PM", 16, ()),
        ("2015-06-01T12:30:00", 16, ()),
        ("2015-06-01T12:30:00Z", 12, ()),
        ("2015-11-01T01:30:00-05:00", 6, ()),
    ],
)
def test_a_time_in_a_row(
    kept: Callable[..., ImportedReport], text: str, hour: int, flags: tuple[str, ...]
) -> None:
    report = kept(opened=text, closed="2015-12-01")
    assert report.opened_at.hour == hour
    assert report.opened_at.tzinfo is UTC
    assert report.flags == flags


def test_the_span_over_the_start_of_summer_time_is_real_hours(
    kept: Callable[..., ImportedReport],
) -> None:
    report = kept(opened="03/07/2015 12:00:00 PM", closed="03/08/2015 12:00:00 PM")
    assert report.closed_at is not None
    assert (report.closed_at - report.opened_at).total_seconds() == 23 * 3600
