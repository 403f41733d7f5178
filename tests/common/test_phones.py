"""A phone number as people type it; what cannot be rung or texted is refused."""

import pytest
from pytest_django import Settings

from common.phones import NotAPhoneNumber, hash_phone, is_landline, parse_phone, show_phone

AMERICAN, CHINESE = "+14155550101", "+8613800000000"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+1 415 555 0101", AMERICAN),
        ("+1 (415) 555-0101", AMERICAN),
        ("  +1.415.555.0101 ", AMERICAN),
        ("＋１ ４１５ ５５５ ０１０１", AMERICAN),
        ("+1 415 555 0101\u202c", AMERICAN),
        ("138 0000 0000", CHINESE),
        ("１３８００００００００", CHINESE),
        ("+86 138-0000-0000", CHINESE),
        ("0086 138 0000 0000", CHINESE),
    ],
)
def test_it_is_read_however_it_is_typed(typed: str, number: str) -> None:
    assert parse_phone(typed) == number


def test_the_town_decides_what_a_number_without_a_country_means(settings: Settings) -> None:
    settings.HOTLINE_PHONE_REGION = "US"
    assert parse_phone("(415) 555-0101") == AMERICAN


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "12345",
        "911",
        "95588",
        "+86 12345",
        "call me at +1 415 555 0101",
        "+1 415 555 0101 ext 12",
        "+1 415 555 0101 x12",
        "+1 415 555 0101;ext=12",
        "+1 415 555 0101#12",
        "+1 415 555 010",
        "+1 415 555 01011",
        "+999 415 555 0101",
        "1" * 50,
        "电话 138 0000 0000",
    ],
)
def test_what_cannot_be_rung_is_refused(typed: str) -> None:
    with pytest.raises(NotAPhoneNumber):
        parse_phone(typed)


def test_it_is_shown_in_groups_and_what_is_odd_as_it_is() -> None:
    assert show_phone(CHINESE) == "+86 138 0000 0000"
    assert show_phone(AMERICAN) == "+1 415-555-0101"
    assert show_phone("hidden") == "hidden"


def test_a_number_is_recognised_after_its_owner_was_erased_by_us_alone(settings: Settings) -> None:
    known = hash_phone(AMERICAN)
    assert known == hash_phone(AMERICAN) != hash_phone(CHINESE)
    assert len(known) == 64
    settings.HOTLINE_HASH_KEY = "another town"
    assert hash_phone(AMERICAN) != known


@pytest.mark.parametrize(
    ("number", "silent"),
    [
        ("+8613800000000", False),
        ("+861000000000", True),  # the shape of a landline, and nobody's
        ("+14155550123", False),  # that country's plan does not say
        ("nonsense", False),
    ],
)
def test_some_numbers_get_no_texts(number: str, silent: bool) -> None:
    assert is_landline(number) is silent
