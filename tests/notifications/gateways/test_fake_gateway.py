"""Both gateways against a process that behaves like real ones, receipts included."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from notifications import outbox
from notifications.gateways import Refusal, Verdict, routes
from notifications.models import Attempt, Contact, Receipt
from tests.gateway.run import RunningGateway, running_gateway
from tests.notifications.conftest import text
from tests.notifications.gateways.conftest import text_of

pytestmark = pytest.mark.slow

NUMBERS = {"twilio": "+14155550123", "json": "+8613800000000"}


@pytest.fixture(scope="module")
def process() -> Iterator[RunningGateway]:
    with running_gateway() as process:
        yield process


@pytest.fixture
def fake(process: RunningGateway, configured: Settings) -> RunningGateway:
    process.reset()
    configured.TWILIO_ACCOUNT_SID = process.account_sid
    configured.TWILIO_AUTH_TOKEN = process.auth_token
    configured.TWILIO_FROM = "+14155550100"
    configured.TWILIO_API_BASE = process.base_url
    configured.JSON_GATEWAY_URL = f"{process.base_url}/json"
    configured.JSON_GATEWAY_KEY = process.key
    return process


@pytest.mark.parametrize("name", NUMBERS)
def test_it_works(
    fake: RunningGateway,
    configured: Settings,
    live_server: LiveServer,
    contact: Contact,
    name: str,
) -> None:
    configured.PUBLIC_BASE_URL = live_server.url.replace("localhost", "127.0.0.1")
    configured.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    started = timezone.now()
    (message,) = outbox.enqueue([text(contact)], now=started)
    sent = text_of(to=NUMBERS[name], body=message.body)
    Attempt.objects.create(message=message, token=sent.token, gateway=name, started_at=started)
    assert routes.route(sent.to) == name
    sid = routes.gateway(name).send(sent)
    fake.wait_for_callbacks()
    told = Receipt.objects.order_by("pk").values_list("gateway", "sid", "status")
    assert list(told) == [(name, sid, "sent"), (name, sid, "delivered")]
    (found,) = routes.gateway(name).look_up(sent, since=started)
    assert (found.sid, found.status) == (sid, "delivered")
    assert routes.gateway(name).fetch(sid) == found
    assert [one["body"] for one in fake.texts()] == [sent.body]


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize(
    ("fault", "verdict", "accepted"),
    [
        ({"kind": "too_many", "seconds": 7}, Verdict.RETRY, 0),
        ({"kind": "error_before"}, Verdict.AMBIGUOUS, 0),
        ({"kind": "error_after"}, Verdict.AMBIGUOUS, 1),
        ({"kind": "close_before"}, Verdict.AMBIGUOUS, 0),
        ({"kind": "close_after"}, Verdict.AMBIGUOUS, 1),
        ({"kind": "reset_after"}, Verdict.AMBIGUOUS, 1),
        ({"kind": "truncated"}, Verdict.AMBIGUOUS, 1),
        ({"kind": "reject", "code": "landline"}, Verdict.NUMBER, 0),
        ({"kind": "reject", "code": "opted_out"}, Verdict.OPTED_OUT, 0),
        ({"kind": "reject", "code": "unauthorised"}, Verdict.ACCOUNT, 0),
        ({"kind": "reject", "code": "country"}, Verdict.PERMANENT, 0),
    ],
)
def test_a_fault_means_what_it_must(
    fake: RunningGateway, name: str, fault: dict[str, Any], verdict: Verdict, accepted: int
) -> None:
    fake.faults(fault)
    started, sent = timezone.now(), text_of(to=NUMBERS[name])
    with pytest.raises(Refusal) as refusal:
        routes.gateway(name).send(sent)
    assert refusal.value.verdict is verdict
    assert fake.summary()["accepted"] == accepted
    if fault["kind"] == "too_many":
        assert refusal.value.retry_after == timedelta(seconds=7)
    fake.faults()
    assert len(routes.gateway(name).look_up(sent, since=started)) == accepted


@pytest.mark.parametrize(("name", "texts"), [("twilio", 2), ("json", 1)])
def test_only_a_reference_makes_two_tries_one_text(
    fake: RunningGateway, name: str, texts: int
) -> None:
    sent = text_of(to=NUMBERS[name])
    for _ in range(2):
        routes.gateway(name).send(sent)
    assert len(fake.texts()) == texts
