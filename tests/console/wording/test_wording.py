"""Administrators change the words, supervisors read them, and nothing is lost on the way."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from common.models import User
from notifications import templating, wording
from notifications.kinds import KINDS
from notifications.models import Wording
from notifications.texts import write_text
from tests.people import make_user
from tests.races import at_once

PAGE = "/console/wording/closed/en/"
GOOD = "{{ number }} is closed. Thanks!{% if link %} {{ link }}{% endif %}"
Send = Callable[..., Any]


@pytest.fixture
def send(client: Client, administrator: User) -> Send:
    """`send("keep", words=…)`: press that button on the page as it is now."""
    client.force_login(administrator)

    def press(button: str, page: str = PAGE, **fields: Any) -> Any:
        kind, language = page.strip("/").split("/")[-2:]
        row = wording.last(kind, language)
        return client.post(f"{page}{button}/", {"seen": row.pk if row else ""} | fields)

    return press


def sent() -> str:
    return write_text("closed", "en", number="26-0004217-3", link="")


def test_it_works(send: Send, client: Client, administrator: User) -> None:
    response = send("keep", words=GOOD.replace(" Thanks", "\r\nThanks"))
    assert response.status_code == 302
    assert sent() == "26-0004217-3 is closed.\nThanks!"
    row = Wording.objects.get()
    assert (row.kind, row.language, row.written_by) == ("closed", "en", administrator)
    page = client.get(PAGE).content.decode()
    assert escape(row.words.split("\n")[0]) in page
    assert "administrator" in page


def test_the_list_shows_every_kind_in_every_language(client: Client, supervisor: User) -> None:
    client.force_login(supervisor)
    page = client.get("/console/wording/").content.decode()
    for kind in KINDS:
        for language in ("en", "zh-hans"):
            assert f"/console/wording/{kind}/{language}/" in page
    assert "26-0004217-3 is closed." in page
    assert "26-0004217-3已办结。" in page


def test_the_list_costs_a_constant_number_of_statements(
    client: Client, administrator: User, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for _ in range(2):
        for kind in KINDS:
            words = templating.file_words(kind, "en") + " Bye"
            Wording.objects.create(
                kind=kind, language="en", words=words, written_at=now, written_by=administrator
            )
    client.force_login(administrator)
    with django_assert_max_num_queries(8):
        client.get("/console/wording/")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens(kind: str, language: str, client: Client, supervisor: User) -> None:
    client.force_login(supervisor)
    page = client.get(f"/console/wording/{kind}/{language}/")
    assert page.status_code == 200
    assert "26-0004217-3" in page.content.decode()
    assert "<textarea" not in page.content.decode()


def test_what_cannot_go_out_is_refused_at_the_field_and_kept_in_it(send: Send) -> None:
    words = "Over <b>. {{ link }}"
    response = send("keep", words=words)
    page = response.content.decode()
    assert response.status_code == 422
    assert "“{{ number }}” is missing" in page
    assert escape(words) in page
    assert not Wording.objects.exists()


@pytest.mark.parametrize(
    "words", ["", " \n", "x" * 1001, "{% endif %}", "\x00 {{ number }} {{ link }}", "{{" * 400]
)
def test_nonsense_is_refused_in_words(words: str, send: Send) -> None:
    response = send("keep", words=words)
    assert response.status_code == 422
    assert 'class="errorlist"' in response.content.decode()


@pytest.mark.parametrize("words", ["", "{% load x %}", "\x00", "x" * 5000, GOOD])
def test_a_look_at_anything_never_breaks(words: str, send: Send) -> None:
    assert send("try", words=words).status_code == 200


def test_the_look_shows_what_is_sent_to_whom(send: Send) -> None:
    page = send("try", "/console/wording/resolved/en/", words="…").content.decode()
    assert "is missing" in page
    words = templating.file_words("resolved", "en")
    page = send("try", "/console/wording/resolved/en/", words=words).content.decode()
    assert page.count('class="case"') == 3  # usual, longest, mainland China
    assert page.count("Reply 1") == 2
    assert "2 segments" in page and "1 segment" in page
    assert "GSM-7" in page


def test_a_sign_that_costs_half_the_room_is_named(send: Send) -> None:
    page = send("try", words=GOOD + " ✓").content.decode()
    assert "With “✓” an English text has room for less than half" in page
    assert "UCS-2" in page


def test_back_to_the_original_words(send: Send) -> None:
    before = sent()
    send("keep", words=GOOD)
    send("original")
    assert sent() == before
    assert Wording.objects.count() == 2


def test_older_words_are_used_again(send: Send, client: Client) -> None:
    send("keep", words=GOOD)
    send("keep", words=GOOD.replace("Thanks", "Bye"))
    assert (
        'name="words" value="{{ number }} is closed. Thanks!' in client.get(PAGE).content.decode()
    )
    send("keep", words=GOOD)
    assert sent().endswith("Thanks!")


def test_the_original_words_typed_again_are_the_original_words(send: Send) -> None:
    send("keep", words=GOOD)
    send("keep", words=templating.file_words("closed", "en"))
    assert Wording.objects.order_by("pk").values_list("words", flat=True)[1] == ""


def test_saving_without_a_change_is_no_change(send: Send) -> None:
    send("keep", words=templating.file_words("closed", "en"))
    assert not Wording.objects.exists()


def test_somebody_elses_newer_words_are_shown_before_they_are_replaced(send: Send) -> None:
    send("keep", words=GOOD)
    other = GOOD.replace("Thanks", "Bye")
    response = send("keep", words=other, seen="")
    assert response.status_code == 409
    assert "Bye!" in response.content.decode()
    assert sent().endswith("Thanks!")
    again = response.context["form"]["seen"].value()
    assert send("keep", words=other, seen=again).status_code == 302
    assert sent().endswith("Bye!")


@pytest.mark.django_db(transaction=True)
def test_of_four_who_save_at_once_one_is_kept_and_the_others_are_told(
    administrator: User, now: datetime
) -> None:
    def save(words: str) -> Callable[[], Wording]:
        return lambda: wording.rewrite("closed", "en", words, by=administrator, now=now, seen=None)

    said = at_once(*[save(f"{GOOD} {n}") for n in range(4)])
    assert sorted(type(one).__name__ for one in said) == ["Overtaken"] * 3 + ["Wording"]
    assert Wording.objects.count() == 1


@pytest.mark.parametrize("page", ["/console/wording/never/en/", "/console/wording/closed/fr/"])
def test_an_unknown_kind_or_language_is_not_found(page: str, send: Send, client: Client) -> None:
    assert client.get(page).status_code == 404
    assert client.post(f"{page}keep/", {"words": GOOD}).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("administrator", 200, 302),
        ("supervisor", 200, 403),
        ("dispatcher", 403, 403),
        ("crew", 403, 403),
    ],
)
def test_who_may_do_what(role: str, reads: int, writes: int, client: Client, db: None) -> None:
    client.force_login(make_user("somebody", role))
    assert client.get("/console/wording/").status_code == reads
    assert client.get(PAGE).status_code == reads
    assert client.post(f"{PAGE}keep/", {"words": GOOD}).status_code == writes
    assert client.post(f"{PAGE}original/", {}).status_code == writes
