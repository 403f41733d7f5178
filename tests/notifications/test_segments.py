"""How many texts a text is: one case of every class of the standard."""

import unicodedata

import pytest

from notifications.segments import count_segments, normalise

FAMILY = "👨\u200d👩\u200d👧\u200d👦"  # eleven UTF-16 units

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
]


@pytest.mark.parametrize(("text", "segments"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_text_is_counted_as_it_is_billed(text: str, segments: int) -> None:
    assert count_segments(text) == segments


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
