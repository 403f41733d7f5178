"""What the gateway is and knows: its settings, its texts, its dice, who wants no texts."""

import time
from collections import Counter

from tests.gateway.faults import Dice, Fault
from tests.gateway.settings import Settings
from tests.gateway.texts import Text, Texts

FATES = {
    "undelivered": ("sent", "undelivered"),
    "failed": ("failed",),
    "no_receipt": ("sent",),
}


class State:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget every text, request and throw of the dice; the settings stay."""
        self.texts = Texts()
        self.dice = Dice()
        self.opted_out: set[str] = set()
        self.requests: Counter[str] = Counter()  # by what they asked
        self.struck: Counter[str] = Counter()  # faults, by kind
        self.callbacks: Counter[str] = Counter()  # by the status that answered, or what went wrong

    def refuses(self, to: str) -> str:
        """Empty, or why this number gets no texts."""
        if to in self.opted_out:
            return "opted_out"
        fault = self.draw(["reject"], to, f"reject {self.texts.next_number(to)}")
        return (fault.code or "invalid_number") if fault else ""

    def accept(self, text: Text) -> Text:
        if fault := self.draw_for_text(text, *FATES):
            text.fate, text.error = FATES[fault.kind], fault.code
        text.listed = not self.draw_for_text(text, "unlisted")
        first = time.time() + self.settings.latency_ms / 1000 + self.settings.sent_after
        text.due = tuple(
            first + step * self.settings.delivered_after for step in range(len(text.fate))
        )
        self.texts.add(text)
        return text

    def draw_for_text(self, text: Text, *kinds: str, status: str = "") -> Fault | None:
        return self.draw(kinds, text.to, f"text {text.number} {status}")

    def draw_for_request(self, to: str, on: str) -> Fault | None:
        settings = self.settings
        return self._note(self.dice.draw_for_request(settings.faults, settings.seed, to, on))

    def draw(self, kinds: "list[str] | tuple[str, ...]", to: str, occasion: str) -> Fault | None:
        settings = self.settings
        return self._note(self.dice.draw(settings.faults, kinds, settings.seed, to, occasion))

    def _note(self, fault: Fault | None) -> Fault | None:
        if fault:
            self.struck[fault.kind] += 1
        return fault
