"""Phones that write to us, and what they are answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from common.models import User
from hotline.models import InboundText
from hotline.services import Caller, take_report
from hotline.texts import Incoming, take_text
from notifications.models import Contact, Message
from tests.people import CALLER, NEIGHBOUR, say
from tickets import services as tickets
from tickets.models import Category, Ticket

sids = (f"SM{number:032x}" for number in count(1))


@dataclass
class Phone:
    """A citizen's phone; time passes on it from one text to the next."""

    number: str
    clock: datetime
    read: int = field(default=0)

    def writes(
        self, body: str, *, later: timedelta = timedelta(minutes=1), **more: Any
    ) -> InboundText:
        self.clock += later
        incoming = Incoming(sid=next(sids), number=self.number, body=body, **more)
        take_text(incoming, now=self.clock)
        return InboundText.objects.get(provider_sid=incoming.sid)

    @property
    def texts(self) -> list[str]:
        """Everything that was ever meant for it."""
        own = Message.objects.filter(contact__phone=self.number).order_by("pk")
        return list(own.values_list("body", flat=True))

    @property
    def heard(self) -> list[str]:
        """What came since one looked last."""
        before, self.read = self.read, len(self.texts)
        return self.texts[before:]

    def speaks(self, language: str) -> None:
        Contact.objects.filter(phone=self.number).update(language=language)


@pytest.fixture
def phone(now: datetime) -> Phone:
    """Of the one who reported `ticket`."""
    return Phone(CALLER, now)


@pytest.fixture
def neighbour(now: datetime) -> Phone:
    return Phone(NEIGHBOUR, now)


@pytest.fixture
def stranger_phone(now: datetime) -> Phone:
    return Phone("+14155550177", now)


@pytest.fixture
def another(lights_out: Category, operator: User, now: datetime) -> Callable[[], Ticket]:
    """One more problem that the caller reports."""
    return lambda: take_report(say(lights_out), now=now, by=operator).ticket


def join(ticket: Ticket, number: str, *, now: datetime, language: str = "en") -> None:
    caller = Caller(phone=number, name="", language=language)
    take_report(say(ticket.category, caller=caller), now=now, join=ticket)


def solve(ticket: Ticket, *, by: User, now: datetime) -> None:
    tickets.answer(ticket, how="desk", words="", by=by, now=now)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)
