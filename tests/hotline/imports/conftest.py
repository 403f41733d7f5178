"""A small profile and the files made for it by hand."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from hotline.imports.profile import Profile, parse
from hotline.imports.reader import RawRow
from hotline.imports.rows import ImportedReport, read_row
from hotline.models import Report
from tickets.models import Ticket, TicketEvent, Unit, Words

Import = Callable[..., str]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SMALL = """
name = "smallville"
title = "Smallville"
[columns]
foreign_id = "id"
opened = "opened"
type = "kind"
status = "state"
due = "due"
closed = "closed"
channel = "via"
address = "address"
latitude = "lat"
longitude = "lon"
words = "words"
closure_words = "answer"
[time]
zone = "America/New_York"
formats = ["%m/%d/%Y %I:%M:%S %p", "iso"]
[statuses]
"New" = "received"
"Done" = "closed"
[channels]
"Call" = "phone"
"Truck" = "patrol"
[by_staff]
types = ["Own work"]
sources = ["Truck"]
[duplicates]
closure_contains = ["duplicate"]
[[default_points]]
latitude = 40.0
longitude = -75.0
real_if_address_contains = ["Town Hall"]
[[units]]
code = "roads"
name = "Roads"
[[categories]]
types = ["Pothole", "Hole in the road"]
code = "pothole"
name = "Pothole"
name_zh = "坑洞"
unit = "roads"
[[categories]]
types = ["Own work"]
code = "own"
name = "Own work"
unit = "roads"
"""
HEADER = "id,opened,kind,state,due,closed,via,address,lat,lon,words,answer"
GOOD = {
    "id": "1", "opened": "06/01/2015 10:00:00 AM", "kind": "Pothole", "state": "Done",
    "due": "06/08/2015 08:30:00 AM", "closed": "06/02/2015 01:30:00 PM", "via": "Call",
    "address": "5 Elm St", "lat": "40.5", "lon": "-75.5", "words": "big hole", "answer": "filled",
}  # fmt: skip


def small_values() -> dict[str, Any]:
    return tomllib.loads(SMALL)


@pytest.fixture
def profile() -> Profile:
    return parse(small_values(), where="small.toml")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "export.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def kept(profile: Profile) -> Callable[..., ImportedReport]:
    """The report made of the good row with some of its cells changed."""

    def kept(**cells: str) -> ImportedReport:
        report = read_row(RawRow(2, GOOD | cells, "raw"), profile, now=NOW)
        assert isinstance(report, ImportedReport), report
        return report

    return kept


def line(**cells: str) -> str:
    return ",".join((GOOD | cells).values())


@pytest.fixture
def bring_in(
    tmp_path: Path, write: Callable[[str | bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> Import:
    """Runs the command on these lines, in an empty folder; returns what it says."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.toml").write_text(SMALL)

    def bring_in(*lines: str, **options: object) -> str:
        path = write("\n".join([HEADER, *lines]) + "\n")
        said = StringIO()
        call_command("import_reports", path, profile="small.toml", stdout=said, **options)
        return said.getvalue()

    return bring_in


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Report, Ticket, TicketEvent, Words, Unit))
