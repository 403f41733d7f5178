"""How many texts a text is: one case of every class of the standard."""

import random
import unicodedata

import pytest

from notifications.segments import count_segments, normalise
from tests.gateway.segments import count_segments as bill

FAMILY = "👨\u200d👩\u200d👧\u200d👦"  # eleven UTF-16 units
FLAG = "🇨🇳"  # four

CASES: list[tuple[str, str, int]] = [
    ("nothing", "", 0),
    ("one letter", "a", 1),
    ("full", "a" * 160, 1),
    ("one too many", "a" * 161, 2),
    ("two full parts", "a" * 306, 2),
    ("three parts", "a" * 307, 3),
    ("euro fits as two", "a" * 158 + "€", 1),
    ("euro does not fit", "a" * 159 + "€", 2),
    ("eighty euros", "€" * 80, 1),
    ("eighty-one euros", "€" * 81, 2),
    ("no euro is split: 76 to a part", "€" * 153, 3),
    ("every extension", "^{}\\[~]|€\f", 1),
    ("Greek and umlauts are GSM", "ΔΦΓΛΩΠΨΣΘΞ ÄÖÑÜ äöñüà Çèéùìò" + "a" * 132, 1),
    ("small cedilla is not", "ç" + "a" * 70, 2),
    ("backtick is not", "`" + "a" * 69, 1),
    ("backtick and seventy", "`" + "a" * 70, 2),
    ("tab is not", "\t" + "a" * 70, 2),
    ("no-break space is not", "\u00a0" + "a" * 70, 2),
    ("Cyrillic A is not a Latin one", "А" + "a" * 70, 2),
    ("seventy characters", "您" * 70, 1),
    ("seventy-one", "您" * 71, 2),
    ("two parts of sixty-seven", "您" * 134, 2),
    ("one more", "您" * 135, 3),
    ("thirty-five faces", "😀" * 35, 1),
    ("thirty-six faces", "😀" * 36, 2),
    ("no face is split: 33 to a part", "😀" * 67, 3),
    ("a rare character takes two", "𠮷" * 35, 1),
    ("two rare parts", "𠮷" * 36, 2),
    ("a line feed is one", "a" * 159 + "\n", 1),
    ("CR and LF are two", "a" * 158 + "\r\n", 1),
    ("a family at the seam", "您" * 61 + FAMILY + "您" * 50, 2),
    ("no family is torn apart", "您" * 61 + FAMILY + "您" * 62, 3),
    ("a family does not fit behind sixty-four", "您" * 64 + FAMILY, 2),
    ("seven families", FAMILY * 7, 2),
    ("seventeen flags", FLAG * 17 + "aa", 1),
    ("eighteen flags", FLAG * 18, 2),
    ("no flag is torn apart: 16 to a part", FLAG * 33, 3),
    ("a face at the seam", "您" * 66 + "😀" + "您" * 10, 2),
    ("two parts of faces", "😀" * 66, 2),
    ("a face too many", "您" * 69 + "😀", 2),
    ("three parts of sixty-seven", "您" * 201, 3),
    ("one more than three", "您" * 202, 4),
    ("three full parts", "a" * 459, 3),
    ("four parts", "a" * 460, 4),
    ("no euro is torn apart", "a" * 152 + "€" + "a" * 10, 2),
    ("a large cedilla is GSM", "Ç" * 160, 1),
    ("eighty lines of CR and LF", "\r\n" * 80, 1),
    ("and a letter", "\r\n" * 80 + "a", 2),
    ("an escape is not", "\x1b" + "a" * 70, 2),
    ("NUL is not", "\0" + "a" * 70, 2),
    ("half a character", "\ud83d" + "a" * 69, 1),
    ("a ticket in Chinese", "【市政热线】您的投诉#26-0004217-3已处理，回复1满意，回复2不满意。", 1),
]

# What must not be torn apart, as it is: nobody has to find its borders.
PLAIN = ["a", "Z", "7", " ", "\n", "@", "Ä", "é", "Ω", "ß"]
ESCAPED = ["€", "^", "{", "~", "\\", "\f"]
WIDE = ["您", "灯", "。", "ç", "’", "\u00a0", "А", "\u200f", "ع", "\t", "𠮷", "😀"]
COMPOSED = [
    FAMILY,
    FLAG,
    "e\u0301",
    "👍🏽",
    "❤\ufe0f",
    "🏳\ufe0f\u200d🌈",
    "1\ufe0f\u20e3",
    "กี",
    "नि",
]
MIXTURES = [PLAIN, PLAIN * 9 + ESCAPED, WIDE, WIDE * 5 + COMPOSED, COMPOSED, PLAIN * 5 + COMPOSED]


@pytest.mark.parametrize(("text", "segments"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_text_is_counted_as_it_is_billed(text: str, segments: int) -> None:
    assert count_segments(text) == segments


@pytest.mark.parametrize("seed", range(300))
def test_an_independent_count_says_the_same(seed: int) -> None:
    """The other one codes every septet, and is told what belongs together."""
    dice = random.Random(seed)
    pieces = dice.choices(MIXTURES[seed % len(MIXTURES)], k=dice.randint(1, 500))
    assert count_segments("".join(pieces)) == bill(pieces)


def test_a_decomposed_letter_is_composed_first() -> None:
    loose = unicodedata.normalize("NFD", "é" * 160)
    assert count_segments(loose) > 1
    assert count_segments(normalise(loose)) == 1


def test_line_ends_become_one_sign_and_edges_go() -> None:
    assert normalise("\r\n one\r\ntwo \n") == "one\ntwo"


def test_curly_signs_become_plain_where_that_saves_half_the_room() -> None:
    assert normalise("“It’s dark…” – again") == '"It\'s dark..." - again'


def test_chinese_keeps_its_own_signs() -> None:
    assert normalise("您反映的“路灯”…") == "您反映的“路灯”…"
