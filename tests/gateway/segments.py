"""What a text is billed as, written from GSM 03.38 and from nothing else in this house.

The alphabet in the order of its septets, 0x00 to 0x7F; 0x1B leads to the second table.
"""

from collections.abc import Iterable

ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPE = 0x1B
SEPTETS = {sign: (value,) for value, sign in enumerate(ALPHABET) if value != ESCAPE} | {
    sign: (ESCAPE, value)
    for value, sign in {
        0x0A: "\f",
        0x14: "^",
        0x28: "{",
        0x29: "}",
        0x2F: "\\",
        0x3C: "[",
        0x3D: "~",
        0x3E: "]",
        0x40: "|",
        0x65: "€",
    }.items()
}
# An SMS has 140 octets; a concatenated one spends six of them on its header.
OCTETS, HEADER = 140, 6


def count_segments(signs: Iterable[str]) -> int:
    """`signs` are what must not be torn apart: a string's characters, or longer pieces."""
    pieces = [*signs]
    if all(character in SEPTETS for piece in pieces for character in piece):
        coded = [
            [septet for character in piece for septet in SEPTETS[character]] for piece in pieces
        ]
        return pack(coded, whole=OCTETS * 8 // 7, part=(OCTETS - HEADER) * 8 // 7)
    units = [
        [*memoryview(piece.encode("utf-16-be", "surrogatepass")).cast("B")] for piece in pieces
    ]
    return pack(units, whole=OCTETS, part=OCTETS - HEADER)


def pack(pieces: list[list[int]], *, whole: int, part: int) -> int:
    if sum(map(len, pieces)) <= whole:
        return 1
    parts: list[list[int]] = [[]]
    for piece in pieces:
        if len(parts[-1]) + len(piece) > part:
            parts.append([])
        parts[-1] += piece
    return len(parts)
