"""6,549 real reports of a real city: none lost, and the file's own figures come out again."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from pytest_django.plugin import DjangoDbBlocker

from hotline.imports.profile import load
from hotline.models import Report
from notifications.models import Message
from tickets.districts import import_districts
from tickets.models import Ticket, TicketEvent

FOLDER = settings.BASE_DIR.parent / "shared" / "data" / "boston"
FILE = FOLDER / "boston311_2015-03-01_2015-05-31.csv"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not FILE.exists(), reason=f"the real reports are not here: {FILE.parent}"),
]

# Per type: reports, median and 90th percentile of the hours to close, as the data's README says.
HOURS_TO_CLOSE = {
    "Pothole Repair (Internal)": (2601, 0, 0),
    "Street Light Outages": (1814, 71.6, 1535),
    "Graffiti Removal": (1797, 330, 1642),
    "Street Light Knock Downs": (180, 5.5, 298),
    "PWD Graffiti": (157, 1.4, 254),
}
# Closed ones only, and none that was closed before it was opened; see docs/importing.md.
PERCENTILES = """
    SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (
        ORDER BY extract(epoch FROM e.occurred_at - t.opened_at) / 3600
    )
    FROM tickets_ticket t
    JOIN tickets_ticketevent e ON e.ticket_id = t.id AND e.kind = 'answer'
    JOIN tickets_category c ON c.id = t.category_id
    WHERE c.code = %s AND e.occurred_at >= t.opened_at
"""


@pytest.fixture(scope="module")
def said(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The file brought in once, for all tests here, and taken back at the end."""
    rejects = tmp_path_factory.mktemp("boston") / "rejects.csv"
    with django_db_blocker.unblock(), transaction.atomic():
        wards = json.loads((FOLDER / "boston_wards.geojson").read_text())
        import_districts(wards, name_field="WARD")
        yield import_reports(rejects)
        assert not rejects.exists()
        transaction.set_rollback(True)


def import_reports(rejects: Path) -> str:
    said = StringIO()
    call_command("import_reports", FILE, profile="boston311", rejects=rejects, stdout=said)
    return said.getvalue()


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_in(said: str) -> None:
    assert re.findall(r"([\d,]+) (read|added|there already|refused)", said) == [
        ("6,549", "read"),
        ("6,549", "added"),
        ("0", "there already"),
        ("0", "refused"),
    ]
    ids = Report.objects.filter(source="boston311").values_list("foreign_id", flat=True)
    assert set(ids) == {row["CASE_ENQUIRY_ID"] for row in rows()}
    assert Ticket.objects.filter(status="received").count() == 448
    assert Ticket.objects.filter(status="closed").count() == 6101
    assert not Message.objects.exists()


@pytest.mark.parametrize("type_", HOURS_TO_CLOSE)
def test_the_hours_to_close_are_those_of_the_readme(said: str, type_: str) -> None:
    many, median, p90 = HOURS_TO_CLOSE[type_]
    code = load("boston311").categories[type_.casefold()].code
    assert Ticket.objects.filter(category__code=code).count() == many
    with connection.cursor() as cursor:
        cursor.execute(PERCENTILES, [code])
        ((found_median, found_p90),) = cursor.fetchone()
    assert round(found_median, 1 if median < 100 else 0) == median
    assert round(found_p90) == p90


def test_the_share_on_time_is_the_files_own(said: str) -> None:
    closings = TicketEvent.objects.filter(kind="close", ticket__due_at__isnull=False)
    on_time = closings.filter(occurred_at__lte=F("ticket__due_at"))
    assert (on_time.count(), closings.count()) == (2815, 3500)
    ours = set(
        Report.objects.filter(ticket__in=on_time.values("ticket")).values_list(
            "foreign_id", flat=True
        )
    )
    for row in rows():
        if row["CLOSED_DT"] and row["TARGET_DT"] and row["OnTime_Status"]:
            assert (row["CASE_ENQUIRY_ID"] in ours) == (row["OnTime_Status"] == "ONTIME")


def test_the_wards_are_the_files_own(said: str) -> None:
    found = dict(
        Report.objects.filter(ticket__lon__isnull=False).values_list(
            "foreign_id", "ticket__district__name_en"
        )
    )
    pairs = [
        (re.sub(r"\D", "", row["ward"]).lstrip("0"), found[row["CASE_ENQUIRY_ID"]])
        for row in rows()
        if row["ward"] and row["CASE_ENQUIRY_ID"] in found
    ]
    assert len(pairs) > 6000
    assert sum(theirs == ours for theirs, ours in pairs) / len(pairs) > 0.985


def test_what_is_odd_is_flagged_and_kept(said: str) -> None:
    flags = Counter(flag for ticket in Ticket.objects.all() for flag in ticket.flags)
    assert {
        flag: int(many.replace(",", ""))
        for many, flag in re.findall(r"([\d,]+) flagged (\w+)", said)
    } == flags
    assert flags["closed_before_opened"] == 25
    assert flags["default_point"] == 521
    assert flags["no_place"] == 316
    assert flags["duplicate"] == 234  # one of them written in capitals
    internal = Ticket.objects.filter(by_staff=True)
    assert internal.count() == internal.filter(due_at=None).count() == 2601


def test_the_start_of_summer_time_is_in_the_times(said: str) -> None:
    hours = {
        row["CASE_ENQUIRY_ID"]: int(row["OPEN_DT"][11:13]) % 12 + 12 * ("PM" in row["OPEN_DT"])
        for row in rows()
    }
    for report in Report.objects.all():
        behind = 5 if report.said_at.isoformat() < "2015-03-08T07" else 4
        assert (report.said_at.hour - hours[report.foreign_id]) % 24 == behind


def test_a_second_run_adds_nothing(said: str, tmp_path: Path) -> None:
    again = import_reports(tmp_path / "rejects.csv")
    assert "        0 added" in again
    assert "    6,549 there already" in again
    assert Ticket.objects.count() == 6549
