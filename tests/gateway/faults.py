"""What goes wrong, how often and for whom. The same seed throws the same dice."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any

# To a request. At most one of these happens to it.
REQUEST = {
    "too_many": "429 with Retry-After (seconds), not accepted",
    "error_before": "an error (status, else 500), not accepted",
    "error_after": "the same, but accepted",
    "hang_before": "waits (seconds, else until the client goes), then goes on; accepted only then",
    "hang_after": "accepted, waits, then answers",
    "late": "no answer, and accepted after so many seconds, whether or not the client is there",
    "close_before": "closed without an answer, not accepted",
    "close_after": "accepted, then closed without an answer",
    "reset_after": "accepted, then a TCP reset",
    "truncated": "accepted, half of the answer, then closed",
    "refuse": "answered, but for some seconds afterwards connections are refused",
}
# To a new text. `code` is the name or the Twilio number of the reason.
TEXT = {
    "reject": "not accepted, with an error of the API",
    "undelivered": "sent, then undelivered",
    "failed": "fails without being sent",
    "no_receipt": "stays sent for ever",
    "unlisted": "never appears in a list",
}
# To the status callbacks of a text, or to one of them.
CALLBACK = {
    "callback_early": "all of them before the text is answered for",
    "callback_reordered": "the last one first",
    "callback_lost": "this one is never made",
    "callback_doubled": "this one is made twice",
    "callback_late": "this one comes some seconds later",
}
KINDS = {**REQUEST, **TEXT, **CALLBACK}


@dataclass
class Fault:
    kind: str
    rate: float = 1
    count: int | None = None  # only the next so many
    to: str = ""  # a pattern of the recipient
    on: str = "create"  # or list, get, any: the requests it can happen to
    seconds: float | None = None
    status: int | None = None
    code: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is none of {', '.join(KINDS)}")
        self.code = str(self.code)
        self.matches = re.compile(self.to).search

    def lasting(self, usual: float) -> float:
        return usual if self.seconds is None else self.seconds


def read_faults(given: Any) -> list[Fault]:
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise ValueError("faults is a list of objects")
    known = {each.name for each in fields(Fault)}
    for each in given:
        if "kind" not in each or not each.keys() <= known:
            raise ValueError(f"A fault has a kind and at most {', '.join(sorted(known))}")
    try:
        return [Fault(**each) for each in given]
    except (TypeError, re.error) as error:
        raise ValueError(str(error)) from error


class Dice:
    """Chance that does not depend on the order in which concurrent requests come in.

    A throw depends on the seed, the fault, the recipient and the occasion: "the second text to
    this number" meets the same fate in every run.
    """

    def __init__(self) -> None:
        self._turns: Counter[tuple[str, str]] = Counter()

    def draw(
        self, faults: list[Fault], kinds: Iterable[str], seed: int, to: str, occasion: str
    ) -> Fault | None:
        """The first fault that strikes; only then is its count used up."""
        for place, fault in enumerate(faults):
            if fault.kind not in kinds or fault.count == 0 or not fault.matches(to):
                continue
            if fault.rate < 1 and chance(f"{seed} {place} {to} {occasion}") >= fault.rate:
                continue
            fault.count = None if fault.count is None else fault.count - 1
            return fault
        return None

    def draw_for_request(self, faults: list[Fault], seed: int, to: str, on: str) -> Fault | None:
        kinds = {f.kind for f in faults if f.kind in REQUEST and f.on in (on, "any")}
        if not kinds:
            return None
        self._turns[on, to] += 1
        return self.draw(faults, kinds, seed, to, f"{on} {self._turns[on, to]}")


def chance(occasion: str) -> float:
    """Between 0 and 1, as random as a hash is."""
    return (
        int.from_bytes(blake2b(occasion.encode(errors="replace"), digest_size=7).digest(), "big")
        / 2**56
    )
