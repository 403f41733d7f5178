"""What a number or mail address can do besides reading: follow a link, answer."""

import re
from dataclasses import dataclass

from django.conf import settings

from notifications.gateways.routes import route

ANSWERS_ARRIVE = frozenset({"twilio", "printing"})  # the gateways whose citizens' texts reach us
MAINLAND = "+86"  # carriers there refuse texts with a link, and answers never leave the country
WEB = re.compile(r" ?(?<![a-z0-9])(?:https?://|www\.)[!-~]+", re.IGNORECASE)


@dataclass(frozen=True)
class Reach:
    link: bool
    reply: bool


def reach(address: str) -> Reach:
    """Of a number (E.164) or a mail address, by the way that its texts go."""
    if "@" in address:
        return Reach(link=True, reply=False)
    if address.startswith(MAINLAND):
        return Reach(link=False, reply=False)
    gateway = route(address) if address else "printing"
    return Reach(link=True, reply=gateway in ANSWERS_ARRIVE and not _one_way(gateway))


def without_links(words: str) -> str:
    """What people typed, for a number whose carrier refuses a text with a web address in it."""
    return WEB.sub("", words).strip()


def _one_way(gateway: str) -> bool:
    """A sender of letters cannot be answered."""
    sender = settings.TWILIO_FROM.lstrip("+")
    named = bool(sender) and not sender.isdigit()
    return gateway == "twilio" and named and not settings.TWILIO_MESSAGING_SERVICE_SID
