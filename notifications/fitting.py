"""A text is made to fit its segments: what varies gives way, in an order; the rest is never cut."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from notifications.segments import JOINERS, SKINS, count_segments, normalise

MOST = 2  # segments
LEAST = 4  # characters: less of a fact tells nothing, and is left out
BARE = " ,.;:，。；：、"  # what an ellipsis does not follow

Facts = Mapping[str, Any]


def fit(
    render: Callable[[Facts], str], facts: Facts, shrinks: Sequence[str], *, most: int = MOST
) -> str:
    """The text with as much of the facts in `shrinks` as its segments hold.

    One foreign character makes an English text twice as wide: what brought it may have to go. A
    text whose other words alone are too long stays so.
    """
    body = render(facts)
    for name in shrinks:
        if fits(body, most):
            return body
        if facts.get(name):
            facts = {**facts, name: _longest(render, facts, name, most)}
            body = render(facts)
    return body


def fits(body: str, most: int = MOST) -> bool:
    return count_segments(normalise(body)) <= most


def clean(fact: str) -> str:
    """One line, without the invisible signs that turn letters around."""
    words = " ".join(unicodedata.normalize("NFC", fact).split())
    return "".join(c for c in words if c in JOINERS or unicodedata.category(c) not in ("Cc", "Cf"))


def cut(text: str, length: int) -> str:
    """The beginning of a text and an ellipsis; no letter loses its accent, no family a child."""
    while 0 < length < len(text) and _belongs(text[length - 1], text[length]):
        length -= 1
    return text[:length].rstrip(BARE) + "…"


def _longest(render: Callable[[Facts], str], facts: Facts, name: str, most: int) -> str:
    """As much of one fact as fits, found by halving: a longer one is never narrower."""
    whole = str(facts[name])
    fitting, best = "", LEAST - 1
    too_long = len(whole)
    while too_long - best > 1:
        length = (best + too_long) // 2
        shorter = cut(whole, length)
        if fits(render({**facts, name: shorter}), most):
            fitting, best = shorter, length
        else:
            too_long = length
    return fitting


def _belongs(before: str, character: str) -> bool:
    joined = before in JOINERS or character in JOINERS or character in SKINS
    return joined or unicodedata.category(character).startswith("M")
