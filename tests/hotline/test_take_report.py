"""A report comes in, whatever the channel: a new ticket, or one more voice on a known one."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from common.models import User
from hotline.models import Call, Report
from hotline.services import Caller, take_report
from notifications.models import Contact, Message
from tests.people import CALLER, NEIGHBOUR, bodies, say
from tests.raw_sql import refused_by
from tests.tickets.lives import act
from tickets.models import Category, Channel, Ticket, Unit
from tickets.services import Location


def test_it_works(lights_out: Category, lighting: Unit, operator: User, now: datetime) -> None:
    report = take_report(say(lights_out), now=now, by=operator)
    ticket = report.ticket
    assert (ticket.status, ticket.unit, ticket.opened_at) == ("received", lighting, now)
    assert ticket.due_at == now + timedelta(hours=72)
    assert report.words.internal == "All the lamps at the crossing are dark."
    assert (report.taken_by, report.contact and report.contact.phone) == (operator, CALLER)
    assert [ticket.number in text for text in bodies()] == [True]


def test_a_call_remembers_what_came_of_it(
    lights_out: Category, ticket: Ticket, operator: User, now: datetime
) -> None:
    first, second = (
        Call.objects.create(number=phone, rang_at=now, operator=operator)
        for phone in (CALLER, NEIGHBOUR)
    )
    take_report(say(lights_out), now=now, by=operator, call=first)
    take_report(say(lights_out, NEIGHBOUR), now=now, by=operator, call=second, join=ticket)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.outcome, second.outcome) == ("reported", "joined")
    assert second.contact and second.contact.phone == NEIGHBOUR


def test_the_citizens_clock_starts_when_the_citizen_called(
    lights_out: Category, operator: User, now: datetime
) -> None:
    called = now - timedelta(minutes=40)
    report = take_report(say(lights_out), now=now, occurred_at=called, by=operator)
    event = report.ticket.events.get()
    assert (report.ticket.opened_at, event.occurred_at, event.recorded_at) == (called, called, now)
    later = take_report(say(lights_out), now=now, occurred_at=now + timedelta(hours=1), by=operator)
    assert later.ticket.opened_at == now


def test_a_hidden_number_is_taken_and_texts_nobody(lights_out: Category, now: datetime) -> None:
    report = take_report(say(lights_out, phone=""), now=now)
    assert report.contact is None
    assert not report.ticket.subscribers.exists()
    assert not Message.objects.exists()


def test_a_neighbour_joins_and_is_told_the_same_number(
    ticket: Ticket, lights_out: Category, now: datetime
) -> None:
    report = take_report(say(lights_out, NEIGHBOUR), now=now, join=ticket)
    assert report.ticket == ticket
    assert [ticket.number in text for text in bodies(to=NEIGHBOUR)] == [True]
    assert len(bodies(to=CALLER)) == 1
    take_report(say(lights_out, NEIGHBOUR), now=now, join=ticket)
    assert len(bodies(to=NEIGHBOUR)) == 1
    assert Report.objects.filter(ticket=ticket).count() == 3


def test_a_hidden_number_that_joins_wakes_nobody_else(
    ticket: Ticket, lights_out: Category, now: datetime
) -> None:
    take_report(say(lights_out, phone=""), now=now, join=ticket)
    assert ticket.events.filter(kind="join").count() == 1
    assert len(bodies(to=CALLER)) == 1


@pytest.mark.parametrize("action", ["answer", "reject"])
def test_nobody_joins_what_is_over_a_new_ticket_is_opened(
    action: str, ticket: Ticket, lights_out: Category, dispatcher: User, now: datetime
) -> None:
    act(ticket, action, by=dispatcher, now=now)
    call = Call.objects.create(number=NEIGHBOUR, rang_at=now)
    report = take_report(say(lights_out, NEIGHBOUR), now=now, call=call, join=ticket)
    assert report.ticket != ticket
    assert (report.ticket.status, call.outcome) == ("received", "reported")


def test_who_joins_a_merged_ticket_joins_its_root(
    ticket: Ticket, lights_out: Category, dispatcher: User, now: datetime
) -> None:
    act(ticket, "merge", by=dispatcher, now=now)
    report = take_report(say(lights_out, NEIGHBOUR), now=now, join=ticket)
    assert report.ticket == ticket.merged_into


def test_the_same_sender_key_is_one_report_whatever_it_says_now(
    lights_out: Category, now: datetime
) -> None:
    key = uuid4()
    first = take_report(say(lights_out, sender_key=key), now=now)
    again = take_report(say(lights_out, NEIGHBOUR, sender_key=key, words="Other."), now=now)
    assert again == first
    assert (Ticket.objects.count(), Report.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_a_place_off_the_planet_is_refused_and_nothing_is_written(
    lights_out: Category, now: datetime
) -> None:
    with refused_by("ticket_is_on_the_planet"):
        take_report(say(lights_out, location=Location(lon=225.0, lat=43.8)), now=now)
    assert not Ticket.objects.exists()
    assert not Contact.objects.exists()


def test_ten_megabytes_of_words_are_kept(lights_out: Category, now: datetime) -> None:
    words = "路灯不亮。" * (10 * 2**20 // 15)
    report = take_report(say(lights_out, words=words), now=now)
    report.words.refresh_from_db()
    assert report.words.internal == words
    assert all(message.segments <= 2 for message in Message.objects.all())


def test_a_patrol_finds_it_itself_so_no_citizen_waited(
    lights_out: Category, operator: User, now: datetime
) -> None:
    report = take_report(say(lights_out, "", channel=Channel.PATROL), now=now, by=operator)
    assert report.ticket.by_staff


def test_a_contact_keeps_the_newest_name_and_language(lights_out: Category, now: datetime) -> None:
    for name, language in (("Li Wei", "en"), ("", "zh-hans"), ("李伟", "zh-hans")):
        take_report(say(lights_out, caller=Caller(CALLER, name, language)), now=now)
    contact = Contact.objects.get()
    assert (contact.name, contact.language) == ("李伟", "zh-hans")
    assert bodies()[0].startswith("We have")
    assert bodies()[1].startswith("已收到")


def test_a_foreign_report_comes_in_once(ticket: Ticket) -> None:
    Report.objects.update(source="boston311", foreign_id="101")
    again = Report.objects.get()
    again.pk, again.words = None, again.words.__class__.objects.create()
    with refused_by("foreign_report_once"):
        again.save(force_insert=True)
