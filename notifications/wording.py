"""The words a city wrote itself, instead of those of templates/texts/. The last ones count.

Every text asks for them, so that they are kept in memory for a few seconds: a report pays nothing
for them, and another process hears of an edit within FRESH seconds.
"""

import time
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from common.models import User
from notifications.models import Wording

FRESH = 5.0  # seconds
MOST = 50  # older words that are shown

Key = tuple[str, str]  # kind, language

_known: tuple[float, dict[Key, str]] | None = None


class Overtaken(Exception):
    """Somebody else changed these words in the meantime."""


def current(kind: str, language: str) -> str:
    """The city's own words; empty where those of the file count."""
    global _known
    moment = time.monotonic()
    known = _known
    if known is None or moment - known[0] > FRESH:
        known = _known = (moment, {key: row.words for key, row in latest().items()})
    return known[1].get((kind, language), "")


def latest() -> dict[Key, Wording]:
    """The last row of each kind and language, who wrote it included."""
    rows = Wording.objects.select_related("written_by")
    found = rows.order_by("kind", "language", "-pk").distinct("kind", "language")
    return {(row.kind, row.language): row for row in found}


def last(kind: str, language: str) -> Wording | None:
    """What was written last, who wrote it included; None where nothing ever was."""
    return _rows(kind, language).first()


def history(kind: str, language: str) -> list[Wording]:
    """What was ever written for it, the newest first."""
    return list(_rows(kind, language)[:MOST])


def rewrite(
    kind: str, language: str, words: str, *, by: User, now: datetime, seen: int | None
) -> Wording:
    """Other words from now on; empty ones: the file's again. Texts that wait keep theirs.

    `seen` is the row that was the last one when `by` looked. Raises Overtaken. The words were
    proofread before (notifications/proofread.py).
    """
    with transaction.atomic():
        _wait_for_others(kind, language)
        newest = last(kind, language)
        if (newest.pk if newest else None) != seen:
            raise Overtaken(kind)
        row = Wording.objects.create(
            kind=kind, language=language, words=words, written_at=now, written_by=by
        )
    forget()
    return row


def forget() -> None:
    """Read anew the next time."""
    global _known
    _known = None


def _wait_for_others(kind: str, language: str) -> None:
    """Whoever writes the same words waits here, then finds the row of who was faster."""
    with connection.cursor() as cursor:
        what = f"wording:{kind}:{language}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])


def _rows(kind: str, language: str) -> QuerySet[Wording]:
    rows = Wording.objects.filter(kind=kind, language=language)
    return rows.select_related("written_by").order_by("-pk")
