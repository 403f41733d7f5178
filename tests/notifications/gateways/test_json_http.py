"""The small signed protocol: what is asked, what is believed."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from notifications.gateways import Found, Refusal, Verdict
from notifications.gateways.json_http import JsonHttp, sign, verify
from tests.notifications.gateways.conftest import KEY, OURS, text_of
from tests.notifications.gateways.server import Asked, Server, says

V = Verdict
NOW = datetime(2026, 7, 31, 11, 10, tzinfo=UTC)
TAKEN = {"id": "7f3a", "reference": OURS, "status": "accepted"}


@pytest.fixture(autouse=True)
def here(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://hotline.example.org"
    settings.JSON_GATEWAY_KEY = KEY


def is_signed(asked: Asked, what: bytes) -> bool:
    moment = asked.headers["x-hotline-timestamp"]
    recent = abs(time.time() - int(moment)) < 60
    return recent and asked.headers["x-hotline-signature"] == sign(KEY, moment, what)


def test_it_works(server: Server, json_gateway: JsonHttp) -> None:
    server.always(says(202, TAKEN))
    assert json_gateway.send(text_of(to="+8613800000000", body="路灯已修好。")) == "7f3a"
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("POST", "/api/texts")
    assert json.loads(asked.body) == {
        "reference": OURS,
        "to": "+8613800000000",
        "text": "路灯已修好。",
        "valid_for": 14400,
        "callback": f"https://hotline.example.org/hooks/json/status/{OURS}/",
    }
    assert is_signed(asked, asked.body)


def test_a_signature_is_what_the_documentation_says() -> None:
    """HMAC-SHA256 of `1785496200.{"id":"7f3a"}` under the key, in hexadecimal."""
    assert sign(KEY, "1785496200", b'{"id":"7f3a"}') == (
        "901d31234621617f0bbe288b56fc606ab16932a9bb6fc9facec4a52b09b91a99"
    )


def test_a_text_said_twice_is_one_text(server: Server, json_gateway: JsonHttp) -> None:
    server.always(says(200, {**TAKEN, "status": "delivered"}))
    assert json_gateway.send(text_of()) == "7f3a"
    assert json_gateway.proof is True


def test_it_asks_by_our_reference(server: Server, json_gateway: JsonHttp) -> None:
    texts = [{"id": "7f3a", "reference": OURS, "status": "undelivered", "error": "landline"}]
    server.always(says(200, {"texts": texts}))
    found = json_gateway.look_up(text_of(), since=NOW)
    assert found == [Found("7f3a", "undelivered", "landline")]
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("GET", f"/api/texts?reference={OURS}")
    assert is_signed(asked, asked.target.encode())


def test_finding_nothing_is_an_answer(server: Server, json_gateway: JsonHttp) -> None:
    server.always(says(200, {"texts": []}))
    assert json_gateway.look_up(text_of(), since=NOW) == []


@pytest.mark.parametrize("told", [{}, {"texts": None}, {"texts": [{}]}, {"texts": ["7f3a"]}, []])
def test_an_answer_that_makes_no_sense_finds_nothing_out(
    server: Server, json_gateway: JsonHttp, told: object
) -> None:
    server.always(says(200, told))
    with pytest.raises(Refusal) as refusal:
        json_gateway.look_up(text_of(), since=NOW)
    assert refusal.value.verdict is V.AMBIGUOUS


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("accepted", "sent"), ("sent", "sent"), ("delivered", "delivered"), ("new word", "sent")],
)
def test_it_tells_where_a_text_is(
    server: Server, json_gateway: JsonHttp, theirs: str, ours: str
) -> None:
    server.always(says(200, {**TAKEN, "status": theirs, "error": None}))
    assert json_gateway.fetch("7f/3a?") == Found("7f3a", ours)
    assert server.asked[0].target == "/api/texts/7f%2F3a%3F"
    assert is_signed(server.asked[0], b"/api/texts/7f%2F3a%3F")


@pytest.mark.parametrize("sid", [None, "", 7, "x" * 65, "a\0b", ["7f3a"]])
def test_an_id_that_cannot_be_kept_leaves_the_text_in_doubt(
    server: Server, json_gateway: JsonHttp, sid: object
) -> None:
    server.always(says(202, {**TAKEN, "id": sid}))
    with pytest.raises(Refusal) as refusal:
        json_gateway.send(text_of())
    assert refusal.value.verdict is V.AMBIGUOUS


@pytest.mark.parametrize(
    ("status", "told", "verdict", "code"),
    [
        (400, "invalid_number", V.NUMBER, "invalid_number"),
        (400, "landline", V.NUMBER, "landline"),
        (400, "opted_out", V.OPTED_OUT, "opted_out"),
        (401, "unauthorised", V.ACCOUNT, "unauthorised"),
        (403, "suspended", V.ACCOUNT, "suspended"),
        (400, "no_route", V.PERMANENT, "no_route"),
        (409, "reference_used", V.PERMANENT, "reference_used"),
        (400, "a reason of their own", V.PERMANENT, "a reason of their own"),
        (429, "too_many", V.RETRY, "too_many"),
        (400, None, V.AMBIGUOUS, ""),
        (500, "internal", V.AMBIGUOUS, "internal"),
    ],
)
def test_a_no_says_what_it_means(
    server: Server,
    json_gateway: JsonHttp,
    status: int,
    told: str | None,
    verdict: Verdict,
    code: str,
) -> None:
    error = {"error": {"code": told, "message": "+14155550123"}}
    server.always(says(status, error, Retry_After="9"))
    with pytest.raises(Refusal) as refusal:
        json_gateway.send(text_of())
    assert (refusal.value.verdict, refusal.value.code) == (verdict, code)
    assert refusal.value.retry_after == (timedelta(seconds=9) if status == 429 else None)
    assert "4155550123" not in str(refusal.value)


def told_us(body: bytes, **headers: Any) -> HttpRequest:
    path = f"/hooks/json/status/{OURS}/"
    return RequestFactory().generic("POST", path, body, "application/json", headers=headers)


def signed(body: bytes, at: datetime = NOW, key: str = KEY) -> dict[str, str]:
    moment = str(int(at.timestamp()))
    return {"X-Hotline-Timestamp": moment, "X-Hotline-Signature": sign(key, moment, body)}


def test_a_signed_receipt_is_known() -> None:
    assert verify(told_us(b"{}", **signed(b"{}")), now=NOW) is True


@pytest.mark.parametrize(("age", "fine"), [(0, True), (299, True), (301, False), (-301, False)])
def test_a_receipt_is_believed_for_five_minutes(age: int, fine: bool) -> None:
    headers = signed(b"{}", NOW - timedelta(seconds=age))
    assert verify(told_us(b"{}", **headers), now=NOW) is fine


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(b"{} "),
        signed(b"{}", key="another key"),
        {**signed(b"{}"), "X-Hotline-Signature": "路灯"},
        {**signed(b"{}"), "X-Hotline-Timestamp": "1785496201"},
        {**signed(b"{}"), "X-Hotline-Timestamp": ""},
        {**signed(b"{}"), "X-Hotline-Timestamp": "-1"},
        {**signed(b"{}"), "X-Hotline-Timestamp": "²"},
        {**signed(b"{}"), "X-Hotline-Timestamp": "9" * 5000},
    ],
)
def test_a_forged_receipt_is_refused(headers: dict[str, str]) -> None:
    assert verify(told_us(b"{}", **headers), now=NOW) is False


def test_without_a_key_nothing_is_signed(settings: Settings) -> None:
    settings.JSON_GATEWAY_KEY = ""
    assert verify(told_us(b"{}", **signed(b"{}", key="")), now=NOW) is False
