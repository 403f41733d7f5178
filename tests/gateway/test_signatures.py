"""Signatures that the real gateway's own library makes and accepts."""

import pytest

from tests.gateway.signatures import sign_twilio

TOKEN = "0123456789abcdef0123456789abcdef"
STATUS = {
    "MessageSid": "SM" + "1" * 32,
    "SmsSid": "SM" + "1" * 32,
    "AccountSid": "AC" + "0" * 32,
    "MessageStatus": "delivered",
    "SmsStatus": "delivered",
    "To": "+14155552671",
    "From": "+15551234567",
    "ApiVersion": "2010-04-01",
}
INBOUND = {
    "MessageSid": "SM" + "2" * 32,
    "SmsSid": "SM" + "2" * 32,
    "AccountSid": "AC" + "0" * 32,
    "From": "+14155552671",
    "To": "+15551234567",
    "Body": "路灯坏了 STOP? ",
    "NumMedia": "0",
    "NumSegments": "1",
    "FromCity": "",
    "FromCountry": "US",
}
HOST = "311.example.gov"
CALL = f"https://{HOST}/hooks/twilio/voice?CallSid=CA1&From=%2B14155552671"


@pytest.mark.parametrize(
    ("url", "fields", "signature"),
    [
        (f"https://{HOST}/hooks/twilio/status?n=42&a=7", STATUS, "fOiq/GNsk64zAfYgFvkAHPDZdTo="),
        (
            f"https://{HOST}:443/hooks/twilio/status?n=42&a=7",
            STATUS,
            "riTmTowulIgrhDjz8ixmISxObic=",
        ),
        (
            f"https://{HOST}:8443/hooks/twilio/status?n=42&a=7",
            STATUS,
            "sCSH96IPd2kg0rS+DO+nO3gihSg=",
        ),
        (f"http://{HOST}/hooks/twilio/status?n=42&a=7", STATUS, "P//pwIFeZ3CtNgMYPxn5Q0rPs60="),
        (f"https://{HOST}/hooks/twilio/inbound", INBOUND, "63sYZvKpqg3cFAic+3FQtgwXy8s="),
        (CALL, {}, "2oLotCc/E26We3Ywu+ij0Tt6dPM="),
        (f"{CALL}#rc=5&rp=5xx,ct,rt", {}, "2oLotCc/E26We3Ywu+ij0Tt6dPM="),
    ],
    ids=["https", "port 443", "port 8443", "http", "words", "no fields", "fragment"],
)
def test_a_known_signature(url: str, fields: dict[str, str], signature: str) -> None:
    assert sign_twilio(TOKEN, url, fields.items()) == signature


def test_a_field_said_twice_counts_once() -> None:
    twice = [("a", "2"), ("a", "1"), ("a", "2")]
    assert sign_twilio(TOKEN, CALL, twice) == sign_twilio(TOKEN, CALL, [("a", "1"), ("a", "2")])
