"""Whatever people write, in whatever script: two segments, and nothing that matters is cut."""

import random
from typing import Any

import pytest

from notifications.fitting import clean, cut, fit, fits
from notifications.kinds import KINDS
from notifications.segments import count_segments, normalise
from notifications.templating import file_template, render

LINK = "https://hotline.the-city-with-the-very-long-name.example.gov/t/7QkZ4mWx9Rb/"
NUMBER = "26-0004217-3"
FAMILY, WAVE = "👨\u200d👩\u200d👧\u200d👦", "👋🏽"
SCRIPTS = [
    "Chuangye Avenue / Shenma Avenue, east gate of building 12, ",
    "高新技术产业开发区创业大街与神马大街交叉口",
    "Straße, Çeşme, Łódź, ",
    "улица Ленина, ",
    "شارع الملك ",
    "^{}[]~|€\\",
    "😀🚧",
    FAMILY + WAVE + "🇨🇳",
    "e\u0301\u0302\u0303 ",
    "\u202e\u2066abc\u2069\u200f",
    "𠮷野家",
    "line\r\nbreak\ttab\u00a0",
]


def say(kind: str, language: str, **facts: Any) -> str:
    template = file_template(kind, language)
    tidy = {name: clean(f) if isinstance(f, str) else f for name, f in facts.items()}
    return fit(lambda given: render(template, given), tidy, KINDS[kind].shrinks).strip()


def nasty(dice: random.Random) -> str:
    parts = dice.choices(SCRIPTS, k=dice.randint(0, 6))
    return "".join(part * dice.randint(1, 8) for part in parts)[: dice.choice((0, 5, 40, 300, 900))]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", KINDS)
def test_it_always_fits_and_keeps_what_matters(kind: str, language: str) -> None:
    dice = random.Random(f"{kind} {language}")
    for _ in range(150):
        facts = {
            "category": nasty(dice) or "x",
            "address": nasty(dice),
            "reason": nasty(dice),
            "reply": dice.random() < 0.7,
            "link": LINK if dice.random() < 0.7 else "",
        }
        body = say(kind, language, number=NUMBER, into="26-0003911-8", job="Repair", **facts)
        assert count_segments(normalise(body)) <= 2, (facts, body)
        wanted = [part for part in (NUMBER, facts["link"]) if part in (NUMBER, LINK)]
        assert all(part in body for part in wanted if part == NUMBER or "link" in KINDS[kind].facts)
        if kind == "resolved" and facts["reply"]:
            assert "1" in body.replace(NUMBER, "") and "2" in body.replace(NUMBER, "")
        assert "\u202e" not in body


def test_what_fits_is_left_alone() -> None:
    body = say("received", "en", number=NUMBER, category="Pothole", address="1 Main St", link=LINK)
    assert "Pothole, 1 Main St." in body
    assert "…" not in body


def test_the_address_gives_way_first_then_the_category() -> None:
    facts = {"number": NUMBER, "link": LINK, "category": "Pothole"}
    body = say("received", "en", address="Main Street " * 40, **facts)
    assert "Pothole, Main Street" in body
    body = say("received", "en", address="Main Street", **(facts | {"category": "Hole " * 90}))
    assert "Main Street" not in body
    assert "Hole Hole" in body


def test_a_crew_finds_the_place_whatever_it_is_about() -> None:
    body = say(
        "crew_order",
        "zh-hans",
        number=NUMBER,
        job="处置",
        category="灯" * 120,
        address="创业大街1号",
    )
    assert "创业大街1号" in body


def test_one_chinese_address_does_not_make_an_english_text_too_long() -> None:
    facts = {"number": NUMBER, "category": "Street light out"}
    short = "http://localhost:8000/t/7QkZ4mWx9Rb/"
    body = say("received", "en", address="创业大街与神马大街交叉口", link=short, **facts)
    assert fits(body)
    assert "创业大街" in body
    body = say("received", "en", address="创业大街" * 20, link=LINK, **facts)
    assert fits(body)
    assert "Street light out." in body  # no room for both in a foreign script


def test_as_much_is_kept_as_there_is_room_for() -> None:
    facts = {"number": NUMBER, "link": LINK}
    body = say("rejected", "zh-hans", reason="该路灯属于铁路公司管理，" * 20, **facts)
    units = len(body.encode("utf-16-be")) // 2
    assert 130 <= units <= 134


def test_no_letter_loses_its_accent_and_no_family_a_child() -> None:
    assert cut("ab" + FAMILY + "cd", 4) == "ab…"
    assert cut("ab" + WAVE, 3) == "ab…"
    assert cut("abx\u0302\u0303yz", 4) == "ab…"
    assert cut("One, two", 5) == "One…"


def test_a_scrap_of_a_fact_is_left_out() -> None:
    body = fit(lambda f: "x" * 300 + f["address"], {"address": "Main Street 12"}, ("address",))
    assert body == "x" * 300
    body = fit(lambda f: "x" * 299 + f["address"], {"address": "Main Street 12"}, ("address",))
    assert body == "x" * 299 + "Main…"


def test_words_that_are_too_long_by_themselves_stay() -> None:
    assert fit(lambda f: "x" * 400 + f["address"], {"address": "Main"}, ("address",)) == "x" * 400
