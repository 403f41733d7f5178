"""Whether Twilio signed a request. The vectors' numbers belong to their signatures."""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from notifications.gateways.twilio import verify
from tests.notifications.gateways.conftest import TOKEN

HERE = "https://311.example.gov"
FORM = "application/x-www-form-urlencoded"
STATUS = "/hooks/twilio/status?n=42&a=7"
TOLD = {
    "MessageSid": "SM11111111111111111111111111111111",
    "SmsSid": "SM11111111111111111111111111111111",
    "AccountSid": "AC00000000000000000000000000000000",
    "MessageStatus": "delivered",
    "SmsStatus": "delivered",
    "To": "+14155552671",
    "From": "+15551234567",
    "ApiVersion": "2010-04-01",
}
SENT_IN = {
    "MessageSid": "SM22222222222222222222222222222222",
    "SmsSid": "SM22222222222222222222222222222222",
    "AccountSid": "AC00000000000000000000000000000000",
    "From": "+14155552671",
    "To": "+15551234567",
    "Body": "路灯坏了 STOP? ",
    "NumMedia": "0",
    "NumSegments": "1",
    "FromCity": "",
    "FromCountry": "US",
}
JSON = '{"status":"delivered","ticket":42}'
WITH_JSON = f"/hooks/twilio/json?bodySHA256={hashlib.sha256(JSON.encode()).hexdigest()}"
SHARED = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"


@pytest.fixture(autouse=True)
def here(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = HERE
    settings.TWILIO_AUTH_TOKEN = TOKEN


def posted(
    path: str, body: dict[str, Any] | str, signature: str | None, kind: str = FORM, **more: str
) -> HttpRequest:
    """As it comes from the proxy: by http, with a host of its own."""
    raw = body if isinstance(body, str) else urlencode(body, doseq=True)
    headers = {"X-Twilio-Signature": signature} if signature is not None else {}
    return RequestFactory().generic(
        "POST", path, raw.encode(), content_type=kind, headers={**headers, **more}
    )


def sign(path: str, fields: dict[str, Any] | None = None, base: str = HERE) -> str:
    """Twilio's own rule, written down once more: each distinct value of each key, in order."""
    told = base + path
    for name, value in sorted((fields or {}).items()):
        values = value if isinstance(value, list) else [value]
        told += "".join(name + one for one in sorted(set(values)))
    return base64.b64encode(hmac.digest(TOKEN.encode(), told.encode(), "sha1")).decode()


@pytest.mark.parametrize(
    ("base", "path", "told", "signature"),
    [
        pytest.param(HERE, STATUS, TOLD, "fOiq/GNsk64zAfYgFvkAHPDZdTo=", id="S1"),
        pytest.param(f"{HERE}:443", STATUS, TOLD, "riTmTowulIgrhDjz8ixmISxObic=", id="S2"),
        pytest.param(f"{HERE}:8443", STATUS, TOLD, "sCSH96IPd2kg0rS+DO+nO3gihSg=", id="S3"),
        pytest.param(
            "http://311.example.gov", STATUS, TOLD, "P//pwIFeZ3CtNgMYPxn5Q0rPs60=", id="S4"
        ),
        pytest.param(
            HERE, "/hooks/twilio/inbound", SENT_IN, "63sYZvKpqg3cFAic+3FQtgwXy8s=", id="S5"
        ),
    ],
)
def test_a_signed_form_is_known(
    base: str, path: str, told: dict[str, str], signature: str, settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = base
    assert verify(posted(path, told, signature)) is True
    assert sign(path, told, base) == signature


def test_a_port_in_between_does_no_harm() -> None:
    """The signature of the address with :443, where ours is without."""
    assert verify(posted(STATUS, TOLD, "riTmTowulIgrhDjz8ixmISxObic=")) is True


def test_a_signed_question_is_known() -> None:
    """S6."""
    path = "/hooks/twilio/voice?CallSid=CA1&From=%2B14155552671"
    headers = {"X-Twilio-Signature": "2oLotCc/E26We3Ywu+ij0Tt6dPM="}
    assert verify(RequestFactory().get(path, headers=headers)) is True
    assert verify(RequestFactory().get(path + "1", headers=headers)) is False


@pytest.mark.parametrize(
    ("body", "fine"),
    [(JSON, True), ('{"status":"failed","ticket":42}', False), (JSON + " ", False), ("", False)],
)
def test_json_is_held_against_its_hash(body: str, fine: bool) -> None:
    """S7."""
    request = posted(WITH_JSON, body, "QWHLm78TJxq0sBmbMqFpQ8xwVaM=", "application/json")
    assert verify(request) is fine


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "multipart/form-data"])
def test_a_body_that_the_signature_says_nothing_about_is_refused(kind: str) -> None:
    path = "/hooks/twilio/json"
    assert verify(posted(path, JSON, sign(path), kind)) is False


def test_a_shared_key_signs_where_one_is_set(settings: Settings) -> None:
    """S8."""
    signature, how = (
        "bIZ+269m4qpW4j2LGLwzxPXYU9szcGJ9KwXFoJ0sPgE=",
        {"X-Twilio-Webhooks-Signature-Settings": SHARED},
    )
    assert verify(posted(STATUS, TOLD, signature, **how)) is False
    settings.TWILIO_SHARED_KEY = TOKEN
    assert verify(posted(STATUS, TOLD, signature, **how)) is True
    assert verify(posted(STATUS, TOLD, signature)) is False
    other = {"X-Twilio-Webhooks-Signature-Settings": "key=1,algorithm=HMAC_MD5"}
    assert verify(posted(STATUS, TOLD, signature, **other)) is False


RIGHT = "fOiq/GNsk64zAfYgFvkAHPDZdTo="


@pytest.mark.parametrize("signature", [None, "", "=", "x" * 28, "路灯" * 14, RIGHT[:-1], RIGHT * 9])
def test_a_wrong_signature_is_refused(signature: str | None) -> None:
    request = posted(STATUS, TOLD, None)
    if signature is not None:
        request.META["HTTP_X_TWILIO_SIGNATURE"] = signature
    assert verify(request) is False


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/hooks/twilio/status/?n=42&a=7", TOLD),
        ("/hooks/twilio/status?a=7&n=42", TOLD),
        ("/hooks/twilio/status?n=42", TOLD),
        (STATUS, {**TOLD, "MessageStatus": "failed"}),
        (STATUS, {**TOLD, "More": ""}),
        (STATUS, {key: value for key, value in TOLD.items() if key != "To"}),
        (STATUS, {}),
    ],
)
def test_what_was_changed_on_the_way_is_refused(path: str, told: dict[str, str]) -> None:
    assert verify(posted(path, told, RIGHT)) is False


@pytest.mark.parametrize("field", ["Body", "FromCity"])
def test_blanks_count(field: str) -> None:
    signature = "63sYZvKpqg3cFAic+3FQtgwXy8s="
    tidied = {**SENT_IN, "Body": SENT_IN["Body"].strip()}
    if field == "FromCity":
        tidied = {key: value for key, value in SENT_IN.items() if value}
    assert verify(posted("/hooks/twilio/inbound", tidied, signature)) is False


def test_a_fragment_is_not_signed() -> None:
    """The address given to Twilio ends in #rc=5&…; what it signs, and asks, does not."""
    path = "/hooks/twilio/status/6d1ff3c2a4f04f4e8d5c1b2a39485766/"
    assert verify(posted(path, TOLD, sign(path, TOLD))) is True
    assert verify(posted(path, TOLD, sign(f"{path}#rc=5&rp=5xx,ct,rt", TOLD))) is False


def test_every_value_of_a_repeated_field_is_signed() -> None:
    told = {"MediaUrl": ["https://b.example.org", "https://a.example.org"], "Body": "Hi."}
    signature = sign("/hooks/twilio/inbound", told)
    assert verify(posted("/hooks/twilio/inbound", told, signature)) is True
    one_less = {**told, "MediaUrl": told["MediaUrl"][1:]}
    assert verify(posted("/hooks/twilio/inbound", one_less, signature)) is False


def test_the_headers_of_a_proxy_change_nothing() -> None:
    forwarded = {"Host": "evil.example.org", "X-Forwarded-Host": "evil.example.org"}
    assert verify(posted(STATUS, TOLD, RIGHT, **{"X-Forwarded-Proto": "http"})) is True
    request = posted(STATUS, TOLD, sign(STATUS, TOLD, "https://evil.example.org"), **forwarded)
    assert verify(request) is False


def test_without_a_token_nothing_is_signed(settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    told = HERE + STATUS
    signature = base64.b64encode(hmac.digest(b"", told.encode(), "sha1")).decode()
    assert verify(posted(STATUS, {}, signature)) is False


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("&".join(f"a{n}=1" for n in range(600)), FORM),
        ("a=1", f"{FORM}; charset=utf-16"),
        ("--x\r\nbroken", "multipart/form-data; boundary=x"),
    ],
)
def test_it_never_raises(body: str, kind: str) -> None:
    assert verify(posted(STATUS, body, RIGHT, kind)) is False


@pytest.mark.parametrize("base", ["https://host:port", "https://[::1", ""])
def test_it_never_raises_for_a_wrong_setting(base: str, settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = base
    assert verify(posted(STATUS, TOLD, RIGHT)) is False
