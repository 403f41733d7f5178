from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hotline.imports.profile import Profile, RefuseRule
from hotline.imports.reader import RawRow, Rejected
from hotline.imports.rows import FLAGS, ImportedReport, read_row
from tests.hotline.imports.conftest import GOOD, NOW

Kept = Callable[..., ImportedReport]


def refused(profile: Profile, **cells: str) -> str:
    answer = read_row(RawRow(7, GOOD | cells, "raw text"), profile, now=NOW)
    assert isinstance(answer, Rejected)
    assert (answer.line, answer.raw) == (7, "raw text")
    return answer.reason


def test_a_plain_row_is_kept_whole_and_without_flags(kept: Kept, profile: Profile) -> None:
    assert kept() == ImportedReport(
        line=2,
        source="smallville",
        foreign_id="1",
        category=profile.categories["pothole"],
        opened_at=datetime(2015, 6, 1, 14, 0, tzinfo=UTC),
        due_at=datetime(2015, 6, 8, 12, 30, tzinfo=UTC),
        closed_at=datetime(2015, 6, 2, 17, 30, tzinfo=UTC),
        status="closed",
        channel="phone",
        by_staff=False,
        address="5 Elm St",
        longitude=-75.5,
        latitude=40.5,
        words="big hole",
        closure_words="filled",
        flags=(),
    )


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"id": ""}, "id is empty"),
        ({"id": "9" * 81}, "id is longer than 80 characters"),
        ({"opened": ""}, "opened is empty"),
        ({"opened": "13/45/2015 10:00:00 AM"}, "opened: '13/45/2015 10:00:00 AM' is not a time"),
        ({"closed": "yesterday"}, "closed: 'yesterday' is not a time like %m/%d/%Y"),
        ({"due": "00/00/0000"}, "due: '00/00/0000' is not a time"),
        ({"opened": "0001-01-01T00:00:00+14:00"}, "the year 1 is not from 1900"),
        ({"kind": "Meteor"}, "kind: 'Meteor' is not in the profile's list"),
        ({"kind": ""}, "kind: an empty value is not in the profile's list"),
        ({"state": "Lost"}, "state: 'Lost' is not in the profile's list"),
    ],
)
def test_a_row_that_cannot_be_placed_is_refused(
    profile: Profile, cells: dict[str, str], sentence: str
) -> None:
    assert sentence in refused(profile, **cells)


def test_a_profile_may_refuse_more(profile: Profile) -> None:
    rules = (RefuseRule("words", "", "test", "a test row"), RefuseRule("id", "id", "", "a header"))
    strict = replace(profile, refuse=rules)
    assert refused(strict, words="This is a TEST") == "a test row"
    assert refused(strict, id="ID") == "a header"
    assert isinstance(read_row(RawRow(2, GOOD, ""), strict, now=NOW), ImportedReport)


def test_words_are_compared_without_case_and_spacing(kept: Kept) -> None:
    report = kept(kind=" hole  in the ROAD", state="DONE", via="call")
    assert (report.category.code, report.status, report.channel) == ("pothole", "closed", "phone")


def test_a_star_takes_what_the_profile_does_not_name(profile: Profile) -> None:
    other = profile.categories["own work"]
    lenient = replace(
        profile,
        categories={**profile.categories, "*": other},
        statuses={**profile.statuses, "*": "resolved"},
        channels={**profile.channels, "*": "web"},
    )
    cells = GOOD | {"kind": "Meteor", "state": "Lost", "via": "Pigeon"}
    report = read_row(RawRow(2, cells, ""), lenient, now=NOW)
    assert isinstance(report, ImportedReport)
    assert (report.category, report.status, report.channel) == (other, "resolved", "web")
    assert report.flags == ("unknown_channel", "unknown_status", "unknown_type")


def test_words_that_mean_nothing_are_empty(profile: Profile) -> None:
    nulls = replace(profile, empty=("NULL", "N/A"))
    cells = GOOD | {"closed": "NULL", "state": "New", "lat": "N/A", "lon": "N/A"}
    report = read_row(RawRow(2, cells, ""), nulls, now=NOW)
    assert isinstance(report, ImportedReport)
    assert (report.closed_at, report.latitude, report.flags) == (None, None, ())


@pytest.mark.parametrize(
    ("cells", "flags"),
    [
        ({"closed": "06/01/2015 09:59:59 AM"}, ("closed_before_opened",)),
        ({"closed": ""}, ("closed_without_time",)),
        ({"state": "New"}, ("reopened",)),
        ({"opened": "2026-01-03", "state": "New", "closed": ""}, ("opened_in_future",)),
        ({"via": "Pigeon"}, ("unknown_channel",)),
        ({"answer": "DUPLICATE of 5"}, ("duplicate",)),
        ({"address": "", "lat": "", "lon": ""}, ("no_place",)),
        ({"lat": "91"}, ("bad_point",)),
        ({"lat": "nan"}, ("bad_point",)),
        ({"lon": ""}, ("bad_point",)),
        ({"lon": "somewhere"}, ("bad_point",)),
        ({"lat": "40.0", "lon": "-75.0"}, ("default_point",)),
        ({"lat": "40", "lon": "-75", "address": ""}, ("default_point", "no_place")),
        ({"lat": "40", "lon": "-75", "address": "1 Town hall sq"}, ()),
        ({"lat": "40.00001", "lon": "-75"}, ()),
        ({"lat": "40,5", "lon": "-75,5"}, ()),
        ({"address": "x" * 301}, ("text_cut",)),
        ({"answer": "x" * 10_001}, ("text_cut",)),
    ],
)
def test_what_is_odd_is_flagged_and_kept(
    kept: Kept, cells: dict[str, str], flags: tuple[str, ...]
) -> None:
    assert kept(**cells).flags == flags
    assert set(flags) <= FLAGS.keys()


def test_a_default_point_is_dropped_and_the_address_kept(kept: Kept) -> None:
    report = kept(lat="40", lon="-75")
    assert (report.latitude, report.longitude, report.address) == (None, None, "5 Elm St")


def test_both_times_of_a_row_closed_before_it_was_opened_are_kept(kept: Kept) -> None:
    report = kept(closed="06/01/2015 09:59:41 AM")
    assert report.closed_at is not None
    assert (report.closed_at - report.opened_at).total_seconds() == -19


@pytest.mark.parametrize("cells", [{"kind": "own WORK"}, {"via": "truck"}])
def test_what_a_crew_wrote_about_its_own_work_is_marked(kept: Kept, cells: dict[str, str]) -> None:
    assert kept(**cells).by_staff


def test_without_a_status_column_the_closing_time_decides(profile: Profile) -> None:
    bare = replace(profile, columns=replace(profile.columns, status="", channel=""))
    for closed, status in ((GOOD["closed"], "closed"), ("", "received")):
        report = read_row(RawRow(2, GOOD | {"closed": closed}, ""), bare, now=NOW)
        assert isinstance(report, ImportedReport)
        assert (report.status, report.channel, report.flags) == (status, "import", ())
