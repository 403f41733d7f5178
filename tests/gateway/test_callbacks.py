"""What the gateway tells of its own accord."""

import time

from tests.gateway.asking import PATIENCE, PHONE, SENDER, Client, Listener
from tests.gateway.run import RunningGateway
from tests.gateway.signatures import sign_twilio

HOOK = "/hooks/twilio/status/0123abcd/"


def test_a_text_is_sent_then_delivered(
    client: Client, gateway: RunningGateway, listener: Listener
) -> None:
    sid = client.create(StatusCallback=listener.url + HOOK + "?n=1#rc=5&rp=5xx,ct,rt").json["sid"]
    summary = gateway.wait_for_callbacks()
    assert listener.statuses() == ["sent", "delivered"]
    assert summary["callbacks"] == {"204": 2}
    assert gateway.texts()[0]["token"] == "0123abcd"
    heard = listener.heard[0]
    assert heard.path == HOOK + "?n=1"
    assert heard.fields == {
        "MessageSid": sid,
        "SmsSid": sid,
        "AccountSid": gateway.account_sid,
        "MessageStatus": "sent",
        "SmsStatus": "sent",
        "To": PHONE,
        "From": SENDER,
        "ApiVersion": "2010-04-01",
    }
    url = listener.url + HOOK + "?n=1"
    signature = sign_twilio(gateway.auth_token, url, heard.fields.items())
    assert heard.headers["X-Twilio-Signature"] == signature


def test_a_text_fails(client: Client, gateway: RunningGateway, listener: Listener) -> None:
    gateway.faults({"kind": "failed", "code": "30006"})
    client.create(StatusCallback=listener.url + HOOK)
    gateway.wait_for_callbacks()
    assert listener.statuses() == ["failed"]
    assert listener.heard[0].fields["ErrorCode"] == "30006"


def test_a_receipt_never_comes(client: Client, gateway: RunningGateway, listener: Listener) -> None:
    gateway.faults({"kind": "no_receipt"})
    client.create(StatusCallback=listener.url + HOOK)
    gateway.wait_for_callbacks()
    assert listener.statuses() == ["sent"]


def test_one_is_lost(client: Client, gateway: RunningGateway, listener: Listener) -> None:
    gateway.faults({"kind": "callback_lost", "count": 1})
    client.create(StatusCallback=listener.url + HOOK)
    gateway.wait_for_callbacks()
    assert listener.statuses() == ["delivered"]


def test_one_is_doubled(client: Client, gateway: RunningGateway, listener: Listener) -> None:
    gateway.faults({"kind": "callback_doubled", "count": 1})
    client.create(StatusCallback=listener.url + HOOK)
    gateway.wait_for_callbacks()
    assert sorted(listener.statuses()) == ["delivered", "sent", "sent"]


def test_they_come_in_the_wrong_order(
    client: Client, gateway: RunningGateway, listener: Listener
) -> None:
    gateway.faults({"kind": "callback_reordered"})
    client.create(StatusCallback=listener.url + HOOK)
    gateway.wait_for_callbacks()
    assert listener.statuses() == ["delivered", "sent"]


def test_one_comes_later(client: Client, gateway: RunningGateway, listener: Listener) -> None:
    gateway.faults({"kind": "callback_late", "count": 1, "seconds": 0.5})
    client.create(StatusCallback=listener.url + HOOK)
    gateway.wait_for_callbacks()
    assert listener.statuses() == ["delivered", "sent"]


def test_they_come_before_the_answer(
    client: Client, gateway: RunningGateway, listener: Listener
) -> None:
    gateway.faults({"kind": "callback_early"}, sent_after=3600, latency_ms=100)
    sid = client.create(StatusCallback=listener.url + HOOK).json["sid"]
    assert listener.statuses() == ["sent", "delivered"]
    assert listener.heard[0].fields["MessageSid"] == sid


def test_they_come_for_a_text_whose_answer_was_lost(
    client: Client, gateway: RunningGateway, listener: Listener
) -> None:
    gateway.faults({"kind": "error_after"})
    assert client.create(StatusCallback=listener.url + HOOK).status == 500
    gateway.wait_for_callbacks()
    assert listener.statuses() == ["sent", "delivered"]


def test_the_fragment_asks_for_another_try(
    client: Client, gateway: RunningGateway, listener: Listener
) -> None:
    gateway.faults({"kind": "no_receipt"})
    listener.answers = [500, 503]
    client.create(StatusCallback=listener.url + HOOK + "#rc=5&rp=5xx,ct,rt")
    gateway.wait_for_callbacks()
    tokens = {heard.headers["I-Twilio-Idempotency-Token"] for heard in listener.heard}
    assert (len(listener.heard), len(tokens)) == (3, 1)


def test_without_it_an_error_of_ours_loses_the_callback(
    client: Client, gateway: RunningGateway, listener: Listener
) -> None:
    gateway.faults({"kind": "no_receipt"})
    listener.answers = [500]
    client.create(StatusCallback=listener.url + HOOK)
    assert gateway.wait_for_callbacks()["callbacks"] == {"500": 1}


def test_nobody_outside_is_called(client: Client, gateway: RunningGateway) -> None:
    client.create(StatusCallback="https://311.example.gov/hooks/")
    assert gateway.wait_for_callbacks()["callbacks"] == {"outside": 2}


def test_nobody_is_there(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "no_receipt"})
    client.create(StatusCallback="http://127.0.0.1:1/hooks/")
    assert gateway.wait_for_callbacks()["callbacks"] == {"ct": 2}


def test_any_status_can_be_told(
    client: Client, gateway: RunningGateway, listener: Listener
) -> None:
    gateway.faults({"kind": "callback_lost"})
    sid = client.create(StatusCallback=listener.url + HOOK).json["sid"]
    assert gateway.callback(sid, "partially_delivered", "30003")["status"] == 204
    [heard] = listener.heard
    assert heard.fields["MessageStatus"] == "partially_delivered"
    assert heard.fields["ErrorCode"] == "30003"


def test_a_citizen_writes(gateway: RunningGateway, listener: Listener) -> None:
    listener.answers = [200]
    url = f"{listener.url}/hooks/twilio/sms/"
    answered = gateway.inbound(url, From=PHONE, Body="路灯坏了\x00 2 ", MessageSid="SM7")
    assert (answered["status"], answered["body"]) == (200, "<Response/>")
    [heard] = listener.heard
    assert heard.fields == answered["fields"]
    fields = heard.fields
    assert (fields["From"], fields["Body"], fields["SmsSid"]) == (PHONE, "路灯坏了\x00 2 ", "SM7")
    assert fields["FromCity"] == ""
    signature = sign_twilio(gateway.auth_token, url, fields.items())
    assert heard.headers["X-Twilio-Signature"] == signature


def test_who_writes_stop_gets_no_texts(
    client: Client, gateway: RunningGateway, listener: Listener
) -> None:
    gateway.inbound(listener.url, From=PHONE, Body=" Stop ")
    assert client.create().json["code"] == 21610
    assert gateway.summary()["opted_out"] == [PHONE]
    gateway.inbound(listener.url, From=PHONE, Body="START")
    assert client.create().status == 201
    gateway.inbound(listener.url, From=PHONE, Body="stop sign is broken")
    assert client.create().status == 201


def test_a_citizen_calls(gateway: RunningGateway, listener: Listener) -> None:
    url = f"{listener.url}/hooks/twilio/voice/"
    answered = gateway.call(url, From=PHONE, Digits="1")
    assert answered["status"] == 204
    fields = listener.heard[0].fields
    assert (fields["From"], fields["Digits"], fields["CallStatus"]) == (PHONE, "1", "ringing")
    assert fields["CallSid"].startswith("CA")
    signature = sign_twilio(gateway.auth_token, url, fields.items())
    assert listener.heard[0].headers["X-Twilio-Signature"] == signature


def test_many_texts_and_their_callbacks(
    client: Client, gateway: RunningGateway, listener: Listener
) -> None:
    for number in range(60):
        client.create(body=f"Text {number}", StatusCallback=f"{listener.url}/{number}/")
    deadline = time.monotonic() + PATIENCE
    while len(listener.heard) < 120:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    summary = gateway.summary()
    assert (summary["accepted"], summary["tokens"], summary["doubled"]) == (60, 60, 0)
    assert [text["token"] for text in gateway.texts()] == [str(number) for number in range(60)]
