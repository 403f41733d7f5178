"""Names in both languages: the one in force, and the other where that one is empty."""

import pytest
from django.utils.translation import override

from common.bilingual import pick
from common.models import User
from tickets.models import Category, Question


@pytest.mark.parametrize(
    ("language", "en", "zh", "picked"),
    [
        ("en", "Lamp", "路灯", "Lamp"),
        ("zh-hans", "Lamp", "路灯", "路灯"),
        ("zh-hans", "Lamp", "", "Lamp"),
        ("en", "", "路灯", "路灯"),
    ],
)
def test_the_name_of_the_language_in_force(language: str, en: str, zh: str, picked: str) -> None:
    with override(language):
        assert pick(en, zh) == picked
        assert str(Category(name_en=en, name_zh=zh)) == picked


def test_without_any_language_it_is_english() -> None:
    with override(None):
        assert pick("Lamp", "路灯") == "Lamp"


def test_questions_and_their_choices_speak_it_too() -> None:
    options = [{"code": "one", "en": "One lamp", "zh": "一盏"}]
    many = Question(text_en="How many?", text_zh="几盏？", kind="choice", options=options)
    danger = Question(text_en="Any danger?", kind="yes_no")
    with override("zh-hans"):
        assert str(many) == "几盏？"
        assert many.choices() == [("one", "一盏")]
        assert str(danger) == "Any danger?"
    with override("en"):
        assert danger.choices() == [("yes", "Yes"), ("no", "No")]


def test_a_user_is_called_by_their_name_where_there_is_one() -> None:
    assert str(User(username="li", first_name="Wei", last_name="Li")) == "Wei Li"
    assert str(User(username="li")) == "li"
