"""Two clicks on one button, twenty new callers at once."""

from datetime import datetime
from uuid import uuid4

import pytest

from common.models import User
from dispatch.models import Crew, WorkOrder
from hotline.models import Report
from hotline.services import take_emergency, take_report
from notifications.models import Contact, Message
from tests.people import say
from tests.races import at_once
from tickets.models import Category, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clicks_are_one_report(lights_out: Category, now: datetime) -> None:
    said = say(lights_out, sender_key=uuid4())
    results = at_once(*[lambda: take_report(said, now=now)] * 8)
    assert len({report.pk for report in results}) == 1
    assert (Ticket.objects.count(), Report.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_two_clicks_on_an_emergency_are_one(
    lights_out: Category, crew: Crew, operator: User, now: datetime
) -> None:
    said = say(lights_out, sender_key=uuid4(), dangerous=True)
    results = at_once(*[lambda: take_emergency(said, crew=crew, by=operator, now=now)] * 8)
    assert {getattr(report, "pk", report) for report in results} == {Report.objects.get().pk}
    assert (Ticket.objects.count(), WorkOrder.objects.count()) == (1, 1)


def test_a_new_caller_who_rings_twice_at_once_is_one_contact(
    lights_out: Category, now: datetime
) -> None:
    results = at_once(*[lambda: take_report(say(lights_out), now=now)] * 8)
    assert all(isinstance(report, Report) for report in results), results
    assert Contact.objects.count() == 1
    numbers = set(Ticket.objects.values_list("number", flat=True))
    assert len(numbers) == 8
