"""How a text leaves the house: one small class per gateway, one method, one error."""

from typing import Protocol

from notifications.transports.printing import Printing


class TransportError(Exception):
    """The gateway did not take the text.

    `ambiguous` means that nobody can tell (a timeout, say): never send blindly again.
    """

    def __init__(self, reason: str, *, permanent: bool = False, ambiguous: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.ambiguous = ambiguous


class Transport(Protocol):
    def send(self, *, to: str, body: str) -> str:
        """Hand over one text; returns the gateway's id of it or raises TransportError."""


def choose_transport() -> Transport:
    return Printing()
