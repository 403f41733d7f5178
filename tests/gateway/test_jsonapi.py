"""The gateway with references: what is asked twice is sent once."""

import json

import pytest

from tests.gateway.asking import OTHER, PHONE, Client, Listener
from tests.gateway.run import RunningGateway
from tests.gateway.signatures import sign_json, signed_headers


def test_it_works(client: Client) -> None:
    said = client.create_json("abc")
    assert said.status == 202
    assert said.json == {"id": said.json["id"], "reference": "abc", "status": "accepted"}
    assert client.get_json(f"/json/texts/{said.json['id']}").json["reference"] == "abc"


def test_the_same_reference_is_the_same_text(client: Client, gateway: RunningGateway) -> None:
    first, second = client.create_json("abc"), client.create_json("abc")
    assert (first.status, second.status) == (202, 200)
    assert first.json["id"] == second.json["id"]
    [text] = gateway.texts()
    assert text["requests"] == 2
    assert gateway.summary()["doubled"] == 0


def test_a_reference_is_not_used_for_other_words(client: Client) -> None:
    client.create_json("abc")
    said = client.create_json("abc", text="Something else.")
    assert (said.status, said.json["error"]["code"]) == (409, "reference_used")


def test_looking_up_a_reference(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "unlisted"}, list_lag=3600)
    sid = client.create_json("abc").json["id"]
    [found] = client.get_json("/json/texts?reference=abc").json["texts"]
    assert (found["id"], found["error"]) == (sid, None)
    assert client.get_json("/json/texts?reference=never").json == {"texts": []}
    assert client.get_json("/json/texts/never").status == 404


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"to": "12"}, 400, "invalid_number"),
        ({"text": "a" * 1601}, 400, "too_long"),
        ({"reference": ""}, 400, "bad_request"),
        ({"callback": "nowhere"}, 400, "bad_callback"),
        ({"to": OTHER}, 400, "landline"),
    ],
)
def test_a_bad_text_is_refused(
    client: Client, gateway: RunningGateway, change: dict[str, str], status: int, code: str
) -> None:
    gateway.faults({"kind": "reject", "to": "124$", "code": "landline"})
    said = client.create_json(**{"reference": "abc", **change})
    assert (said.status, said.json["error"]["code"]) == (status, code)


def test_too_many(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "too_many", "seconds": 7})
    said = client.create_json("abc")
    assert (said.status, said.json["error"]["code"]) == (429, "too_many")
    assert said.headers["Retry-After"] == "7"


def test_only_what_is_signed_is_taken(client: Client) -> None:
    body = json.dumps({"reference": "abc", "to": PHONE, "text": "Hi."}).encode()
    old = {"X-Hotline-Timestamp": "1", "X-Hotline-Signature": sign_json("", "1", body)}
    other_body = signed_headers(client.gateway.key, body + b" ")
    for headers in ({}, old, other_body):
        said = client.ask("POST", "/json/texts", body, headers)
        assert (said.status, said.json["error"]["code"]) == (401, "unauthorised")
    headers = signed_headers(client.gateway.key, b"/json/texts?reference=other")
    assert client.ask("GET", "/json/texts?reference=abc", headers=headers).status == 401


def test_the_signature_is_the_agreed_one() -> None:
    """printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key"""
    signature = "a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03"
    assert sign_json("key", "1700000000", b'{"a":1}') == signature


def test_callbacks_are_signed_json(
    client: Client, gateway: RunningGateway, listener: Listener
) -> None:
    gateway.faults({"kind": "undelivered", "code": "no_route"})
    sid = client.create_json("abc", callback=f"{listener.url}/hooks/json/").json["id"]
    gateway.wait_for_callbacks()
    sent, undelivered = listener.heard
    assert json.loads(sent.body)["status"] == "sent"
    assert json.loads(undelivered.body) == {
        "id": sid,
        "reference": "abc",
        "status": "undelivered",
        "error": "no_route",
        "segments": 1,
    }
    timestamp = undelivered.headers["X-Hotline-Timestamp"]
    signature = sign_json(gateway.key, timestamp, undelivered.body)
    assert undelivered.headers["X-Hotline-Signature"] == signature
