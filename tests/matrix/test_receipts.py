"""The failure matrix: receipts come early, twice, in the wrong order, and from others."""

from tests.gateway.run import RunningGateway
from tests.gateway.signatures import sign_twilio
from tests.matrix.texts import queue, settled, status, tries
from tests.matrix.town import Town, until


def test_it_comes_before_our_own_answer(town: Town, gateway: RunningGateway, phone: str) -> None:
    gateway.faults({"kind": "callback_early"}, latency_ms=500)
    (text,) = queue(phone)
    until(lambda: status(text) == "delivered")
    assert tries(text)[0].finished_at is None
    until(lambda: tries(text)[0].finished_at)
    assert (status(text), text.doubled, len(gateway.texts())) == ("delivered", False, 1)
    assert tries(text)[0].sid == gateway.texts()[0]["sid"]


def test_doubled_and_reordered(town: Town, gateway: RunningGateway, phone: str) -> None:
    gateway.faults({"kind": "callback_doubled"}, {"kind": "callback_reordered"})
    (text,) = queue(phone)
    settled(text)
    assert gateway.wait_for_callbacks()["callbacks"] == {"204": 4}
    assert (status(text), text.doubled) == ("delivered", False)
    assert [receipt.status for receipt in tries(text)[0].receipts.order_by("status")] == [
        "delivered",
        "sent",
    ]


def test_forged(town: Town, gateway: RunningGateway, phone: str) -> None:
    gateway.faults({"kind": "callback_lost"})
    (text,) = queue(phone)
    settled(text)
    path = f"/hooks/twilio/status/{tries(text)[0].token.hex}/"
    said = f"MessageSid={gateway.texts()[0]['sid']}&MessageStatus=failed"
    forged = sign_twilio("f" * 32, town.address + path, [("MessageStatus", "failed")])
    for headers in ({}, {"X-Twilio-Signature": forged}):
        assert town.ask("POST", path, said, **headers) == 403
    assert status(text) == "sent"
