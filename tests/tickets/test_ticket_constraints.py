"""What a ticket can never be, whoever writes it."""

from datetime import datetime

import pytest

from common.models import User
from notifications.models import Contact
from tests.raw_sql import refused_by, sql
from tests.tickets.lives import act, another_ticket, bring_to
from tickets.models import Category, District, Responsibility, Subscriber, Ticket, Unit
from tickets.rules import OPEN


@pytest.mark.parametrize("status", OPEN)
def test_an_open_ticket_has_a_unit(
    status: str, ticket: Ticket, dispatcher: User, now: datetime
) -> None:
    bring_to(ticket, status, by=dispatcher, now=now)
    with refused_by("open_ticket_has_unit"):
        sql("UPDATE tickets_ticket SET unit_id = NULL WHERE id = %s", ticket.pk)


def test_a_closed_ticket_may_lose_its_unit_and_reopening_finds_one(
    ticket: Ticket, dispatcher: User, lighting: Unit, now: datetime
) -> None:
    bring_to(ticket, "closed", by=dispatcher, now=now)
    sql("UPDATE tickets_ticket SET unit_id = NULL WHERE id = %s", ticket.pk)
    act(ticket, "reopen", by=dispatcher, now=now)
    assert ticket.unit == lighting


def test_merged_and_root_go_together(ticket: Ticket, dispatcher: User, now: datetime) -> None:
    root = another_ticket(ticket.category)
    with refused_by("merged_ticket_names_its_root"):
        sql("UPDATE tickets_ticket SET merged_into_id = %s WHERE id = %s", root.pk, ticket.pk)
    act(ticket, "merge", by=dispatcher, now=now)
    with refused_by("merged_ticket_names_its_root"):
        sql("UPDATE tickets_ticket SET merged_into_id = NULL WHERE id = %s", ticket.pk)


@pytest.mark.parametrize(
    ("lon", "lat"), [(181, 0), (-181, 0), (0, 91), (0, -91), (125.4, None), (None, 43.8)]
)
def test_a_ticket_lies_on_the_planet_or_nowhere(
    lon: float | None, lat: float | None, ticket: Ticket
) -> None:
    with refused_by("ticket_is_on_the_planet"):
        sql("UPDATE tickets_ticket SET lon = %s, lat = %s WHERE id = %s", lon, lat, ticket.pk)


def test_a_person_follows_a_ticket_once(ticket: Ticket, now: datetime) -> None:
    known = ticket.subscribers.get()
    with refused_by("subscribed_once"):
        Subscriber.objects.create(ticket=ticket, contact=known.contact, created_at=now)


@pytest.mark.parametrize("phone", ["4155550101", "+04155550101", "+1415", "+1 415 555 0101", ""])
def test_a_contact_is_reached_under_an_e164_number(phone: str, db: None, now: datetime) -> None:
    with refused_by("contact_phone_is_e164"):
        Contact.objects.create(phone=phone, created_at=now)


def test_there_is_one_default_unit(lighting: Unit, power: Unit) -> None:
    Unit.objects.filter(pk=lighting.pk).update(is_default=True)
    with refused_by("one_default_unit"):
        Unit.objects.filter(pk=power.pk).update(is_default=True)


def test_one_unit_answers_for_a_category_in_a_district(lights_out: Category, power: Unit) -> None:
    with refused_by("one_unit_for_category_and_district"):
        Responsibility.objects.create(category=lights_out, unit=power)
    north = District.objects.create(code="north", name_en="North", geometry={})
    Responsibility.objects.create(category=lights_out, unit=power, district=north)


def test_two_questions_of_a_category_have_two_codes(lights_out: Category) -> None:
    lights_out.questions.create(code="how-many", text_en="How many lamps?", kind="number")
    with refused_by("question_code_in_category"):
        lights_out.questions.create(code="how-many", text_en="Again?", kind="text")
