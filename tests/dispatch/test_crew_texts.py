"""A crew is told on its own number, unless history is being written."""

from datetime import datetime

import pytest

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew
from notifications.models import Message
from tickets.models import Ticket
from tickets.services import silence


@pytest.fixture
def reachable(crew: Crew) -> Crew:
    Crew.objects.filter(pk=crew.pk).update(phone="+14155550150")
    crew.refresh_from_db()
    return crew


def test_it_works(accepted: Ticket, reachable: Crew, dispatcher: User, now: datetime) -> None:
    order = dispatch.assign(accepted, crew=reachable, by=dispatcher, now=now)
    dispatch.recall(order, reason="Too late today.", by=dispatcher, now=now)
    told = Message.objects.filter(staff_phone=reachable.phone).order_by("pk")
    assert [text.kind for text in told] == ["crew_order", "crew_recall"]


def test_an_import_rings_no_crew(
    accepted: Ticket, reachable: Crew, dispatcher: User, now: datetime
) -> None:
    with silence():
        order = dispatch.assign(accepted, crew=reachable, by=dispatcher, now=now)
        dispatch.recall(order, reason="Too late today.", by=dispatcher, now=now)
    assert not Message.objects.exclude(staff_phone="").exists()
