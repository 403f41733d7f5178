"""A number that can be said over the phone: one slip of the tongue finds nobody else's ticket."""

import re

import pytest

from common.numbers import BASE58, Misread, make_token, read_ticket_number, ticket_number

SOME = [ticket_number(2026, serial) for serial in (1, 4217, 1234567, 9999999, 9090909)]


def digits(number: str) -> str:
    return number.replace("-", "")


@pytest.mark.parametrize("number", SOME)
def test_a_number_comes_back_as_it_was_given(number: str) -> None:
    assert re.fullmatch(r"26-\d{7}-\d", number)
    assert read_ticket_number(number) == number
    assert read_ticket_number(digits(number)) == number


@pytest.mark.parametrize("number", SOME)
def test_every_single_wrong_digit_is_noticed(number: str) -> None:
    right = digits(number)
    for place, digit in enumerate(right):
        for wrong in set("0123456789") - {digit}:
            with pytest.raises(Misread):
                read_ticket_number(right[:place] + wrong + right[place + 1 :])


@pytest.mark.parametrize("number", SOME)
def test_every_swap_of_two_neighbours_is_noticed(number: str) -> None:
    right = digits(number)
    for place in range(len(right) - 1):
        first, second = right[place], right[place + 1]
        if first != second:
            with pytest.raises(Misread):
                read_ticket_number(right[:place] + second + first + right[place + 2 :])


@pytest.mark.parametrize(
    "said", ["26 0004217 {}", "26.0004217.{}", "#26-0004217-{}", "２６－", "26–0004217–{}"]
)
def test_it_is_read_however_it_is_written(said: str) -> None:
    right = ticket_number(2026, 4217)
    wide = right.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert read_ticket_number(said.format(right[-1]) if "{" in said else wide) == right


@pytest.mark.parametrize("said", ["", "26-0004217", "26-00042170-33", "26-000421O-3", "abc", "²6"])
def test_what_is_no_number_is_misread(said: str) -> None:
    with pytest.raises(Misread):
        read_ticket_number(said)


def test_years_and_serials_wrap_instead_of_growing() -> None:
    assert ticket_number(2126, 10**7 + 1) == ticket_number(2026, 1)


def test_tokens_are_long_random_and_easy_to_read() -> None:
    tokens = {make_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) == 11 and set(token) <= set(BASE58) for token in tokens)
    assert not set("0OIl") & set(BASE58)
