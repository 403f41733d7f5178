"""Which gateways there are, and which of them takes a text to whom."""

import os
from functools import cache

from django.conf import settings

from notifications.gateways import Gateway
from notifications.gateways.printing import Printing


@cache
def gateways() -> dict[str, Gateway]:
    """What is configured, by name; `printing` is always there. Kept until `cache_clear()`."""
    found: dict[str, Gateway] = {"printing": Printing()}
    # Imported where they are needed: a desk without gateways starts without their libraries.
    if twilio_is_set():
        from notifications.gateways import twilio

        found["twilio"] = twilio.from_settings()
    if json_is_set():
        from notifications.gateways import json_http

        found["json"] = json_http.from_settings()
    if settings.EMAIL_HOST:
        from notifications.gateways.mail import Mail

        found["mail"] = Mail()
    return found


# Two processes that share a connection read each other's answers.
os.register_at_fork(after_in_child=gateways.cache_clear)


def gateway(name: str) -> Gateway:
    """The gateway of this name; KeyError where it is not configured (any more)."""
    return gateways()[name]


def route(address: str) -> str:
    """The name of the gateway for a number or a mail address.

    A gateway that TEXT_ROUTES names is named here too, configured or not: its texts wait rather
    than go a way that somebody has ruled out.
    """
    if "@" in address:
        return "mail" if settings.EMAIL_HOST else "printing"
    table = routes()
    known = [prefix for prefix in table if address.startswith(prefix)]
    return table[max(known, key=len)] if known else "printing"


def takes(name: str, address: str) -> bool:
    """Whether an address is of the kind that this gateway takes; the printed ones are of any."""
    return name == "printing" or (name == "mail") == ("@" in address)


def routes() -> dict[str, str]:
    """The gateway of each prefix, as far as numbers have one."""
    return _usual_routes() | read_routes(settings.TEXT_ROUTES)


def _usual_routes() -> dict[str, str]:
    """Without TEXT_ROUTES: Twilio for everybody, the other one for China or where it is alone."""
    if twilio_is_set():
        return {"+": "twilio"} | ({"+86": "json"} if json_is_set() else {})
    return {"+": "json"} if json_is_set() else {}


def read_routes(entries: list[str]) -> dict[str, str]:
    """`+86=json` as {"+86": "json"}. What makes no sense is left out here, and named by
    config/check_gateways.py."""
    pairs = [[part.strip() for part in entry.partition("=")] for entry in entries]
    return {prefix: name for prefix, _, name in pairs if prefix.startswith("+") and name}


def twilio_is_set() -> bool:
    sender = settings.TWILIO_FROM or settings.TWILIO_MESSAGING_SERVICE_SID
    return bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN and sender)


def json_is_set() -> bool:
    return bool(settings.JSON_GATEWAY_URL and settings.JSON_GATEWAY_KEY)
