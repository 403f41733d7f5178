"""What a phone says of an operation, read; what makes no sense is refused in a sentence."""

import json
from collections.abc import Container
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

MOST = Decimal(100_000)  # of one material, on one job
THOUSANDTH = Decimal("0.001")
LONGEST_USE = timedelta(days=7)
SLACK = timedelta(minutes=5)  # a phone's clock may be a little fast


class Nonsense(ValueError):
    """Cannot be true, whoever says it; the text says why."""


def is_storable(payload: dict[str, Any]) -> bool:
    """Whether the database can keep it: no NaN, no NUL, no half characters."""
    try:
        written = json.dumps(payload, allow_nan=False, ensure_ascii=False)
        written.encode()
    except (TypeError, ValueError):
        return False
    return "\\u0000" not in written.replace("\\\\", "")


def is_sane(moment: datetime) -> bool:
    """A clock that was never set says nothing about the time."""
    return timezone.is_aware(moment) and 2000 < moment.year < 2100


def words(payload: dict[str, Any], name: str = "words", *, required: bool = False) -> str:
    said = payload.get(name) or ""
    if not isinstance(said, str) or (required and not said.strip()):
        raise Nonsense(_("Something is missing in this form. Open the job again, please."))
    return said


def one_of(payload: dict[str, Any], name: str, known: Container[str]) -> str:
    said = words(payload, name, required=True)
    if said not in known:
        raise unknown(said)
    return said


def unknown(said: str) -> Nonsense:
    return Nonsense(_("“%(what)s” is not known here.") % {"what": said[:40]})


def quantity(payload: dict[str, Any]) -> Decimal:
    """More than nothing, to the thousandth."""
    try:
        said = Decimal(str(payload.get("quantity", "")))
    except InvalidOperation:
        said = Decimal("NaN")
    if not said.is_finite():
        raise Nonsense(_("Please write a number, such as 3 or 12.5."))
    if said > MOST:
        raise Nonsense(_("That is more than a truck carries. Please check the number."))
    if said < THOUSANDTH:
        raise Nonsense(_("It must be more than nothing."))
    return said if said == (rounded := said.quantize(THOUSANDTH)) else rounded


def period(payload: dict[str, Any], *, now: datetime) -> tuple[datetime, datetime]:
    """From when to when a piece was used: over, in the right order, within a week."""
    start, end = _moment(payload, "start"), _moment(payload, "end")
    if end <= start:
        raise Nonsense(_("The end must be later than the beginning."))
    if end > now + SLACK:
        raise Nonsense(_("That is still to come. Log it when it is over."))
    if end - start > LONGEST_USE:
        raise Nonsense(_("That is more than a week. Please check the date."))
    return start, end


def _moment(payload: dict[str, Any], name: str) -> datetime:
    said = words(payload, name, required=True)
    try:
        moment = parse_datetime(said)
    except ValueError:
        moment = None
    if moment is None or not is_sane(moment):
        raise unknown(said)
    return moment
