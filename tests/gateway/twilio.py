"""The Messages API of Twilio: create, list, get. No request is idempotent."""

import base64
import json
import re
import time
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from tests.gateway.protocol import Answer, Request
from tests.gateway.reasons import check_callback, check_text, find_reason
from tests.gateway.segments import count_segments
from tests.gateway.state import State
from tests.gateway.texts import Text, token_of

ADDRESS = re.compile(r"/2010-04-01/Accounts/(?P<account>\w+)/Messages(?:/(?P<sid>\w+))?\.json")
SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")


def recipient(state: State, request: Request) -> str:
    if text := state.texts.get(sid_of(request)):
        return text.to
    return (request.form if request.method == "POST" else request.query).get("To", "")


def sid_of(request: Request) -> str:
    asked = ADDRESS.fullmatch(request.path)
    return (asked and asked["sid"]) or ""


def answer(state: State, request: Request) -> tuple[Answer, Text | None]:
    """And the text, where a new one was accepted."""
    settings = state.settings
    if request.headers.get("authorization") != expected_login(
        settings.account_sid, settings.auth_token
    ):
        return refuse("unauthorised"), None
    asked = ADDRESS.fullmatch(request.path)
    if not asked or asked["account"] != settings.account_sid:
        return refuse("not_found"), None
    if asked["sid"]:
        text = state.texts.get(asked["sid"])
        return (reply(200, describe(text, asked["account"])) if text else refuse("not_found")), None
    if request.method == "POST":
        return create(state, request.form)
    return list_texts(state, request), None


def create(state: State, form: dict[str, str]) -> tuple[Answer, Text | None]:
    to, callback = form.get("To", ""), form.get("StatusCallback", "")
    if reason := check_text(to, form.get("Body", "")) or check_form(form) or state.refuses(to):
        return refuse(reason), None
    text = state.accept(
        Text(
            gateway="twilio",
            to=to,
            sender=form.get("MessagingServiceSid") or form["From"],
            body=form["Body"],
            callback=callback,
            token=token_of(callback),
            valid_for=int(form["ValidityPeriod"]) if "ValidityPeriod" in form else None,
            number=state.texts.next_number(to),
        )
    )
    first = describe(text, state.settings.account_sid)
    if SERVICE.fullmatch(text.sender):
        first["num_segments"] = "0"
    return reply(201, first), text


def check_form(form: dict[str, str]) -> str:
    service, validity = form.get("MessagingServiceSid"), form.get("ValidityPeriod", "1")
    if not service and not form.get("From"):
        return "no_sender"
    if service and not SERVICE.fullmatch(service):
        return "bad_service"
    if not validity.isdecimal() or not 1 <= int(validity) <= 36000:
        return "bad_validity"
    if callback := form.get("StatusCallback"):
        return check_callback(callback)
    return ""


def list_texts(state: State, request: Request) -> Answer:
    """Newest first. A text that is not here may have been accepted all the same."""
    query, now = request.query, time.time()
    size = min(read_number(query.get("PageSize", "50")), 1000)
    page = read_number(query.get("Page", "0"))
    visible = (
        text
        for text in state.texts.newest_first(query.get("To", ""))
        if text.gateway == "twilio"
        and text.listed
        and text.accepted_at + state.settings.list_lag <= now
    )
    found = [*islice(visible, page * size, page * size + size + 1)]
    shown = found[:size]

    def address(number: int) -> str:
        return f"{request.path}?{urlencode({**query, 'PageSize': size, 'Page': number})}"

    return reply(
        200,
        {
            "messages": [describe(text, state.settings.account_sid) for text in shown],
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + max(len(shown) - 1, 0),
            "uri": request.target,
            "first_page_uri": address(0),
            "previous_page_uri": address(page - 1) if page else None,
            "next_page_uri": address(page + 1) if len(found) > size else None,
        },
    )


def read_number(given: str) -> int:
    return int(given) if given.isdecimal() else 0


def describe(text: Text, account: str) -> dict[str, Any]:
    service = SERVICE.fullmatch(text.sender)
    status = text.status(time.time())
    error = text.error_of(status) if status else ""
    uri = f"/2010-04-01/Accounts/{account}/Messages/{text.sid}"
    return {
        "sid": text.sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": text.body,
        "date_created": format_date(int(text.accepted_at)),
        "date_sent": format_date(int(text.due[0])) if status else None,
        "date_updated": format_date(int(text.accepted_at)),
        "direction": "outbound-api",
        "error_code": find_reason(error)[1] if error else None,
        "error_message": None,
        "from": None if service else text.sender,
        "messaging_service_sid": text.sender if service else None,
        "num_media": "0",
        "num_segments": str(count_segments(text.body)),
        "price": None,
        "price_unit": "USD",
        "status": status or ("accepted" if service else "queued"),
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": text.to,
        "uri": f"{uri}.json",
    }


def refuse(reason: str, status: int | None = None) -> Answer:
    _, code, usual, words = find_reason(reason)
    more = f"https://www.twilio.com/docs/errors/{code}"
    said = {"code": code, "message": words, "more_info": more, "status": status or usual}
    return reply(status or usual, said)


def reply(status: int, said: dict[str, Any]) -> Answer:
    return Answer(status, json.dumps(said, ensure_ascii=False).encode(errors="replace"))


@lru_cache
def expected_login(account: str, token: str) -> str:
    return f"Basic {base64.b64encode(f'{account}:{token}'.encode()).decode()}"


@lru_cache(64)
def format_date(moment: int) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(moment))
