"""Texts through Twilio: its SDK, over our own HTTP (twilio_client.py).

Twilio knows no reference of ours and its lists lag behind, so finding nothing proves nothing; what
comes back is the address for receipts, with the token of the attempt in it.
"""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from twilio.request_validator import HMAC_SHA1, RequestValidator, get_signature_algorithm

from notifications.gateways import Found, Outgoing, Refusal, Verdict, wire
from notifications.gateways.codes import WORDS, status_of

T = TypeVar("T")

SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")
LONGEST_VALIDITY = 36_000  # seconds
# Again where our end failed (an answer of 5xx, no connection, no answer in time). Twilio does not
# sign this part of the address.
TRY_AGAIN = "#rc=5&rp=5xx,ct,rt"
SLACK = timedelta(seconds=60)  # their clock and ours
PAGE, MOST_PAGES = 100, 10


class Twilio:
    name = "twilio"
    proof = False

    def __init__(self, *, account: str, token: str, base: str, sender: dict[str, str]) -> None:
        self.account = account
        self.token = token
        self.base = base
        self.sender = sender
        self._http = wire.open_client()
        self._thread = threading.local()  # nobody promises that the SDK's client may be shared

    def send(self, text: Outgoing) -> str:
        more = dict(self.sender)
        if callback := callback_address(text.token):
            more["status_callback"] = callback
        seconds = min(max(int(text.valid_for.total_seconds()), 1), LONGEST_VALIDITY)
        sid = asked(
            lambda: (
                self._messages.create(
                    to=text.to, body=text.body, validity_period=seconds, **more
                ).sid
            )
        )
        if not (isinstance(sid, str) and SID.fullmatch(sid)):
            raise not_understood("no id")
        return sid

    def look_up(self, text: Outgoing, *, since: datetime) -> list[Found]:
        return asked(lambda: self._find(text, since - SLACK))

    def fetch(self, sid: str) -> Found:
        try:
            return asked(lambda: as_found(self._messages(sid).fetch()))
        except Refusal as refusal:
            if refusal.code == "20404":  # here it is the text that does not exist, no account
                refusal.verdict = Verdict.PERMANENT
            raise

    def _find(self, text: Outgoing, earliest: datetime) -> list[Found]:
        found = [
            one
            for one in self._recent(text.to, earliest)
            if one.direction == "outbound-api"
            and one.date_created >= earliest
            and same_words(one.body or "", text.body)
        ]
        return [as_found(one) for one in sorted(found, key=lambda one: one.date_created)]

    def _recent(self, to: str, earliest: datetime) -> Iterator[Any]:
        """Texts to this number, the newest first, until a whole page is too old.

        By number only: a filter by the time of sending leaves out what was not sent yet.
        """
        page = self._messages.page(to=to, page_size=PAGE)
        for _ in range(MOST_PAGES):
            texts = [one for one in page if one.date_created]
            yield from texts
            if all(one.date_created < earliest for one in texts):
                return
            page = page.next_page()
            if page is None:
                return
        raise not_understood("endless list")

    @property
    def _messages(self) -> Any:
        if not hasattr(self._thread, "client"):
            from notifications.gateways.twilio_client import make_client  # large

            self._thread.client = make_client(
                self._http, account=self.account, token=self.token, base=self.base
            )
        return self._thread.client.messages


def from_settings() -> Twilio:
    service = settings.TWILIO_MESSAGING_SERVICE_SID
    sender = {"messaging_service_sid": service} if service else {"from_": settings.TWILIO_FROM}
    return Twilio(
        account=settings.TWILIO_ACCOUNT_SID,
        token=settings.TWILIO_AUTH_TOKEN,
        base=settings.TWILIO_API_BASE,
        sender=sender,
    )


def callback_address(token: str) -> str:
    """Where receipts go; empty on a desk.

    Twilio refuses the whole text for an address it cannot reach, such as `localhost`. Such texts
    do without receipts: their fate is asked for.
    """
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or ""
    if "." not in host:
        return ""
    return f"{settings.PUBLIC_BASE_URL}/hooks/twilio/status/{token}/{TRY_AGAIN}"


def asked(call: Callable[[], T]) -> T:
    """What the SDK answers. Whatever it trips over comes after the request: nobody can tell."""
    try:
        return call()
    except Refusal:
        raise
    except Exception as error:
        raise wire.no_answer(error, Verdict.AMBIGUOUS) from error


def not_understood(code: str) -> Refusal:
    return Refusal(WORDS[Verdict.AMBIGUOUS], Verdict.AMBIGUOUS, code=code)


def as_found(one: Any) -> Found:
    code = "" if one.error_code is None else str(one.error_code)
    return Found(one.sid, status_of(one.status), code)


def same_words(theirs: str, ours: str) -> bool:
    """A trial account puts words of its own in front; spaces may have been tidied."""
    return " ".join(theirs.split()).endswith(" ".join(ours.split()))


def verify(request: HttpRequest) -> bool:
    """Whether Twilio signed this request, body included. Never raises.

    The address is the public one, whatever the proxy in between made of it.
    """
    try:
        signed = _signed_part(request)
        if signed is None:
            return False
        algorithm = get_signature_algorithm(
            request.headers.get("X-Twilio-Webhooks-Signature-Settings")
        ).upper()
        secret = (
            settings.TWILIO_AUTH_TOKEN if algorithm == HMAC_SHA1 else settings.TWILIO_SHARED_KEY
        )
        if not secret:
            return False
        url = settings.PUBLIC_BASE_URL + request.get_full_path()
        signature = request.headers.get("X-Twilio-Signature", "")
        return bool(RequestValidator(secret).validate(url, signed, signature, algorithm))
    except (BadRequest, SuspiciousOperation, UnreadablePostError, ValueError):
        return False


def _signed_part(request: HttpRequest) -> Any:
    """The fields of a form (all values of each), the very text of anything else; None where the
    signature would say nothing about the body."""
    body = request.body  # before POST, which would leave nothing of it
    if request.content_type == "application/x-www-form-urlencoded":
        return request.POST
    if "bodySHA256" in request.GET:
        return body.decode()
    return None if body else {}
