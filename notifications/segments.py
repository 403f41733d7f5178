"""How many segments a text is billed and sent as (GSM 03.38; UCS-2 for everything else)."""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")  # two septets each


# What word processors make of plain signs; one of them would halve the room of an English text.
PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


def normalise(text: str) -> str:
    """NFC, single line feeds, and plain signs where that keeps a text out of UCS-2."""
    clean = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    plain = clean.translate(PLAIN)
    return plain if _is_gsm(plain) else clean


def count_segments(text: str) -> int:
    """Segments of a normalised text; a character is never split between two of them."""
    if _is_gsm(text):
        return _fill([2 if c in EXTENDED else 1 for c in text], single=160, part=153)
    return _fill([len(c.encode("utf-16-be")) // 2 for c in text], single=70, part=67)


def _is_gsm(text: str) -> bool:
    return all(c in BASIC or c in EXTENDED for c in text)


def _fill(widths: list[int], *, single: int, part: int) -> int:
    if sum(widths) <= single:
        return 1 if widths else 0
    segments, room = 1, part
    for width in widths:
        if width > room:
            segments, room = segments + 1, part
        room -= width
    return segments
