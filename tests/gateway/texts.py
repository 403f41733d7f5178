"""Every text that was accepted, by both gateways."""

import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(slots=True)
class Text:
    gateway: str  # twilio or json
    to: str
    sender: str  # a number, or the sid of a Messaging Service
    body: str
    callback: str
    token: str  # the sender's own
    valid_for: int | None
    number: int  # the first, second, ... to this recipient
    sid: str = ""
    accepted_at: float = field(default_factory=time.time)
    listed: bool = True
    fate: tuple[str, ...] = ("sent", "delivered")
    error: str = ""  # of the last step of its fate
    due: tuple[float, ...] = ()  # when each step of its fate is reached
    requests: int = 1

    def status(self, now: float) -> str:
        """Empty before its first step."""
        reached = sum(due <= now for due in self.due)
        return self.fate[reached - 1] if reached else ""

    def error_of(self, status: str) -> str:
        return self.error if status == self.fate[-1] else ""

    def describe(self) -> dict[str, Any]:
        status = self.status(time.time())
        return {
            "sid": self.sid,
            "gateway": self.gateway,
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "token": self.token,
            "callback": self.callback,
            "valid_for": self.valid_for,
            "accepted_at": self.accepted_at,
            "status": status or "accepted",
            "error": self.error_of(status),
            "requests": self.requests,
        }


class Texts:
    def __init__(self) -> None:
        self._by_sid: dict[str, Text] = {}
        self._by_recipient: defaultdict[str, list[Text]] = defaultdict(list)
        self._by_reference: dict[str, Text] = {}
        self.callbacks_pending = 0

    def add(self, text: Text) -> None:
        text.sid = ("SM" if text.gateway == "twilio" else "") + uuid.uuid4().hex
        self._by_sid[text.sid] = text
        self._by_recipient[text.to].append(text)
        if text.gateway == "json":
            self._by_reference[text.token] = text

    def next_number(self, to: str) -> int:
        return len(self._by_recipient.get(to, ())) + 1

    def get(self, sid: str) -> Text | None:
        return self._by_sid.get(sid)

    def with_reference(self, reference: str) -> Text | None:
        return self._by_reference.get(reference)

    def newest_first(self, to: str) -> Iterator[Text]:
        return reversed(self._by_recipient.get(to, []) if to else [*self._by_sid.values()])

    def of(self, to: str) -> Iterator[Text]:
        """The oldest first; of everybody where `to` is empty."""
        return iter([*self._by_recipient.get(to, [])] if to else [*self._by_sid.values()])

    def count(self) -> dict[str, Any]:
        said = Counter((text.to, text.body) for text in self._by_sid.values())
        again = [(to, body, times) for (to, body), times in said.items() if times > 1]
        return {
            "accepted": len(self._by_sid),
            "callbacks_pending": self.callbacks_pending,
            "tokens": len({text.token for text in self._by_sid.values()} - {""}),
            "doubled": len(self._by_sid) - len(said),
            "doubles": [{"to": to, "body": body, "times": n} for to, body, n in again[:20]],
        }


def token_of(callback: str) -> str:
    """The last part of its path."""
    return urlsplit(callback).path.rstrip("/").rpartition("/")[2]
