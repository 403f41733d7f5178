"""What a clear no of the gateway means, and how long it asks us to wait."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from notifications.gateways import Outgoing, Verdict, wire
from notifications.gateways.twilio import Twilio
from tests.notifications.gateways.conftest import refused, twilio_at
from tests.notifications.gateways.server import Server, says

V = Verdict


@pytest.mark.parametrize(
    ("status", "told", "verdict", "code"),
    [
        (400, {"code": 21211, "message": "+14155550123 is not valid"}, V.NUMBER, "21211"),
        (400, {"code": 21614}, V.NUMBER, "21614"),
        (400, {"code": 21610}, V.OPTED_OUT, "21610"),
        (400, {"code": 21606}, V.ACCOUNT, "21606"),
        (400, {"code": 21609}, V.ACCOUNT, "21609"),
        (400, {"code": 21408}, V.PERMANENT, "21408"),
        (400, {"code": 21611}, V.RETRY, "21611"),
        (400, {"code": 99999}, V.PERMANENT, "99999"),
        (401, {"code": 20003}, V.ACCOUNT, "20003"),
        (401, None, V.ACCOUNT, ""),
        (403, {"code": 20005}, V.ACCOUNT, "20005"),
        (404, b"nginx", V.ACCOUNT, ""),
        (400, b"a proxy's own words", V.AMBIGUOUS, ""),
        (408, b"", V.AMBIGUOUS, ""),
        (429, {"code": 20429}, V.RETRY, "20429"),
    ],
)
def test_a_no_says_what_it_means(
    server: Server, text: Outgoing, status: int, told: object, verdict: Verdict, code: str
) -> None:
    server.always(says(status, told))
    refusal = refused(twilio_at(server.url), text)
    assert (refusal.verdict, refusal.code, refusal.http_status) == (verdict, code, status)


def test_errors_in_the_newer_form_are_read_alike(
    server: Server, twilio: Twilio, text: Outgoing
) -> None:
    problem = {"type": "https://…", "title": "Bad", "status": 400, "code": 21610}
    server.always(says(400, problem, Content_Type="application/problem+json"))
    assert refused(twilio, text).verdict is V.OPTED_OUT


def test_it_waits_as_long_as_it_is_asked_to(server: Server, twilio: Twilio, text: Outgoing) -> None:
    server.always(says(429, {"code": 20429}, Retry_After="7"))
    assert refused(twilio, text).retry_after == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("7", timedelta(seconds=7)),
        (" 90 ", timedelta(seconds=90)),
        ("99999999999999999999", timedelta(hours=1)),
        ("Fri, 31 Jul 2026 11:10:30 GMT", timedelta(seconds=30)),
        ("Fri, 31 Jul 2026 23:10:30 GMT", timedelta(hours=1)),
        ("Fri, 31 Jul 2026 11:09:00 GMT", None),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("²", None),
        ("", None),
    ],
)
def test_a_pause_is_read_from_seconds_or_a_date(header: str, pause: timedelta | None) -> None:
    now = datetime(2026, 7, 31, 11, 10, tzinfo=UTC)
    headers = httpx.Headers([(b"Retry-After", header.encode())])
    assert wire.read_pause(headers, now) == pause
