"""What gateways tell us: signed, or refused; unreadable, or kept; never an error of ours."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from notifications import outbox
from notifications.gateways.json_http import sign as sign_json
from notifications.models import Attempt, Contact, Message, Receipt
from tests.notifications.conftest import text
from tests.notifications.gateways.conftest import KEY, OURS, SID, TOKEN
from tests.notifications.gateways.test_twilio_signatures import sign as sign_twilio

HERE = "https://311.example.gov"
FORM = "application/x-www-form-urlencoded"
THEIRS = OURS.replace("6", "7")  # of the text by the JSON gateway
TOLD = {"MessageSid": SID, "MessageStatus": "delivered", "To": "+14155550123"}
TAKEN = {"id": "7f3a", "reference": THEIRS, "status": "delivered", "error": None}


@pytest.fixture(autouse=True)
def here(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = HERE
    settings.TWILIO_AUTH_TOKEN = TOKEN
    settings.JSON_GATEWAY_KEY = KEY


@pytest.fixture(autouse=True)
def on_their_way(contact: Contact, now: datetime) -> None:
    """A text by each gateway, handed over under a token of ours."""
    texts = [text(contact, name) for name in ("twilio", "json")]
    for message in outbox.enqueue(texts, now=now):
        name = message.dedupe_key
        token = OURS if name == "twilio" else THEIRS
        Attempt.objects.create(message=message, token=token, gateway=name, started_at=now)


def kept() -> list[tuple[str, str, str, str]]:
    told = ("gateway", "sid", "status", "code")
    return list(Receipt.objects.order_by("pk").values_list(*told))


def twilio_tells(
    told: dict[str, Any] | str, path: str = f"/hooks/twilio/status/{OURS}/", **more: Any
) -> Any:
    fields = told if isinstance(told, dict) else {}
    body = told if isinstance(told, str) else urlencode(told, doseq=True)
    signature = more.pop("signature", None) or sign_twilio(path, fields, HERE)
    headers = {"X-Twilio-Signature": signature}
    return Client().post(path, body, content_type=more.pop("kind", FORM), headers=headers)


def json_tells(
    told: object, path: str = f"/hooks/json/status/{THEIRS}/", signed: object = None
) -> Any:
    body, moment = as_bytes(told), str(int(timezone.now().timestamp()))
    signature = sign_json(KEY, moment, as_bytes(signed) if signed else body)
    headers = {"X-Hotline-Timestamp": moment, "X-Hotline-Signature": signature}
    return Client().post(path, body, content_type="application/json", headers=headers)


def as_bytes(told: object) -> bytes:
    return told if isinstance(told, bytes) else json.dumps(told).encode()


def test_it_works() -> None:
    assert (
        twilio_tells({**TOLD, "MessageStatus": "failed", "ErrorCode": "30007"}).status_code == 204
    )
    assert json_tells(TAKEN).status_code == 204
    assert kept() == [("twilio", SID, "failed", "30007"), ("json", "7f3a", "delivered", "")]
    statuses = dict(Message.objects.values_list("dedupe_key", "status"))
    assert statuses == {"twilio": "failed", "json": "delivered"}


def test_what_is_said_again_is_kept_once() -> None:
    for _ in range(3):
        assert twilio_tells(TOLD).status_code == 204
        assert json_tells(TAKEN).status_code == 204
    assert len(kept()) == 2


def test_a_receipt_of_a_text_that_is_not_ours_is_fine() -> None:
    nobody = "0" * 32
    assert twilio_tells(TOLD, f"/hooks/twilio/status/{nobody}/").status_code == 204
    told = {**TAKEN, "reference": nobody}
    assert json_tells(told, f"/hooks/json/status/{nobody}/").status_code == 204
    assert kept() == []


def test_a_word_that_nobody_knows_is_fine() -> None:
    assert twilio_tells({**TOLD, "MessageStatus": "a word of next year"}).status_code == 204
    assert set(Message.objects.values_list("status", flat=True)) == {"queued"}


def test_a_gateway_speaks_of_its_own_texts_only() -> None:
    assert (
        json_tells({**TAKEN, "reference": OURS}, f"/hooks/json/status/{OURS}/").status_code == 204
    )
    assert kept() == []


@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize("write", [str, lambda token: str(UUID(token))])
def test_the_address_is_never_corrected(write: Callable[[str], str], end: str) -> None:
    assert twilio_tells(TOLD, f"/hooks/twilio/status/{write(OURS)}{end}").status_code == 204
    assert json_tells(TAKEN, f"/hooks/json/status/{write(THEIRS)}{end}").status_code == 204
    assert len(kept()) == 2


@pytest.mark.parametrize("path", [f"/hooks/twilio/status/{OURS}/", f"/hooks/json/status/{OURS}/"])
def test_it_is_told_by_post_only(path: str) -> None:
    for ask in (Client().get, Client().put, Client().delete, Client().head):
        assert ask(path).status_code == 405
    assert kept() == []


@pytest.mark.parametrize("token", ["7", "x" * 32, OURS[:-1], OURS + "0", "%00" * 32])
def test_what_is_no_token_is_no_address(token: str) -> None:
    assert Client().post(f"/hooks/twilio/status/{token}/").status_code == 404


@pytest.mark.parametrize(
    "answer",
    [
        lambda: twilio_tells(TOLD, signature="fOiq/GNsk64zAfYgFvkAHPDZdTo="),
        lambda: twilio_tells(json.dumps(TOLD), kind="application/json"),
        lambda: twilio_tells("", signature=" "),
        lambda: Client().post(f"/hooks/twilio/status/{OURS}/", TOLD),
        lambda: json_tells(TAKEN, signed={**TAKEN, "status": "failed"}),
        lambda: Client().post(f"/hooks/json/status/{OURS}/", TAKEN, "application/json"),
    ],
)
def test_what_nobody_signed_is_refused(answer: Any) -> None:
    assert answer().status_code == 403
    assert kept() == []


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"MessageStatus": "delivered"},
        {"MessageSid": SID},
        {**TOLD, "MessageSid": ""},
        {**TOLD, "MessageSid": "SM\0"},
        {**TOLD, "ErrorCode": "\0"},
        {**TOLD, "To": "x" * 70_000},
    ],
)
def test_what_twilio_cannot_mean_is_not_kept(told: dict[str, str]) -> None:
    assert twilio_tells(told).status_code == 400
    assert kept() == []


@pytest.mark.parametrize("body", ["MessageSid=%ff%fe", "MessageSid=\udcff", "%C3%28=1"])
def test_what_is_no_text_is_not_kept(body: str) -> None:
    raw = body.encode("utf-8", "surrogateescape")
    answer = Client().post(f"/hooks/twilio/status/{OURS}/", raw, content_type=FORM)
    assert (answer.status_code, kept()) == (400, [])


@pytest.mark.parametrize(
    "told",
    [
        b" ",
        b"{",
        b"\xff",
        b"[" * 60_000,
        b" " * 70_000,
        b'{"id": "7f3a", "status": NaN, "reference": "' + THEIRS.encode() + b'"}',
        [],
        None,
        7,
        {},
        {**TAKEN, "reference": "7"},
        {**TAKEN, "reference": None},
        {**TAKEN, "reference": 7},
        {**TAKEN, "reference": OURS},
        {**TAKEN, "id": None},
        {**TAKEN, "id": 7},
        {**TAKEN, "id": ""},
        {**TAKEN, "id": "a\0"},
        {**TAKEN, "status": "\ud800"},
        {**TAKEN, "status": ["delivered"]},
        {**TAKEN, "error": "\0"},
    ],
)
def test_what_the_json_gateway_cannot_mean_is_not_kept(told: object) -> None:
    assert json_tells(told).status_code == 400
    assert kept() == []


@pytest.mark.parametrize("error", [None, "", 7, [], {}, {"code": None}, {"message": "?"}])
def test_an_error_without_a_code_is_none(error: object) -> None:
    assert json_tells({**TAKEN, "error": error}).status_code == 204
    assert kept() == [("json", "7f3a", "delivered", "")]


@pytest.mark.parametrize("error", ["landline", {"code": "landline", "message": "?"}])
def test_an_error_is_a_code_with_or_without_words(error: object) -> None:
    assert json_tells({**TAKEN, "status": "failed", "error": error}).status_code == 204
    assert kept() == [("json", "7f3a", "failed", "landline")]


def test_what_is_too_long_is_cut() -> None:
    long = {"MessageSid": "S" * 99, "MessageStatus": "路" * 99, "ErrorCode": "3" * 99}
    assert twilio_tells(long).status_code == 204
    assert kept() == [("twilio", "S" * 64, "路" * 30, "3" * 20)]


def test_a_receipt_cannot_be_told_to_another_text() -> None:
    """The signature covers what is said, not to which address."""
    assert json_tells(TAKEN, f"/hooks/json/status/{OURS}/").status_code == 400
