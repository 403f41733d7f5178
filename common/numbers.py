"""Numbers a person can say over the phone, and tokens nobody can guess."""

import secrets

# Damm's quasigroup of order 10 (H. M. Damm, 2004): catches every single wrong digit and every
# swap of two neighbours, the two mistakes people make when they read a number aloud.
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
TOKEN_LENGTH = 11  # 58**11 > 2**64


class Misread(ValueError):
    """A number that nobody was given: a digit is wrong, missing or too many."""


def ticket_number(year: int, serial: int) -> str:
    """`26-0004217-3`: two digits of the year, seven of the serial, one check digit."""
    body = f"{year % 100:02d}{serial % 10**7:07d}"
    return f"{body[:2]}-{body[2:]}-{_check_digit(body)}"


def read_ticket_number(said: str) -> str:
    """The canonical form of a number as typed or said; raises Misread if no such number exists."""
    digits = "".join(str(int(c)) for c in said if c.isdecimal())
    others = [c for c in said if not c.isdecimal() and c not in "- –—·./#\t"]
    if others or len(digits) != 10 or _check_digit(digits[:9]) != digits[9]:
        raise Misread(said)
    return f"{digits[:2]}-{digits[2:9]}-{digits[9]}"


def make_token() -> str:
    """Random base58 for links: unguessable, and never a sibling of another one."""
    return "".join(secrets.choice(BASE58) for _ in range(TOKEN_LENGTH))


def _check_digit(digits: str) -> str:
    interim = 0
    for digit in digits:
        interim = DAMM[interim][int(digit)]
    return str(interim)
