"""Texts through any gateway that speaks a small signed JSON protocol (docs/texts.md).

Made for the domestic gateway that numbers of some countries need: a few lines in front of its own
API are enough. It knows our reference, and the same reference is the same text: so its answers
prove what was accepted, and asking it twice does no harm.
"""

import hashlib
import hmac
import json
import time
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from notifications.gateways import Found, Outgoing, wire
from notifications.gateways.codes import status_of

TIME, SIGNATURE = "X-Hotline-Timestamp", "X-Hotline-Signature"
LONGEST_ID = 64
OLDEST = 5 * 60  # seconds; what is older may be a replay


class JsonHttp:
    name = "json"
    proof = True

    def __init__(self, *, url: str, key: str) -> None:
        self.url = url.rstrip("/")
        self.key = key
        self._http = wire.open_client()

    def send(self, text: Outgoing) -> str:
        body = {
            "reference": text.token,
            "to": text.to,
            "text": text.body,
            "valid_for": max(int(text.valid_for.total_seconds()), 1),
            "callback": f"{settings.PUBLIC_BASE_URL}/hooks/json/status/{text.token}/",
        }
        return self._as_found(*self._ask("POST", "/texts", json.dumps(body).encode())).sid

    def look_up(self, text: Outgoing, *, since: datetime) -> list[Found]:
        answer, fields = self._ask("GET", f"/texts?{urlencode({'reference': text.token})}")
        texts = fields.get("texts")
        if not isinstance(texts, list):
            raise wire.unclear(answer)
        return [self._as_found(answer, one) for one in texts]

    def fetch(self, sid: str) -> Found:
        return self._as_found(*self._ask("GET", f"/texts/{quote(sid, safe='')}"))

    def _ask(self, method: str, path: str, body: bytes = b"") -> tuple[wire.Answer, dict[str, Any]]:
        url = httpx.URL(self.url + path)
        moment = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            TIME: moment,
            SIGNATURE: sign(self.key, moment, body or url.raw_path),
        }
        answer = wire.ask(self._http, method, str(url), content=body, headers=headers)
        if not answer.fine:
            raise wire.refusal(answer, error_code(answer.fields.get("error")))
        return answer, answer.fields

    def _as_found(self, answer: wire.Answer, one: Any) -> Found:
        sid = one.get("id") if isinstance(one, dict) else None
        if not (isinstance(sid, str) and sid.isprintable() and 0 < len(sid) <= LONGEST_ID):
            raise wire.unclear(answer)
        status = status_of(str(one.get("status")))
        return Found(sid, status, error_code(one.get("error")))


def from_settings() -> JsonHttp:
    return JsonHttp(url=settings.JSON_GATEWAY_URL, key=settings.JSON_GATEWAY_KEY)


def error_code(error: object) -> str:
    """Of `{"code": …, "message": …}`, of the code alone, or of null."""
    code = error.get("code") if isinstance(error, dict) else error
    return code if isinstance(code, str) else ""


def sign(key: str, moment: str, what: bytes) -> str:
    """`what` is the raw body, or the path with its query where there is none."""
    return hmac.new(key.encode(), moment.encode() + b"." + what, hashlib.sha256).hexdigest()


def verify(request: HttpRequest, *, now: datetime) -> bool:
    """Whether the gateway signed this request, lately. Never raises."""
    moment, signature = request.headers.get(TIME, ""), request.headers.get(SIGNATURE, "")
    if not (settings.JSON_GATEWAY_KEY and moment.isascii() and moment.isdigit()):
        return False
    try:
        what = request.body or request.get_full_path().encode()
    except (RequestDataTooBig, UnreadablePostError):
        return False
    right = sign(settings.JSON_GATEWAY_KEY, moment, what)
    recent = len(moment) < 12 and abs(now.timestamp() - int(moment)) <= OLDEST
    return recent and hmac.compare_digest(right.encode(), signature.encode())
