"""Bad input: a sentence at the field, everything typed still there, nothing written."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.models import User
from hotline.models import Call, Report
from tests.console.desk.conftest import wrong
from tickets.models import Category, Question, Ticket

BAD = {
    "no phone": ({"phone": "call me"}, "phone", "This is not a phone number"),
    "too short": ({"phone": "12"}, "phone", "This is not a phone number"),
    "no number, not ticked": ({"phone": ""}, "phone", "Type the caller's number"),
    "no kind": ({"category": ""}, "category", "Choose what kind"),
    "unknown kind": ({"category": "ufo"}, "category", "no such kind"),
    "nul": ({"category": "\x00"}, "category", "no such kind"),
    "no place": ({"address": ""}, "address", "Where is it?"),
    "off the planet": ({"lon": "999", "lat": "43"}, "address", "not on the map"),
    "half a point": ({"lon": "125.4", "lat": ""}, "address", "not on the map"),
    "no point": ({"lon": "NaN", "lat": "inf"}, "address", "not on the map"),
    "long address": ({"address": "x" * 301}, "address", "more than we can keep"),
    "no words": ({"words": "  "}, "words", "Write in a few words"),
    "10 MB": ({"words": "x" * 10_000_000}, "words", "more than we can keep"),
    "long name": ({"name": "x" * 121}, "name", "more than we can keep"),
    "unknown language": ({"language": "tlh"}, "language", "Select a valid choice"),
    "no such ticket": ({"join": "26-0000000-0"}, "join", "no longer open"),
    "nul ticket": ({"join": "\x00"}, "join", "Null characters"),
}


@pytest.mark.parametrize("case", BAD)
def test_it_is_said_at_the_field(desk: Client, typed: Callable[..., Any], case: str) -> None:
    changes, field, sentence = BAD[case]
    page = desk.post("/desk/", typed(**changes))
    assert page.status_code == 422
    assert list(wrong(page)) == [field]
    assert sentence in wrong(page)[field][0]
    assert sentence in page.content.decode().replace("&#x27;", "'")
    assert not (Call.objects.exists() or Report.objects.exists() or Ticket.objects.exists())


def test_nothing_typed_is_lost(desk: Client, typed: Callable[..., Any], wire: Question) -> None:
    half = typed(phone="12", lon="125.4", lat="43.83")
    page = desk.post("/desk/", half | {"q.street-light-out.wire-in-reach": "no"})
    form = page.context["form"]
    assert {name: form[name].value() for name in half} == half
    assert form["q.street-light-out.wire-in-reach"].value() == "no"


def test_a_required_question_is_asked(
    desk: Client, typed: Callable[..., Any], wire: Question
) -> None:
    for answer in ({}, {"q.street-light-out.wire-in-reach": ""}):
        page = desk.post("/desk/", typed(**answer))
        assert wrong(page)["q.street-light-out.wire-in-reach"] == ["Ask the caller this one."]
    page = desk.post("/desk/", typed(**{"q.street-light-out.wire-in-reach": "perhaps"}))
    assert "one of the answers" in wrong(page)["q.street-light-out.wire-in-reach"][0]


def test_a_number_is_a_number(
    desk: Client, typed: Callable[..., Any], lights_out: Category
) -> None:
    Question.objects.create(category=lights_out, code="lamps", text_en="How many?", kind="number")
    page = desk.post("/desk/", typed(**{"q.street-light-out.lamps": "many"}))
    assert wrong(page) == {"q.street-light-out.lamps": ["Please type a number."]}
    desk.post("/desk/", typed(**{"q.street-light-out.lamps": "3"}))
    assert Report.objects.get().answers == {"lamps": 3}


def test_it_speaks_the_operators_language(
    desk: Client, typed: Callable[..., Any], operator: User
) -> None:
    operator.language = "zh-hans"
    operator.save()
    page = desk.post("/desk/", typed(language="tlh"))
    assert "选择" in wrong(page)["language"][0]  # Django's own words; ours are in the catalogue


@pytest.mark.parametrize("name", ["key", "rang_at", "waited"])
def test_what_the_page_itself_fills_in_may_be_broken(
    desk: Client, typed: Callable[..., Any], name: str
) -> None:
    assert desk.post("/desk/", typed(**{name: "a\0b"})).status_code == 422
    assert not Report.objects.exists()


@pytest.mark.parametrize("address", ["caller/", "questions/", "nearby/", "emergency/"])
@pytest.mark.parametrize("case", BAD)
def test_no_panel_breaks(desk: Client, typed: Callable[..., Any], case: str, address: str) -> None:
    changes, _field, _sentence = BAD[case]
    assert desk.post(f"/desk/{address}", typed(**changes, emergency="on")).status_code == 200
    assert desk.post(f"/desk/{address}").status_code == 200
