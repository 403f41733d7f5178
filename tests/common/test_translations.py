"""The Chinese catalogue: whole, certain, and with the same placeholders as the English words."""

import re
from datetime import datetime
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%(?:\(\w+\)\d*[sd]|%?s)")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def test_nothing_is_missing_or_uncertain(catalogue: polib.POFile) -> None:
    assert len(catalogue) > 500
    assert [entry.msgid for entry in catalogue if not entry.translated()] == []


def test_placeholders_are_those_of_the_english_words(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        wanted = placeholders(entry.msgid_plural or entry.msgid)
        for words in entry.msgstr_plural.values() or [entry.msgstr]:
            assert placeholders(words) == wanted, entry.msgid


def test_markup_is_that_of_the_english_words(catalogue: polib.POFile) -> None:
    tags = re.compile(r"<[^>]+>")
    for entry in catalogue:
        assert sorted(tags.findall(entry.msgstr)) == sorted(tags.findall(entry.msgid)), entry.msgid


def test_one_plural_is_enough(catalogue: polib.POFile) -> None:
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    for entry in catalogue:
        assert list(entry.msgstr_plural) in ([], [0]), entry.msgid


def test_a_moment_reads_as_in_chinese() -> None:
    with translation.override("zh-hans"):
        exact = translation.pgettext("date format", "j M Y, H:i")
        assert date_format(datetime(2026, 7, 31, 19, 10), exact) == "2026年7月31日 19:10"
