"""Danger: report, acceptance and dispatch in one transaction, and one text instead of three."""

from datetime import datetime, timedelta
from uuid import uuid4

from common.models import User
from dispatch import equipment as trucks
from dispatch.equipment import EquipmentTaken
from dispatch.models import Crew, Equipment, Occupancy, WorkOrder
from hotline.models import Report
from hotline.services import take_emergency
from notifications.models import Message
from tests.people import bodies, say
from tests.raw_sql import raises
from tickets.models import Category, Ticket


def test_it_works(
    lights_out: Category, crew: Crew, lift: Equipment, operator: User, now: datetime
) -> None:
    said = say(lights_out, dangerous=True)
    report = take_emergency(said, crew=crew, by=operator, now=now, equipment=[lift])
    ticket = report.ticket
    assert (ticket.status, ticket.priority, ticket.owner) == ("assigned", "emergency", operator)
    order = WorkOrder.objects.get()
    assert (order.kind, order.crew, order.status) == ("make_safe", crew, "dispatched")
    assert Occupancy.objects.get().order == order
    assert report.dangerous
    assert len(bodies()) == 1
    assert "crew" in bodies()[0]


def test_the_crew_is_told_on_its_own_number(
    lights_out: Category, crew: Crew, operator: User, now: datetime
) -> None:
    Crew.objects.filter(pk=crew.pk).update(phone="+14155550150")
    crew.refresh_from_db()
    report = take_emergency(say(lights_out), crew=crew, by=operator, now=now)
    text = Message.objects.get(kind="crew_order")
    assert (text.recipient, text.contact) == ("+14155550150", None)
    assert report.ticket.number in text.body


def test_without_a_free_crew_it_leads_the_board_and_the_caller_has_a_number(
    lights_out: Category, operator: User, now: datetime
) -> None:
    report = take_emergency(say(lights_out), crew=None, by=operator, now=now)
    assert (report.ticket.status, report.ticket.priority) == ("accepted", "emergency")
    assert [report.ticket.number in text for text in bodies()] == [True]


def test_all_of_it_or_nothing(
    lights_out: Category,
    crew: Crew,
    other_crew: Crew,
    lift: Equipment,
    operator: User,
    now: datetime,
) -> None:
    trucks.hand_out(lift, crew=other_crew, at=now - timedelta(hours=1))
    with raises(EquipmentTaken, "Lights-2"):
        take_emergency(say(lights_out), crew=crew, by=operator, now=now, equipment=[lift])
    assert not Ticket.objects.exists()
    assert not Message.objects.exists()


def test_a_doubled_emergency_is_one(
    lights_out: Category, crew: Crew, operator: User, now: datetime
) -> None:
    said = say(lights_out, sender_key=uuid4())
    first = take_emergency(said, crew=crew, by=operator, now=now)
    assert take_emergency(said, crew=crew, by=operator, now=now) == first
    assert (Report.objects.count(), WorkOrder.objects.count()) == (1, 1)


def test_the_clock_starts_when_the_call_rang(
    lights_out: Category, crew: Crew, operator: User, now: datetime
) -> None:
    rang = now - timedelta(minutes=4)
    report = take_emergency(say(lights_out), crew=crew, by=operator, now=now, occurred_at=rang)
    assert (report.ticket.opened_at, report.said_at) == (rang, rang)
    assert report.ticket.events.get(kind="accept").occurred_at == now
