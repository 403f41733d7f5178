"""What is misconfigured about gateways for texts, in plain words."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from notifications.gateways import routes

NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
SHORT_CODE = re.compile(r"[0-9]{3,8}")
NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


@register()
def check_twilio(**_: object) -> list[CheckMessage]:
    present = (
        settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_AUTH_TOKEN,
        settings.TWILIO_FROM or settings.TWILIO_MESSAGING_SERVICE_SID,
    )
    return [*_twilio_parts(), *_twilio_forms()] if any(present) else []


def _twilio_parts() -> Iterator[CheckMessage]:
    sender = settings.TWILIO_FROM or settings.TWILIO_MESSAGING_SERVICE_SID
    if not settings.TWILIO_ACCOUNT_SID:
        yield Error(
            "Something of Twilio is set, but TWILIO_ACCOUNT_SID is not: no text would be sent.",
            id="hotline.E010",
        )
    if not settings.TWILIO_AUTH_TOKEN:
        yield Error(
            "Something of Twilio is set, but TWILIO_AUTH_TOKEN is not: no text would be sent.",
            hint="Set TWILIO_AUTH_TOKEN, or TWILIO_AUTH_TOKEN_FILE to a file that holds it.",
            id="hotline.E011",
        )
    if not sender:
        yield Error(
            "Twilio has no sender: neither TWILIO_FROM nor TWILIO_MESSAGING_SERVICE_SID is set.",
            hint="A number such as +14155550100, or a Messaging Service (MG…).",
            id="hotline.E012",
        )


def _twilio_forms() -> Iterator[CheckMessage]:
    account, service = settings.TWILIO_ACCOUNT_SID, settings.TWILIO_MESSAGING_SERVICE_SID
    sender = settings.TWILIO_FROM
    if account and not re.fullmatch("AC[0-9a-fA-F]{32}", account):
        yield Error(
            "TWILIO_ACCOUNT_SID is not AC and 32 hexadecimal digits.",
            hint="A key (SK…) will not do: the account's own token signs what Twilio tells us.",
            id="hotline.E013",
        )
    if service and not re.fullmatch("MG[0-9a-fA-F]{32}", service):
        yield Error(
            "TWILIO_MESSAGING_SERVICE_SID is not MG and 32 hexadecimal digits.", id="hotline.E014"
        )
    if sender and not any(form.fullmatch(sender) for form in (NUMBER, SHORT_CODE, NAME)):
        yield Error(
            f"TWILIO_FROM is {sender!r}, which cannot be a sender.",
            hint="A number with + and its country, or up to 11 letters, digits and spaces.",
            id="hotline.E015",
        )
    if urlsplit(settings.TWILIO_API_BASE).scheme not in {"http", "https"}:
        yield Error(
            f"TWILIO_API_BASE is {settings.TWILIO_API_BASE!r}, which is no address.",
            hint="Leave it out: https://api.twilio.com is right nearly everywhere.",
            id="hotline.E016",
        )


@register()
def check_receipts(**_: object) -> list[CheckMessage]:
    """Twilio has to reach us, too."""
    public = urlsplit(settings.PUBLIC_BASE_URL)
    if not routes.twilio_is_set():
        return []
    if "_" in (public.hostname or ""):
        return [
            Error(
                f"The host of PUBLIC_BASE_URL, {public.hostname}, has an underscore: "
                "Twilio would refuse every text.",
                id="hotline.E017",
            )
        ]
    if public.scheme != "https":
        return [
            Warning(
                "Twilio is set, but PUBLIC_BASE_URL does not begin with https://: "
                "whether a text arrived would travel in the clear, or not be told at all.",
                id="hotline.W017",
            )
        ]
    return []


@register()
def check_json_gateway(**_: object) -> list[CheckMessage]:
    url, key = settings.JSON_GATEWAY_URL, settings.JSON_GATEWAY_KEY
    problems: list[CheckMessage] = []
    if bool(url) != bool(key):
        there, lacking = ("URL", "KEY") if url else ("KEY", "URL")
        problems.append(
            Error(
                f"JSON_GATEWAY_{there} is set but JSON_GATEWAY_{lacking} is not: "
                "no text would be sent through it.",
                id="hotline.E018",
            )
        )
    address = urlsplit(url)
    if url and (address.scheme not in {"http", "https"} or not address.hostname or address.query):
        problems.append(
            Error(
                f"JSON_GATEWAY_URL is {url!r}, which is no address.",
                hint="Write https://gateway.example.org/api, without a question mark.",
                id="hotline.E019",
            )
        )
    return problems


@register()
def check_routes(**_: object) -> list[CheckMessage]:
    there = {"printing": True, "twilio": routes.twilio_is_set(), "json": routes.json_is_set()}
    problems: list[CheckMessage] = []
    for entry in settings.TEXT_ROUTES:
        prefix, _equals, name = (part.strip() for part in entry.partition("="))
        if not re.fullmatch(r"\+[0-9]*", prefix):
            problems.append(
                Error(
                    f"TEXT_ROUTES has {entry!r}: what stands before the = is no beginning of a "
                    "phone number.",
                    hint="Write +86=json,+=twilio.",
                    id="hotline.E020",
                )
            )
        if not there.get(name):
            problems.append(
                Error(
                    f"TEXT_ROUTES has {entry!r}, but there is no gateway {name!r}: "
                    "its texts would wait for ever.",
                    hint=f"There are, where they are set: {', '.join(there)}.",
                    id="hotline.E021",
                )
            )
    return problems


@register()
def check_mail(**_: object) -> list[CheckMessage]:
    if not settings.EMAIL_HOST:
        return []
    problems: list[CheckMessage] = []
    if "@" not in settings.DEFAULT_FROM_EMAIL:
        problems.append(
            Error(
                "EMAIL_HOST is set but DEFAULT_FROM_EMAIL is not: mails would have no sender.",
                hint="Write Hotline <hotline@example.org>.",
                id="hotline.E022",
            )
        )
    if settings.EMAIL_USE_TLS and settings.EMAIL_USE_SSL:
        problems.append(
            Error(
                "EMAIL_USE_TLS and EMAIL_USE_SSL exclude each other.",
                hint="The first is for port 587 (or 25), the second for port 465.",
                id="hotline.E023",
            )
        )
    return problems
