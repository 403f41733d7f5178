import csv
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hotline.models import Report
from notifications.models import Message
from tests.hotline.imports.conftest import HEADER, SMALL, Import, counts, line
from tickets.districts import import_districts
from tickets.models import Category, Responsibility, Ticket, Words

pytestmark = pytest.mark.django_db

Write = Callable[[str | bytes], Path]
SQUARE = [[-76, 40], [-75, 40], [-75, 41], [-76, 41], [-76, 40]]
OPEN = {"state": "New", "closed": "", "answer": ""}


def test_a_closed_row_becomes_a_ticket_with_its_times_and_history(bring_in: Import) -> None:
    assert "1 added" in bring_in(line())
    report = Report.objects.select_related("ticket", "words").get()
    assert (report.source, report.foreign_id, report.channel) == ("smallville", "1", "phone")
    assert (report.words.internal, report.said_at.hour, report.contact) == ("big hole", 14, None)
    ticket = report.ticket
    assert (ticket.status, ticket.address, ticket.by_staff) == ("closed", "5 Elm St", False)
    assert ticket.opened_at == datetime(2015, 6, 1, 14, tzinfo=UTC)
    assert ticket.due_at == datetime(2015, 6, 8, 12, 30, tzinfo=UTC)
    events = list(ticket.events.order_by("seq"))
    assert [(event.kind, event.to_status) for event in events] == [
        ("open", "received"), ("answer", "resolved"), ("close", "closed"),
    ]  # fmt: skip
    assert events[0].occurred_at == ticket.opened_at
    assert {event.occurred_at for event in events[1:]} == {datetime(2015, 6, 2, 17, 30, tzinfo=UTC)}
    assert all(event.recorded_at.year > 2015 for event in events)
    assert events[1].data == {"how": "imported"}
    assert Words.objects.get(event=events[1]).public == "filled"


@pytest.mark.parametrize(
    ("theirs", "ours", "kinds"),
    [
        ("New", "received", ["open"]),
        ("Fixed", "resolved", ["open", "answer"]),
        ("Done", "closed", ["open", "answer", "close"]),
        ("No", "rejected", ["open", "reject"]),
    ],
)
def test_every_status_has_the_history_the_file_tells(
    bring_in: Import, tmp_path: Path, theirs: str, ours: str, kinds: list[str]
) -> None:
    more = SMALL.replace("[channels]", '"Fixed" = "resolved"\n"No" = "rejected"\n[channels]')
    (tmp_path / "small.toml").write_text(more)
    bring_in(line(state=theirs, closed=""))
    ticket = Ticket.objects.get()
    assert ticket.status == ours
    assert [event.kind for event in ticket.events.order_by("seq")] == kinds
    if ours != "received":  # closed, nobody knows when: by now, never by a flattering guess
        last = ticket.events.order_by("-seq")[0]
        assert last.occurred_at == last.recorded_at
        assert ticket.flags == ["closed_without_time", "outside_districts"]


def test_missing_categories_and_units_are_made_and_existing_ones_left_alone(
    bring_in: Import,
) -> None:
    Category.objects.create(code="own", name_en="The town's name for it")
    bring_in(line(), line(id="2", kind="Own work"), line(id="3"))
    pothole = Category.objects.get(code="pothole")
    assert (pothole.name_en, pothole.name_zh, pothole.active) == ("Pothole", "坑洞", True)
    assert Responsibility.objects.get(category=pothole).unit.code == "roads"
    assert Category.objects.get(code="own").name_en == "The town's name for it"
    assert not Responsibility.objects.filter(category__code="own").exists()
    assert Counter(ticket.unit.code for ticket in Ticket.objects.all() if ticket.unit) == {
        "roads": 3
    }


def test_districts_are_found_and_points_outside_marked(bring_in: Import) -> None:
    polygon = {"type": "Polygon", "coordinates": [SQUARE]}
    feature = {"type": "Feature", "properties": {"n": "Ward 1"}, "geometry": polygon}
    import_districts({"features": [feature]}, name_field="n")
    said = bring_in(line(), line(id="2", lat="42"), line(id="3", lat="40", lon="-75"))
    first, second, third = Ticket.objects.order_by("pk").select_related("district")
    assert first.district is not None
    assert (first.district.name_en, first.flags) == ("Ward 1", [])
    assert (second.district, second.flags) == (None, ["outside_districts"])
    assert (third.district, third.lon, third.flags) == (None, None, ["default_point"])
    assert "1 flagged outside_districts: the point lies in none of the districts" in said
    assert "1 flagged default_point" in said


def test_without_districts_it_says_that_they_should_come_first(
    bring_in: Import, capsys: pytest.CaptureFixture[str]
) -> None:
    bring_in(line())
    assert "import_districts should come first" in capsys.readouterr().err


def test_a_dry_run_says_the_same_and_writes_nothing(bring_in: Import, tmp_path: Path) -> None:
    before, files = counts(), set(tmp_path.iterdir())
    lines = [line(), line(id="2", lat="91"), "broken"]
    said = bring_in(*lines, dry_run=True)
    assert counts() == before
    assert set(tmp_path.iterdir()) - files == {tmp_path / "export.csv"}
    assert said.replace("would be added", "added") in bring_in(*lines).replace(
        " → export.csv.rejects.csv", ""
    )


def test_refused_rows_are_kept_with_line_reason_and_the_row_itself(
    bring_in: Import, tmp_path: Path
) -> None:
    bad = [line(id="2", opened="soon"), 'broken,"row', line(id="1", words='"a ""b"""')]
    said = bring_in(line(), *bad, line(id="3"), rejects=tmp_path / "bad.csv")
    assert "2 added" in said
    assert f"3 refused → {tmp_path / 'bad.csv'}" in said
    rows = list(csv.DictReader((tmp_path / "bad.csv").open(encoding="utf-8-sig", newline="")))
    assert [row["line"] for row in rows] == ["3", "4", "5"]
    assert [row["row"] for row in rows] == bad
    assert "'soon' is not a time" in rows[0]["reason"]
    assert "never closed" in rows[1]["reason"]
    assert rows[2]["reason"] == "id is the same as in line 2"


def test_where_nothing_was_refused_no_file_is_left(bring_in: Import, tmp_path: Path) -> None:
    bring_in(line())
    assert not list(tmp_path.glob("*.rejects.csv"))


def test_what_cannot_be_used_at_all_is_said_in_a_sentence(bring_in: Import, write: Write) -> None:
    with pytest.raises(CommandError, match="no profile 'nowhere'"):
        call_command("import_reports", write(HEADER), profile="nowhere")
    with pytest.raises(CommandError, match="no column 'CASE_ENQUIRY_ID'"):
        call_command("import_reports", write(HEADER), profile="boston311")
    with pytest.raises(CommandError, match="The refused rows cannot be written"):
        bring_in(line(), rejects=Path("/nowhere/at/all.csv"))
    assert counts() == (0, 0, 0, 0, 0)


def test_it_texts_nobody(bring_in: Import) -> None:
    bring_in(line(), line(id="2", **OPEN))
    assert not Message.objects.exists()
