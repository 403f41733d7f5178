import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, Equipment, WorkOrder
from hotline.services import take_report
from tests.people import say
from tickets import services as tickets
from tickets.models import Category, Ticket

Accept = Callable[..., Ticket]


@pytest.fixture
def board(client: Client, dispatcher: User) -> Client:
    """The dispatcher's browser, signed in."""
    client.force_login(dispatcher)
    return client


@pytest.fixture
def accept(lights_out: Category, operator: User, now: datetime) -> Accept:
    """accept(priority="emergency"): one more accepted ticket."""

    def add(at: datetime = now, said: dict[str, Any] | None = None, **triage: Any) -> Ticket:
        report = take_report(say(lights_out, phone="", **(said or {})), now=at, by=operator)
        tickets.accept(report.ticket, by=operator, now=at, **triage)
        return report.ticket

    return add


@pytest.fixture
def accepted(accept: Accept) -> Ticket:
    return accept()


@pytest.fixture
def sent(
    accepted: Ticket, crew: Crew, lift: Equipment, dispatcher: User, now: datetime
) -> WorkOrder:
    """The crew was sent, the lift is kept for it."""
    return dispatch.assign(accepted, crew=crew, by=dispatcher, now=now, equipment=[lift])


def text(answer: Any) -> str:
    """What a reader sees, without the tags."""
    page: str = answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
