"""How many segments a text is billed and sent as (GSM 03.38; UCS-2 for everything else)."""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")  # two septets each

JOINER = "\u200d"  # makes one sign of two, as in a family
JOINERS = frozenset({JOINER, "\u200c"})
SKINS = frozenset("🏻🏼🏽🏾🏿")
FLAG_HALVES = frozenset(map(chr, range(ord("🇦"), ord("🇿") + 1)))

# What word processors make of plain signs; one of them would halve the room of an English text.
PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


def normalise(text: str) -> str:
    """NFC, single line feeds, and plain signs where that keeps a text out of UCS-2."""
    clean = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    plain = clean.translate(PLAIN)
    return plain if is_gsm(plain) else clean


def count_segments(text: str) -> int:
    """Segments of a normalised text; what is read as one sign is never split between two."""
    if is_gsm(text):
        return _fill([2 if c in EXTENDED else 1 for c in text], single=160, part=153)
    return _fill([sum(map(_units, sign)) for sign in _signs(text)], single=70, part=67)


def _units(character: str) -> int:
    return 2 if character > "\uffff" else 1


def _signs(text: str) -> list[str]:
    """Letters with their accents, families, flags: the rules of UAX #29 that texts meet."""
    signs: list[str] = []
    for character in text:
        if signs and _continues(signs[-1], character):
            signs[-1] += character
        else:
            signs.append(character)
    return signs


def _continues(sign: str, character: str) -> bool:
    if character.isascii():
        return False
    kind, last = unicodedata.category(character), sign[-1]
    if character in JOINERS or character in SKINS or kind.startswith("M"):
        return last in JOINERS or not unicodedata.category(last).startswith("C")
    if last == JOINER:
        return kind == unicodedata.category(sign[0]) == "So"  # both are pictures
    return len(sign) == 1 and {sign, character} <= FLAG_HALVES


def is_gsm(text: str) -> bool:
    """Whether GSM 03.38 has all its signs; else a segment holds less than half as many."""
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
