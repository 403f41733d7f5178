"""The newspaper case with a gateway: texts, receipts and answers over HTTP, in both languages."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from common.models import User
from dispatch import operations
from dispatch import services as dispatch
from dispatch.models import Crew
from dispatch.operations import Op
from hotline.models import Feedback
from hotline.services import Caller, take_report
from notifications import delivery
from notifications.gateways import routes
from notifications.models import Message
from tests.gateway.run import RunningGateway, running_gateway
from tests.people import CALLER, say
from tickets import services as tickets
from tickets.models import Category, Ticket

WORDS = {
    "en": ["We have your report", "assigned", "solved", "opened again", "solved", "closed"],
    "zh-hans": ["已收到", "已派", "处理完毕", "重新", "处理完毕", "办结"],
}


@pytest.fixture(scope="module")
def process() -> Iterator[RunningGateway]:
    with running_gateway() as process:
        yield process


@pytest.fixture
def gateway(
    process: RunningGateway, settings: Settings, live_server: LiveServer
) -> Iterator[RunningGateway]:
    process.reset()
    settings.TWILIO_ACCOUNT_SID = process.account_sid
    settings.TWILIO_AUTH_TOKEN = process.auth_token
    settings.TWILIO_FROM = "+14155550100"
    settings.TWILIO_API_BASE = process.base_url
    settings.PUBLIC_BASE_URL = live_server.url.replace("localhost", "127.0.0.1")
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    routes.gateways.cache_clear()
    yield process
    routes.gateways.cache_clear()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_opens_it_again_and_yes_closes_it(
    language: str,
    gateway: RunningGateway,
    settings: Settings,
    lights_out: Category,
    operator: User,
    fitter: User,
    crew: Crew,
) -> None:
    def worker_sends() -> None:
        Message.objects.filter(status="queued").update(run_at=timezone.now())
        delivery.drain()
        assert gateway.wait_for_callbacks()["callbacks_pending"] == 0

    def citizen_says(words: str) -> None:
        url = f"{settings.PUBLIC_BASE_URL}/hooks/twilio/sms/"
        answer = gateway.inbound(url, From=CALLER, Body=words)
        assert (answer["status"], "<Response" in answer["body"]) == (200, True)
        worker_sends()

    def crew_repairs(ticket: Ticket) -> None:
        order = dispatch.assign(ticket, crew=crew, by=operator, now=timezone.now())
        worker_sends()
        for kind, said in (("on_scene", {}), ("done", {"outcome": "restored"})):
            does(order.pk, kind, fitter, **said)
        worker_sends()

    caller = Caller(phone=CALLER, language=language)
    ticket = take_report(say(lights_out, caller=caller), now=timezone.now()).ticket
    worker_sends()
    tickets.accept(ticket, by=operator)

    crew_repairs(ticket)
    citizen_says("2")
    assert fresh(ticket).status == "accepted"
    crew_repairs(fresh(ticket))
    citizen_says("是" if language == "zh-hans" else "1")
    assert fresh(ticket).status == "closed"
    citizen_says("５")
    assert Feedback.objects.get().satisfied == 5

    heard = [text["body"] for text in gateway.texts(CALLER)]
    for words in WORDS[language]:
        assert any(words in body for body in heard), (words, heard)
    kept = Message.objects.filter(status="delivered").count()
    assert len(heard) == kept == gateway.summary()["tokens"]
    assert set(Message.objects.values_list("status", flat=True)) <= {"delivered", "superseded"}


def does(order: int, kind: str, by: User, **said: Any) -> None:
    now: datetime = timezone.now()
    result = operations.apply(Op(uuid4(), kind, order, now, said), by=by, now=now)
    assert result["status"] == "applied", result


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)
