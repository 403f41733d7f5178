"""A gateway that is asked in signed JSON. The same reference is the same text, sent once."""

import hmac
import json
import time
from typing import Any

from tests.gateway.protocol import Answer, Request
from tests.gateway.reasons import check_callback, check_text, find_reason
from tests.gateway.segments import count_segments
from tests.gateway.signatures import sign_json
from tests.gateway.state import State
from tests.gateway.texts import Text

ROOT = "/json/texts"
OLDEST_REQUEST = 300


def recipient(state: State, request: Request) -> str:
    if request.method == "POST":
        return str(request.json.get("to", ""))
    sid, reference = sid_of(request), request.query.get("reference", "")
    text = state.texts.get(sid) if sid else state.texts.with_reference(reference)
    return text.to if text else ""


def sid_of(request: Request) -> str:
    return request.path.removeprefix(ROOT).strip("/")


def answer(state: State, request: Request) -> tuple[Answer, Text | None]:
    """And the text, where a new one was accepted."""
    if not is_signed(state.settings.key, request):
        return refuse("unauthorised"), None
    if request.path == ROOT and request.method == "POST":
        return create(state, request.json)
    if request.path == ROOT:
        found = state.texts.with_reference(request.query.get("reference", ""))
        return reply(200, {"texts": [describe(found)] if found else []}), None
    text = state.texts.get(sid_of(request))
    if text is None or text.gateway != "json":
        return refuse("not_found"), None
    return reply(200, describe(text)), None


def is_signed(key: str, request: Request) -> bool:
    timestamp = request.headers.get("x-hotline-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > OLDEST_REQUEST:
        return False
    payload = request.body if request.method == "POST" else request.target.encode("latin-1")
    given = request.headers.get("x-hotline-signature", "")
    return hmac.compare_digest(given.encode(), sign_json(key, timestamp, payload).encode())


def create(state: State, given: dict[str, Any]) -> tuple[Answer, Text | None]:
    to, body, reference, callback = (
        str(given.get(name) or "") for name in ("to", "text", "reference", "callback")
    )
    known = state.texts.with_reference(reference)
    if known and (known.to, known.body) != (to, body):
        return refuse("reference_used"), None
    if known:
        known.requests += 1
        return reply(200, describe(known)), None
    if not reference:
        return refuse("bad_request"), None
    if (
        reason := check_text(to, body)
        or (callback and check_callback(callback))
        or state.refuses(to)
    ):
        return refuse(reason), None
    text = Text(
        gateway="json",
        to=to,
        sender="",
        body=body,
        callback=callback,
        token=reference,
        valid_for=given.get("valid_for"),
        number=state.texts.next_number(to),
    )
    state.accept(text)
    return reply(202, {"id": text.sid, "reference": reference, "status": "accepted"}), text


def describe(text: Text) -> dict[str, Any]:
    status = text.status(time.time())
    return describe_as(text, status or "accepted", text.error_of(status))


def describe_as(text: Text, status: str, error: str) -> dict[str, Any]:
    said = find_reason(error)[0] if error else None
    return {
        "id": text.sid,
        "reference": text.token,
        "status": status,
        "error": said,
        "segments": count_segments(text.body),
    }


def refuse(reason: str, status: int | None = None) -> Answer:
    name, _, usual, words = find_reason(reason)
    return reply(status or usual, {"error": {"code": name, "message": words}})


def reply(status: int, said: dict[str, Any]) -> Answer:
    return Answer(status, json.dumps(said, ensure_ascii=False).encode(errors="replace"))
