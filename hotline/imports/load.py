"""From the rows of an export to tickets with their history, in batches that stand on their own.

Each batch is one transaction and asks first which of its reports are there. So running twice adds
nothing, and what was interrupted is continued by running it again.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from hotline.imports.catalogue import Catalogue
from hotline.imports.profile import Profile
from hotline.imports.reader import Export, Rejected
from hotline.imports.rows import ImportedReport, read_row
from hotline.models import Report
from tickets import history
from tickets.history import Life, Step
from tickets.models import Ticket, Words
from tickets.services import OUTSIDE, Location
from tickets.town import town

BATCH = 500


@dataclass(frozen=True, slots=True)
class Placed:
    """A report that is not there yet, and the district its point lies in."""

    report: ImportedReport
    district_id: int | None

    @property
    def outside(self) -> bool:
        return self.report.longitude is not None and self.district_id is None


@dataclass
class Summary:
    read: int = 0
    added: int = 0
    known: int = 0
    refused: int = 0
    flags: Counter[str] = field(default_factory=Counter)


def load(
    export: Export,
    profile: Profile,
    *,
    now: datetime,
    refuse: Callable[[Rejected], None],
    progress: Callable[[int], object],
    summary: Summary,
    dry_run: bool = False,
) -> None:
    """Every row of the export: added, found to be there, or handed to `refuse`.

    `progress` is told the line reached. The `summary` is the caller's, and true after every batch,
    so that it can be told also when the work is broken off.
    """
    for batch, refused, line in _batches(export, profile, now=now):
        fresh = _fresh(batch) if dry_run else _add(batch, profile, now=now)
        summary.read += len(batch) + len(refused)
        summary.refused += len(refused)
        summary.added += len(fresh)
        summary.known += len(batch) - len(fresh)
        for placed in fresh:
            summary.flags.update([*placed.report.flags, *([OUTSIDE] if placed.outside else [])])
        for row in refused:
            refuse(row)
        progress(line)


def _batches(
    export: Export, profile: Profile, *, now: datetime
) -> Iterator[tuple[list[ImportedReport], list[Rejected], int]]:
    batch: list[ImportedReport] = []
    refused: list[Rejected] = []
    first_lines: dict[str, int] = {}
    line = 0
    for row in export.rows():
        line = row.line
        report = row if isinstance(row, Rejected) else read_row(row, profile, now=now)
        if isinstance(report, ImportedReport):
            first = first_lines.setdefault(report.foreign_id, line)
            if first == line:
                batch.append(report)
            else:
                reason = f"{profile.columns.foreign_id} is the same as in line {first}"
                refused.append(Rejected(line, reason, row.raw))
        else:
            refused.append(report)
        if len(batch) + len(refused) >= BATCH:
            yield batch, refused, line
            batch, refused = [], []
    yield batch, refused, line


def _fresh(batch: list[ImportedReport]) -> list[Placed]:
    """Those that are not there yet, placed."""
    known = set(
        Report.objects.filter(
            source__in={report.source for report in batch},
            foreign_id__in=[report.foreign_id for report in batch],
        )
        # Says nothing new, but only so is the partial index of `foreign_report_once` used.
        .exclude(foreign_id="")
        .values_list("foreign_id", flat=True)
    )
    find = town().locator.find
    return [Placed(r, _district(r, find)) for r in batch if r.foreign_id not in known]


def _district(report: ImportedReport, find: Callable[[float, float], int | None]) -> int | None:
    if report.longitude is None or report.latitude is None:
        return None
    return find(report.longitude, report.latitude)


@transaction.atomic
def _add(batch: list[ImportedReport], profile: Profile, *, now: datetime) -> list[Placed]:
    """Write those that are not there yet; returns them."""
    with connection.cursor() as cursor:
        # Two imports of one source at a time: the second waits here, then finds the rows there.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [profile.name])
    fresh = _fresh(batch)
    catalogue = Catalogue(placed.report.category for placed in fresh)
    tickets = history.replay((_life(placed, catalogue, now=now) for placed in fresh), now=now)
    reports = [placed.report for placed in fresh]
    _write_reports(reports, tickets, language=profile.language, now=now)
    return fresh


def _life(placed: Placed, catalogue: Catalogue, *, now: datetime) -> Life:
    report = placed.report
    return Life(
        category=catalogue.category(report.category),
        unit=catalogue.unit(report.category),
        location=Location(lon=report.longitude, lat=report.latitude, address=report.address),
        channel=report.channel,
        opened_at=report.opened_at,
        district_id=placed.district_id,
        due_at=report.due_at,
        by_staff=report.by_staff,
        flags=report.flags,
        steps=_steps(report, now=now),
    )


def _steps(report: ImportedReport, *, now: datetime) -> list[Step]:
    """What the file says happened, and nothing that it does not say: nobody accepted anything."""
    # Without a time it was over by now at the latest. Any earlier guess would flatter us.
    closed_at = report.closed_at or now
    words = report.closure_words
    answer = Step("answer", closed_at, data={"how": "imported"}, public=words)
    if report.status == "rejected":
        return [Step("reject", closed_at, public=words)]
    if report.status == "resolved":
        return [answer]
    if report.status == "closed":
        return [answer, Step("close", closed_at)]
    return []


def _write_reports(
    reports: list[ImportedReport], tickets: list[Ticket], *, language: str, now: datetime
) -> None:
    words = Words.objects.bulk_create(Words(internal=report.words) for report in reports)
    Report.objects.bulk_create(
        Report(
            ticket=ticket,
            channel=report.channel,
            words=said,
            language=language,
            said_at=report.opened_at,
            recorded_at=now,
            source=report.source,
            foreign_id=report.foreign_id,
        )
        for report, ticket, said in zip(reports, tickets, words, strict=True)
    )
