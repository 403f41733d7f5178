"""What the screens show of the words of one kind of text in one language."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from notifications import proofread, templating, wording
from notifications.kinds import FACTS, KINDS, Kind
from notifications.models import Wording
from notifications.proofread import Preview
from notifications.templating import BadWords


@dataclass(frozen=True)
class Look:
    """Words as they would go out, or why they cannot."""

    previews: list[Preview]
    fault: str = ""
    foreign: str = ""  # signs that make an English text twice as wide


@dataclass(frozen=True)
class Entry:
    code: str
    language: str
    row: Wording | None  # the last that was written; None where nobody ever did

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES)[self.language])

    @property
    def own(self) -> bool:
        """Whether the city wrote its own words."""
        return bool(self.row and self.row.words)

    @property
    def original(self) -> str:
        return templating.file_words(self.code, self.language)

    @property
    def words(self) -> str:
        return self.row.words if self.row and self.row.words else self.original

    @property
    def seen(self) -> int | None:
        return self.row.pk if self.row else None

    @property
    def look(self) -> Look:
        return try_words(self.code, self.language, self.words)

    @property
    def example(self) -> str:
        """A fact that may be missing, to explain `if` with."""
        return next((f for f in ("link", "address") if f in self.kind.facts), "category")

    @property
    def shrinks(self) -> list[str]:
        return [name for name in self.kind.shrinks if name in self.kind.facts]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """How each fact is written, and what it stands for."""
        return [(name, str(FACTS[name])) for name in self.kind.facts]


def entries() -> list[list[Entry]]:
    """Every kind, in each language."""
    rows = wording.latest()
    languages = [code for code, _ in settings.LANGUAGES]
    return [[Entry(kind, code, rows.get((kind, code))) for code in languages] for kind in KINDS]


def find(kind: str, language: str) -> Entry | None:
    """None where there is no such kind or language."""
    if kind not in KINDS or language not in dict(settings.LANGUAGES):
        return None
    return Entry(kind, language, wording.last(kind, language))


def try_words(kind: str, language: str, words: str) -> Look:
    try:
        template = proofread.proofread(kind, words)
    except BadWords as fault:
        return Look([], str(fault))
    foreign = proofread.foreign_signs(words) if language == "en" else ""
    return Look(proofread.previews(kind, language, template), foreign=foreign)
