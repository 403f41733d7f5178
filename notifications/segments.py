"""How many segments a text is billed and sent as (GSM 03.38; UCS-2 for everything else)."""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")  # two septets each


def normalise(text: str) -> str:
    """NFC and single line feeds: a decomposed é alone would turn a text into UCS-2."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def count_segments(text: str) -> int:
    """Segments of a normalised text; a character is never split between two of them."""
    if all(c in BASIC or c in EXTENDED for c in text):
        return _fill([2 if c in EXTENDED else 1 for c in text], single=160, part=153)
    return _fill([len(c.encode("utf-16-be")) // 2 for c in text], single=70, part=67)


def _fill(widths: list[int], *, single: int, part: int) -> int:
    if sum(widths) <= single:
        return 1 if widths else 0
    segments, room = 1, part
    for width in widths:
        if width > room:
            segments, room = segments + 1, part
        room -= width
    return segments
