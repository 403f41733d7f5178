"""How a text leaves the house: one file per gateway, three questions, one error.

`notifications/gateways/routes.py` says which gateway a number or address belongs to.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """What a gateway's refusal means for the text, and for the texts after it."""

    RETRY = "retry"  # proven not accepted: again, later
    AMBIGUOUS = "ambiguous"  # nobody can tell: look it up, never send blindly again
    PERMANENT = "permanent"  # this text will never be accepted
    NUMBER = "number"  # nor will any other to this number (landline, no such number)
    OPTED_OUT = "opted_out"  # the gateway knows that this person wants no texts
    ACCOUNT = "account"  # our account or its settings: hold everything, call a person


class Refusal(Exception):
    """The gateway did not say yes. `code` is its own; `retry_after` what it asked for."""

    def __init__(
        self,
        reason: str,
        verdict: Verdict,
        *,
        code: str = "",
        http_status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.code = code
        self.http_status = http_status
        self.retry_after = retry_after


@dataclass(frozen=True)
class Outgoing:
    """One attempt to hand over one text."""

    to: str  # E.164, or an address for mail
    body: str
    token: str  # ours, 32 hex digits, new for every attempt; receipts bring it back
    valid_for: timedelta  # what has not arrived by then shall not arrive at all


@dataclass(frozen=True)
class Found:
    """What a gateway knows about a text it took."""

    sid: str
    status: str  # a MessageStatus: sent, delivered, undelivered or failed
    code: str = ""


class Gateway(Protocol):
    """`proof` means that looking up and finding nothing proves that nothing was accepted."""

    name: str
    proof: bool

    def send(self, text: Outgoing) -> str:
        """Hand over one text; returns the gateway's id of it or raises Refusal."""

    def look_up(self, text: Outgoing, *, since: datetime) -> list[Found]:
        """Texts of ours that may be this attempt, the oldest first; raises Refusal."""

    def fetch(self, sid: str) -> Found:
        """Where a text is now that the gateway took; raises Refusal."""
