"""A city writes its own words; what could not be sent, or says too little, is refused."""

import logging
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from common.models import User
from notifications import proofread, templating, wording
from notifications.kinds import FACTS, KINDS
from notifications.models import Wording
from notifications.texts import write_text
from tests.raw_sql import raises, sql

GOOD = "{{ number }} is closed. Thanks!{% if link %} {{ link }}{% endif %}"
SOLVED = "{{ number }} works again.{% if reply %} 1 = yes, 2 = no.{% endif %} {{ link }}"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Words are kept in memory; the next test has another database."""
    wording.forget()
    yield
    wording.forget()


def closed(**facts: object) -> str:
    return write_text("closed", "en", **({"number": "26-0004217-3", "link": ""} | facts))


def rewrite(words: str, by: User, now: datetime, seen: int | None = None) -> Wording:
    return wording.rewrite("closed", "en", words, by=by, now=now, seen=seen)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", KINDS)
def test_our_own_words_could_be_an_administrators(
    kind: str, language: str, settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = "https://" + "x" * 52
    words = templating.file_words(kind, language)
    template = proofread.proofread(kind, words)
    for preview in proofread.previews(kind, language, template):
        assert preview.segments <= 2, preview
    if language == "en":
        assert proofread.foreign_signs(words) == ""


def test_every_fact_is_explained() -> None:
    assert {name for kind in KINDS.values() for name in kind.facts} == set(FACTS)
    for kind in KINDS.values():
        assert {*kind.required} <= {*kind.facts}


@pytest.mark.parametrize(
    ("kind", "words", "why"),
    [
        ("closed", "It is over. {{ link }}", "“{{ number }}” is missing"),
        ("closed", "{{ number }} is over.", "“{{ link }}” is missing"),
        ("closed", "{% if link %}{{ number }} {{ link }}{% endif %}", "“{{ number }}” is missing"),
        ("closed", "{% if address %}{{ number }}{% endif %} {{ link }}", "“{{ number }}” is miss"),
        ("closed", "{{ number }} {{ phone }} {{ link }}", "“phone” is no fact"),
        ("closed", "{{ number.token }} {{ link }}", "“number.token” is no fact"),
        ("closed", "{{ number|upper }} {{ link }}", "“number|upper” is no fact"),
        ("closed", "{{ number }} {{ link }} {{ reason }}", "“reason” is no fact"),
        ("closed", "{{ number }} {{ link }} {{ }}", "“” is no fact"),
        ("closed", "{{ number }} {% if link.token %}{{ link }}{% endif %}", "“link.token” is no"),
        ("closed", "{{ number }} {{ link }} {% if link == 1 %}{% endif %}", "“==” is no fact"),
        ("closed", "{{ number }} {{ link }} {% load static %}", "“{% load static %}” is not poss"),
        ("closed", "{{ number }} {{ link }} {% include 'a' %}", "is not possible"),
        ("closed", "{% for c in number %}{{ number }}{% endfor %} {{ link }}", "is not possible"),
        ("closed", "{% verbatim %}{{ number }} {{ link }}{% endverbatim %}", "is not possible"),
        ("closed", "{{ number }} {{ link }} {% %}", "is not possible"),
        ("closed", "{{ number }} {{ link }} {% if link %}", "{% endif %} after it"),
        ("closed", "{{ number }} {{ link }} {% if %}x{% endif %}", "needs a fact"),
        ("closed", "{{ number }} {{ link }} {% endif %}", "{% endif %} after it"),
        ("closed", "{{ number }} {{ link }} {{ number }", "“{{” stands alone"),
        ("closed", "{{ number }} {{ link }} %}", "“%}” stands alone"),
        ("closed", "{{ number }} {{ link }} www.example.gov", "no web address"),
        ("closed", "{{ number }} {{ link }} " + "long " * 50, "Too long: 3 segments"),
        ("closed", "{{ number }} {{ link }} 😀" + "long " * 14, "Too long: 3 segments"),
        ("closed", "{{ number }}，{{ link }}" + "很长" * 40, "Too long"),
        ("resolved", "{{ number }} {{ link }} It works.", "The answers are missing"),
        ("resolved", "{{ number }} {{ link }} Call 12345.", "The answers are missing"),
        ("resolved", "{{ number }} {{ link }} Reply 1 or 2.", "Not everybody can answer"),
        ("resolved", SOLVED + "{% if address %}a{% endif %}", "“address” is no fact"),
        ("rejected", "{{ number }} {{ link }} No.", "“{{ reason }}” is missing"),
        ("merged", "{{ number }} {{ link }} Many.", "“{{ into }}” is missing"),
        ("crew_order", "Go! {{ number }} {{ link }}", "“link” is no fact"),
    ],
)
def test_what_cannot_go_out_is_refused(kind: str, words: str, why: str) -> None:
    with pytest.raises(templating.BadWords, match=re.escape(why)):
        proofread.proofread(kind, words)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("closed", GOOD),
        ("closed", "{{number}} {%if link%}{{link}}{%else%}-{%endif%} {# never said #}"),
        (
            "closed",
            "{{ number }} {% if not address and link %}{{ link }}{% else %}{{ link }}{% endif %}",
        ),
        ("resolved", SOLVED),
        ("resolved", SOLVED + " Call 12345 or 12 then 34."),
        ("crew_recall", "{{ number }}: come back."),
    ],
)
def test_what_can_go_out_is_taken(kind: str, words: str) -> None:
    proofread.proofread(kind, words)


def test_the_citys_words_are_sent(administrator: User, now: datetime) -> None:
    rewrite(GOOD, administrator, now)
    assert closed(link="https://h.example/t/abc/") == (
        "26-0004217-3 is closed. Thanks! https://h.example/t/abc/"
    )
    assert write_text("closed", "zh-hans", number="26-0004217-3").startswith("26-0004217-3已办结")


def test_the_last_words_count_and_empty_ones_are_the_files(
    administrator: User, now: datetime
) -> None:
    before = closed()
    first = rewrite("{{ number }} A {{ link }}", administrator, now)
    second = rewrite("{{ number }} B {{ link }}", administrator, now, first.pk)
    assert closed() == "26-0004217-3 B"
    rewrite("", administrator, now, second.pk)
    assert closed() == before
    assert [row.words for row in wording.history("closed", "en")][1] == second.words


def test_somebody_elses_newer_words_are_not_overwritten_unseen(
    administrator: User, now: datetime
) -> None:
    rewrite(GOOD, administrator, now)
    with raises(wording.Overtaken):
        rewrite(GOOD, administrator, now)
    assert Wording.objects.count() == 1


@pytest.mark.parametrize("words", ["{{ number }", "{% load x %}", "No number.", "\x01{% endfor %}"])
def test_words_that_were_spoilt_elsewhere_are_not_used_and_named_in_the_log(
    words: str, administrator: User, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    before = closed()
    row = rewrite(GOOD, administrator, now)
    sql("UPDATE notifications_wording SET words = %s WHERE id = %s", words, row.pk)
    wording.forget()
    with caplog.at_level(logging.WARNING, "notifications.texts"):
        assert closed() == before
    assert "closed" in caplog.text


def test_an_unknown_kind_or_language_in_the_table_harms_nobody(
    administrator: User, now: datetime
) -> None:
    Wording.objects.create(
        kind="never", language="fr", words="?", written_at=now, written_by=administrator
    )
    assert closed()


def test_many_texts_read_the_words_once(db: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        for _ in range(5):
            closed()
    assert len(captured) <= 1


def test_an_edit_elsewhere_is_seen_when_memory_is_too_old(
    administrator: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed()
    Wording.objects.create(
        kind="closed", language="en", words=GOOD, written_at=now, written_by=administrator
    )
    assert "Thanks!" not in closed()
    monkeypatch.setattr(wording, "FRESH", 0.0)
    assert "Thanks!" in closed()


def test_facts_are_never_read_as_words(administrator: User, now: datetime) -> None:
    body = write_text("rejected", "en", number="26-0004217-3", reason="{{ number }} {% if %} <b>&")
    assert "{{ number }} {% if %} <b>&" in body
