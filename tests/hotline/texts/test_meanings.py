"""What a text means, by the whole message: the table."""

import pytest

from common.numbers import ticket_number
from hotline.meanings import KNOWN, Meaning, Sort, known_to_gateway, read

NUMBER = ticket_number(2026, 4217)
DIGITS = NUMBER.replace("-", "")
WRONG = DIGITS[:-1] + str((int(DIGITS[-1]) + 1) % 10)


@pytest.mark.parametrize("spelling", KNOWN)
def test_every_spelling_is_understood_however_it_is_written(spelling: str) -> None:
    for body in (
        spelling,
        spelling.upper(),
        f"  “{spelling}”。\r\n",
        f"{spelling}!!",
        f"{spelling}~",
    ):
        assert read(body).sort == KNOWN[spelling], body


@pytest.mark.parametrize(
    ("body", "digit"),
    [
        ("1", 1),
        ("2", 2),
        ("３", 3),
        ("(4)", 4),
        ("5!", 5),
        ("1️⃣", 1),
        ("٢", 2),
        ("\u202e2\u202c", 2),
    ],
)
def test_digits(body: str, digit: int) -> None:
    assert read(body) == Meaning(Sort.DIGIT, digit=digit)


@pytest.mark.parametrize(
    ("body", "fixed"),
    [
        ("1", True),
        ("Yes.", True),
        ("是的！", True),
        ("👍🏽", True),
        ("好了👍", True),
        ("it’s fixed", True),
    ]
    + [("2", False), ("NO!", False), ("否", False), ("没有。", False), ("没修好", False)]
    + [("3", None), ("thanks", None), ("status", None)],
)
def test_verdicts(body: str, fixed: bool | None) -> None:
    assert read(body).fixed is fixed


@pytest.mark.parametrize(
    "body", ["STOP", "stop.", "“Stop”", "退订", "退訂", "停止！", "ＴＤ", "td", "End"]
)
def test_who_wants_no_texts(body: str) -> None:
    assert read(body).sort == Sort.STOP


@pytest.mark.parametrize(
    "body",
    ["stop sign is broken", "The stop light, stop", "end of the road is dark", "cancel my report"]
    + [
        "停止线看不清",
        "退订不了",
        "help me, the lamp fell",
        "no light",
        "no 2",
        "2 still dark",
        "6",
        "0",
    ]
    + ["12", "1 1", "fixed?", "好了？", "1?", "还没有修好，太慢了", "+1 415 555 0123", "4155550123"]
    + ["13800000000", "http://example.org/2", "🚧", "²", "½"],
)
def test_words_are_words(body: str) -> None:
    expected = Sort.DIGIT if body == "²" else Sort.WORDS  # a small 2 is a 2
    assert read(body).sort == expected


@pytest.mark.parametrize(
    "body",
    [NUMBER, DIGITS, " ".join(DIGITS), NUMBER.replace("-", " "), NUMBER.replace("-", "－")]
    + [NUMBER.replace("-", "‑"), NUMBER.replace("-", "\u2212"), NUMBER.replace("-", "–")]
    + ["".join(chr(0xFF10 + int(d)) for d in DIGITS), f"#{NUMBER}", f"“{NUMBER}”?", f"{NUMBER}。"]
    + [
        f"status {NUMBER}",
        f"Status: {NUMBER}",
        f"单号：{NUMBER}",
        f"查询进度 {NUMBER}",
        f"№ {NUMBER}",
    ],
)
def test_a_ticket_number_in_any_spelling(body: str) -> None:
    assert read(body) == Meaning(Sort.NUMBER, number=NUMBER)


@pytest.mark.parametrize("body", [WRONG, DIGITS[:-1], DIGITS + "3", f"status {WRONG}"])
def test_a_misread_number_is_nobodys(body: str) -> None:
    assert read(body) == Meaning(Sort.MISREAD)


@pytest.mark.parametrize("body", ["", "  \r\n\t", "\u200b\u200f", "\ufeff", "\u3000"])
def test_blank(body: str) -> None:
    assert read(body).sort == Sort.BLANK


@pytest.mark.parametrize("body", ["STATUS", "Status?", "状态", "進度", "查询进度？"])
def test_status(body: str) -> None:
    assert read(body).sort == Sort.STATUS


@pytest.mark.parametrize(
    "body", ["a" * 1600, "😀" * 400, "\u202e" * 1600, "\x00\x01\x02", "2" * 1600]
)
def test_nasty_bodies_mean_something(body: str) -> None:
    assert read(body).sort in {Sort.WORDS, Sort.BLANK}


def test_the_gateway_obeys_the_english_words_itself() -> None:
    assert known_to_gateway("STOP") and known_to_gateway(" Start. ")
    assert (
        not known_to_gateway("退订") and not known_to_gateway("恢复") and not known_to_gateway("td")
    )
