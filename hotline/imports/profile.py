"""A profile says how another system's export is to be read. All that is local is in it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.imports.sections import ProfileError, Section

SHIPPED = Path(__file__).parent / "profiles"
# In our words: where a report of theirs can end up, and the values of tickets.Channel.
STATUSES = ("received", "resolved", "closed", "rejected")
CHANNELS = ("phone", "web", "text", "open311", "patrol", "import")
LANGUAGES = ("en", "zh-hans")
DELIMITERS = {"auto": "", "comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
ENCODINGS = ("auto", "utf-8", "gb18030", "cp1252", "utf-16-le", "utf-16-be")
ANYTHING = "*"


@dataclass(frozen=True, slots=True)
class UnitRule:
    code: str
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class CategoryRule:
    code: str
    name: str
    name_zh: str
    unit: UnitRule
    offered: bool  # can citizens choose it?


@dataclass(frozen=True, slots=True)
class Columns:
    """The file's column for each thing we keep; "" where the file has none."""

    foreign_id: str
    opened: str
    type: str
    status: str = ""
    due: str = ""
    closed: str = ""
    channel: str = ""
    address: str = ""
    latitude: str = ""
    longitude: str = ""
    words: str = ""
    closure_words: str = ""

    def named(self) -> dict[str, str]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {key: column for key, column in values.items() if column}


@dataclass(frozen=True, slots=True)
class DefaultPoint:
    """A point that means "we do not know where", unless the address says it is really there."""

    latitude: float
    longitude: float
    real_if_address_contains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefuseRule:
    column: str
    equals: str
    contains: str
    reason: str


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    title: str
    language: str
    encoding: str
    delimiter: str
    empty: tuple[str, ...]
    columns: Columns
    zone: ZoneInfo
    formats: tuple[str, ...]
    categories: Mapping[str, CategoryRule]
    statuses: Mapping[str, str]
    channels: Mapping[str, str]
    staff_types: frozenset[str]
    staff_sources: frozenset[str]
    duplicate_phrases: tuple[str, ...]
    default_points: tuple[DefaultPoint, ...]
    refuse: tuple[RefuseRule, ...]

    def needed_columns(self) -> dict[str, str]:
        """Where the profile says it -> the column it needs, for the check against the header."""
        needed = {f"columns.{key}": column for key, column in self.columns.named().items()}
        for number, rule in enumerate(self.refuse, start=1):
            needed[f"refuse number {number}"] = rule.column
        return needed


def same(text: str) -> str:
    """The form in which words of the file and words of the profile are compared."""
    return " ".join(text.split()).casefold()


def load(name_or_path: str) -> Profile:
    """A shipped profile by its name, or any TOML file by its path; else ProfileError."""
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = SHIPPED / f"{name_or_path}.toml"
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        shipped = ", ".join(sorted(file.stem for file in SHIPPED.glob("*.toml")))
        raise ProfileError(
            f"There is no profile {name_or_path!r}. Give one of: {shipped}; or a path to a .toml."
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{path.name} cannot be read as TOML: {error}") from None
    return parse(values, where=path.name)


def parse(values: dict[str, object], *, where: str) -> Profile:
    top = Section(values, where=where)
    file, staff, duplicates = top.table("file"), top.table("by_staff"), top.table("duplicates")
    zone, formats = _time(top.table("time"))
    profile = Profile(
        # The source of every imported report: half of what makes a second run add nothing.
        name=top.code("name", limit=40),
        title=top.text("title"),
        language=top.one_of("language", LANGUAGES, "en"),
        encoding=file.one_of("encoding", ENCODINGS, "auto"),
        delimiter=DELIMITERS[file.one_of("delimiter", tuple(DELIMITERS), "auto")],
        empty=file.texts("empty"),
        columns=_columns(top.table("columns")),
        zone=zone,
        formats=formats,
        categories=_categories(top, units=_units(top)),
        statuses=_by_word(top.words("statuses", allowed=STATUSES)),
        channels=_by_word(top.words("channels", allowed=CHANNELS)),
        staff_types=frozenset(same(text) for text in staff.texts("types")),
        staff_sources=frozenset(same(text) for text in staff.texts("sources")),
        duplicate_phrases=tuple(same(text) for text in duplicates.texts("closure_contains")),
        default_points=_default_points(top),
        refuse=_refuse_rules(top),
    )
    for section in (file, staff, duplicates, top):
        section.refuse_unknown()
    _check_agreement(profile, top)
    return profile


def _columns(section: Section) -> Columns:
    required = {"foreign_id", "opened", "type"}
    values = {
        field.name: section.text(field.name, None if field.name in required else "")
        for field in fields(Columns)
    }
    section.refuse_unknown()
    if bool(values["latitude"]) != bool(values["longitude"]):
        raise section.wrong("latitude", "and longitude must be given both or not at all")
    return Columns(**values)


def _time(section: Section) -> tuple[ZoneInfo, tuple[str, ...]]:
    name, formats = section.text("zone"), section.texts("formats")
    section.refuse_unknown()
    try:
        zone = ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # what zoneinfo raises for names, paths and folders
        problem = f'{name!r} is not a time zone; give one like "America/New_York"'
        raise section.wrong("zone", problem) from None
    if not formats:
        raise section.wrong("formats", 'is missing; give one like ["%d/%m/%Y %H:%M"], or ["iso"]')
    for form in formats:
        if form != "iso":
            _check_format(section, form)
    return zone, formats


def _check_format(section: Section, form: str) -> None:
    sample = datetime(2015, 12, 30, 15, 4, 5)
    try:
        day_survives = datetime.strptime(sample.strftime(form), form).date() == sample.date()
    except ValueError as error:
        raise section.wrong("formats", f"{form!r} is not usable: {error}") from None
    if not day_survives:
        raise section.wrong("formats", f"{form!r} does not say year, month and day")
    if "%I" in form and "%p" not in form:
        raise section.wrong("formats", f"{form!r} has a 12-hour clock (%I) without AM/PM (%p)")


def _units(top: Section) -> dict[str, UnitRule]:
    units: dict[str, UnitRule] = {}
    for section in top.tables("units"):
        unit = UnitRule(section.code("code", limit=50), *_names(section))
        section.refuse_unknown()
        if unit.code in units:
            raise section.wrong("code", f"{unit.code!r} is used twice")
        units[unit.code] = unit
    return units


def _names(section: Section) -> tuple[str, str]:
    return section.text("name", limit=120), section.text("name_zh", "", limit=120)


def _categories(top: Section, *, units: dict[str, UnitRule]) -> dict[str, CategoryRule]:
    by_type: dict[str, CategoryRule] = {}
    for section in top.tables("categories"):
        unit_code, types = section.text("unit"), section.texts("types")
        if unit_code not in units:
            raise section.wrong("unit", f"{unit_code!r} is none of the [[units]]: {sorted(units)}")
        if not types:
            raise section.wrong("types", "must name at least one type of the file")
        code, offered = section.code("code", limit=80), section.flag("offered", default=True)
        rule = CategoryRule(code, *_names(section), units[unit_code], offered)
        section.refuse_unknown()
        for text in types:
            if by_type.setdefault(same(text), rule) is not rule:
                raise section.wrong("types", f"{text!r} belongs to two categories")
    if not by_type:
        raise top.wrong("categories", "is missing; at least one [[categories]] is needed")
    return by_type


def _by_word(words: dict[str, str]) -> dict[str, str]:
    return {same(theirs): ours for theirs, ours in words.items()}


def _default_points(top: Section) -> tuple[DefaultPoint, ...]:
    points = []
    for section in top.tables("default_points"):
        near = tuple(same(text) for text in section.texts("real_if_address_contains"))
        latitude = section.number("latitude", limit=90)
        points.append(DefaultPoint(latitude, section.number("longitude", limit=180), near))
        section.refuse_unknown()
    return tuple(points)


def _refuse_rules(top: Section) -> tuple[RefuseRule, ...]:
    rules = []
    for section in top.tables("refuse"):
        equals, contains = same(section.text("equals", "")), same(section.text("contains", ""))
        if bool(equals) == bool(contains):
            raise section.wrong("equals", "or contains: exactly one of the two is needed")
        rules.append(RefuseRule(section.text("column"), equals, contains, section.text("reason")))
        section.refuse_unknown()
    return tuple(rules)


def _check_agreement(profile: Profile, top: Section) -> None:
    """Tables that could never be used point at a forgotten column."""
    columns = profile.columns
    for key, used, column in (
        ("statuses", profile.statuses, columns.status),
        ("channels", profile.channels, columns.channel),
        ("by_staff.sources", profile.staff_sources, columns.channel),
        ("duplicates.closure_contains", profile.duplicate_phrases, columns.closure_words),
        ("default_points", profile.default_points, columns.latitude),
    ):
        if used and not column:
            raise top.wrong(key, "is given, but [columns] names no column for it")
    if columns.status and not profile.statuses:
        raise top.wrong("statuses", f"is missing: what do the words of {columns.status!r} mean?")
    for text in profile.staff_types - profile.categories.keys():
        raise top.wrong("by_staff.types", f"{text!r} is no type of any [[categories]]")
