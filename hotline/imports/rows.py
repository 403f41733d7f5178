"""One row of an export -> what we keep of it, in our own words and in UTC.

What is odd is flagged and kept. Refused is only what cannot be told apart or placed in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from hotline.imports.profile import (
    ANYTHING,
    CategoryRule,
    DefaultPoint,
    Profile,
    RefuseRule,
    same,
)
from hotline.imports.reader import RawRow, Rejected

T = TypeVar("T")
ID_LIMIT = 80
ADDRESS_LIMIT = 300
WORDS_LIMIT = 10_000
OTHER_SYSTEM = "import"
FIRST_YEAR, LAST_YEAR = 1900, 2200
SAME_POINT = 0.000_001  # degrees, a tenth of a metre

FLAGS = {
    "ambiguous_time": "a local time that the clocks showed twice; the first one was taken",
    "bad_point": "coordinates that are no place on earth; dropped",
    "closed_before_opened": "closed before it was opened; both times kept",
    "closed_without_time": "closed, but the file does not say when",
    "damaged_text": "characters that could not be decoded, or zero bytes",
    "default_point": "a point that means “not known”; dropped, the address kept",
    "duplicate": "its closing words say that it repeats another report",
    "nonexistent_time": "a local time that the clocks skipped; moved forward",
    "no_place": "neither a point nor an address",
    "opened_in_future": "opened later than now",
    "outside_districts": "the point lies in none of the districts",
    "reopened": "open, but with a closing time; the closing time is dropped",
    "text_cut": "a text too long to keep whole",
    "unknown_channel": "a channel that the profile does not name",
    "unknown_status": "a status that the profile does not name",
    "unknown_type": "a type that the profile does not name",
}


class RowRefused(Exception):
    """The row cannot be kept; the sentence goes into the rejects file."""


@dataclass(frozen=True, slots=True)
class ImportedReport:
    line: int
    source: str
    foreign_id: str
    category: CategoryRule
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    status: str
    channel: str
    by_staff: bool
    address: str
    longitude: float | None
    latitude: float | None
    words: str
    closure_words: str
    flags: tuple[str, ...]


def read_row(row: RawRow, profile: Profile, *, now: datetime) -> ImportedReport | Rejected:
    try:
        return _Row(row, profile, now=now).report()
    except RowRefused as error:
        return Rejected(row.line, str(error), row.raw)


class _Row:
    """The reading of one row: its cells, the profile, and the flags collected on the way."""

    def __init__(self, row: RawRow, profile: Profile, *, now: datetime) -> None:
        self.row, self.profile, self.now = row, profile, now
        self.flags: set[str] = {"damaged_text"} if row.damaged else set()

    def report(self) -> ImportedReport:
        self._refuse_by_rule()
        opened_at = self._time("opened")
        if opened_at is None:
            raise RowRefused(self._names("opened") + " is empty: when was it opened?")
        category = self._mapped("type", self.profile.categories)
        closed_at, status = self._closing(opened_at)
        channel, by_staff = self._channel()
        latitude, longitude = self._point()
        closure_words = self._text("closure_words", WORDS_LIMIT)
        if any(phrase in same(closure_words) for phrase in self.profile.duplicate_phrases):
            self.flags.add("duplicate")
        if opened_at > self.now + timedelta(days=1):
            self.flags.add("opened_in_future")
        return ImportedReport(
            line=self.row.line,
            source=self.profile.name,
            foreign_id=self._foreign_id(),
            category=category,
            opened_at=opened_at,
            due_at=self._time("due"),
            closed_at=closed_at,
            status=status,
            channel=channel,
            by_staff=by_staff,
            address=self._text("address", ADDRESS_LIMIT),
            longitude=longitude,
            latitude=latitude,
            words=self._text("words", WORDS_LIMIT),
            closure_words=closure_words,
            flags=tuple(sorted(self.flags)),
        )

    def _value(self, key: str) -> str:
        column = getattr(self.profile.columns, key)
        value = self.row.values[column] if column else ""
        return "" if value in self.profile.empty else value

    def _names(self, key: str) -> str:
        return str(getattr(self.profile.columns, key))

    def _text(self, key: str, limit: int) -> str:
        value = self._value(key)
        if len(value) > limit:
            self.flags.add("text_cut")
        return value[:limit]

    def _refuse_by_rule(self) -> None:
        for rule in self.profile.refuse:
            if _matches(rule, same(self.row.values[rule.column])):
                raise RowRefused(rule.reason)

    def _foreign_id(self) -> str:
        value = self._value("foreign_id")
        if not value:
            raise RowRefused(self._names("foreign_id") + " is empty: the row has no number")
        if len(value) > ID_LIMIT:
            raise RowRefused(f"{self._names('foreign_id')} is longer than {ID_LIMIT} characters")
        return value

    def _mapped(self, key: str, table: Mapping[str, T]) -> T:
        word = self._value(key)
        if same(word) in table:
            return table[same(word)]
        if ANYTHING not in table:
            shown = repr(word[:100]) if word else "an empty value"
            raise RowRefused(f"{self._names(key)}: {shown} is not in the profile's list")
        self.flags.add(f"unknown_{key}")
        return table[ANYTHING]

    def _closing(self, opened_at: datetime) -> tuple[datetime | None, str]:
        """When it was closed and its status; where the two disagree the status is believed."""
        closed_at = self._time("closed")
        if self.profile.columns.status:
            status = self._mapped("status", self.profile.statuses)
        else:
            status = "closed" if closed_at else "received"
        if status == "received" and closed_at:
            self.flags.add("reopened")
            closed_at = None
        if status != "received" and not closed_at:
            self.flags.add("closed_without_time")
        if closed_at and closed_at < opened_at:
            self.flags.add("closed_before_opened")
        return closed_at, status

    def _channel(self) -> tuple[str, bool]:
        """How it came in; and whether staff wrote it about their own work."""
        source, table = same(self._value("channel")), self.profile.channels
        if self.profile.columns.channel and source not in table:
            self.flags.add("unknown_channel")
        by_staff = (
            source in self.profile.staff_sources
            or same(self._value("type")) in self.profile.staff_types
        )
        return table.get(source, table.get(ANYTHING, OTHER_SYSTEM)), by_staff

    def _point(self) -> tuple[float | None, float | None]:
        texts = self._value("latitude"), self._value("longitude")
        address, defaults = same(self._value("address")), self.profile.default_points
        point = _degrees(*texts)
        if any(texts) and point is None:
            self.flags.add("bad_point")
        if point and any(_means_nowhere(rule, point, address) for rule in defaults):
            self.flags.add("default_point")
            point = None
        if point is None and not address:
            self.flags.add("no_place")
        return point or (None, None)

    def _time(self, key: str) -> datetime | None:
        value = self._value(key)
        if not value:
            return None
        for form in self.profile.formats:
            try:
                time = _parse(value, form)
            except ValueError:
                continue
            return self._to_utc(time)
        forms = " or ".join(self.profile.formats)
        raise RowRefused(f"{self._names(key)}: {value[:100]!r} is not a time like {forms}")

    def _to_utc(self, time: datetime) -> datetime:
        if not FIRST_YEAR <= time.year <= LAST_YEAR:
            raise RowRefused(f"the year {time.year} is not from {FIRST_YEAR} to {LAST_YEAR}")
        if time.tzinfo:
            return time.astimezone(UTC)
        utc, oddity = from_local(time, self.profile.zone)
        if oddity:
            self.flags.add(oddity)
        return utc


def from_local(time: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """A wall-clock time in UTC, and the flag it earns when the clocks were changed around it.

    fold=0 reads a repeated hour as its first showing, and reads a skipped one with the offset from
    before the change, which moves it forward by what was skipped.
    """
    local = time.replace(tzinfo=zone)
    utc = local.astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) != time:
        return utc, "nonexistent_time"
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        return utc, "ambiguous_time"
    return utc, ""


def _parse(value: str, form: str) -> datetime:
    return datetime.fromisoformat(value) if form == "iso" else datetime.strptime(value, form)


def _degrees(latitude: str, longitude: str) -> tuple[float, float] | None:
    try:
        point = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
    except ValueError:
        return None
    # NaN fails both comparisons.
    return point if -90 <= point[0] <= 90 and -180 <= point[1] <= 180 else None


def _means_nowhere(rule: DefaultPoint, point: tuple[float, float], address: str) -> bool:
    near = (
        abs(point[0] - rule.latitude) < SAME_POINT and abs(point[1] - rule.longitude) < SAME_POINT
    )
    return near and not any(text in address for text in rule.real_if_address_contains)


def _matches(rule: RefuseRule, value: str) -> bool:
    return value == rule.equals if rule.equals else rule.contains in value
