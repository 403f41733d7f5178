"""Danger: what to tell the caller, who goes, and one transaction that sends them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, Shift, WorkOrder
from hotline.models import Call, Report
from hotline.services import take_report
from tests.console.desk.conftest import wrong
from tests.people import bodies, make_crew, say
from tickets import services as tickets
from tickets.models import Category, Question, Ticket, Unit

DANGER = {"q.street-light-out.wire-in-reach": "yes"}


def test_it_works(desk: Client, typed: Callable[..., Any], wire: Question, on_shift: Crew) -> None:
    panel = desk.post("/desk/emergency/", typed(**DANGER)).content.decode()
    assert "Keep well away" in panel
    assert f'value="{on_shift.pk}" checked' in panel
    answer = desk.post("/desk/", typed(**DANGER, crew=str(on_shift.pk)), follow=True)
    ticket, order = Ticket.objects.get(), WorkOrder.objects.get()
    assert (ticket.priority, ticket.status) == ("emergency", "assigned")
    assert (order.crew, order.kind, order.status) == (on_shift, "make_safe", "dispatched")
    assert Report.objects.get().dangerous
    assert len(bodies()) == 1
    assert "Emergency sent" in answer.content.decode()
    assert Call.objects.get().outcome == "reported"


def test_the_tick_alone_is_enough_and_words_may_wait(
    desk: Client, typed: Callable[..., Any], on_shift: Crew
) -> None:
    desk.post("/desk/", typed(emergency="on", crew=str(on_shift.pk), words=""))
    assert Ticket.objects.get().priority == "emergency"


def test_who_goes_is_asked(desk: Client, typed: Callable[..., Any], on_shift: Crew) -> None:
    for crew in (None, "", "0", "x", "\x00"):
        page = desk.post("/desk/", typed(emergency="on", crew=crew))
        assert list(wrong(page)) == ["crew"]
        assert on_shift.name in page.content.decode()
    assert not Ticket.objects.exists()


def test_without_a_crew_the_dispatcher_is_told(desk: Client, typed: Callable[..., Any]) -> None:
    answer = desk.post("/desk/", typed(emergency="on", crew="none"), follow=True)
    assert (Ticket.objects.get().status, WorkOrder.objects.count()) == ("accepted", 0)
    assert "Tell the dispatcher now" in answer.content.decode()


def test_who_is_on_shift_with_least_to_do_leads(
    desk: Client,
    typed: Callable[..., Any],
    ticket: Ticket,
    on_shift: Crew,
    other_crew: Crew,
    power: Unit,
    dispatcher: User,
    now: datetime,
) -> None:
    make_crew("elsewhere", power)
    hour = timedelta(hours=1)
    Shift.objects.create(crew=other_crew, period=DateTimeTZRange(now - hour, now + hour))
    tickets.accept(ticket, by=dispatcher)
    dispatch.assign(ticket, crew=on_shift, by=dispatcher)
    page = desk.post("/desk/emergency/", typed(emergency="on"))
    crews = page.context["form"].crews
    assert [(c.name, c.load, c.on_shift) for c in crews] == [
        ("Lights-2", 0, True),
        ("Lights-1", 1, True),
    ]
    assert page.context["form"].going == str(other_crew.pk)


def test_nobody_on_shift_is_never_chosen_by_itself(
    desk: Client, typed: Callable[..., Any], crew: Crew
) -> None:
    page = desk.post("/desk/emergency/", typed(emergency="on"))
    assert "off shift" in page.content.decode()
    assert page.context["form"].going == ""


def test_what_is_read_aloud_is_in_the_callers_language(
    desk: Client, typed: Callable[..., Any]
) -> None:
    panel = desk.post("/desk/emergency/", typed(emergency="on", language="zh-hans"))
    assert '<ul lang="zh-hans">' in panel.content.decode()


def test_sent_twice_it_is_one_emergency(
    desk: Client, typed: Callable[..., Any], on_shift: Crew
) -> None:
    call = typed(emergency="on", crew=str(on_shift.pk))
    for _twice in range(2):
        assert desk.post("/desk/", call).status_code == 302
    assert (Call.objects.count(), Ticket.objects.count(), WorkOrder.objects.count()) == (1, 1, 1)


def test_a_danger_that_joins_sends_no_second_crew(
    desk: Client, typed: Callable[..., Any], lights_out: Category, wire: Question, now: datetime
) -> None:
    known = take_report(say(lights_out), now=now).ticket
    answer = desk.post("/desk/", typed(**DANGER, join=known.number), follow=True)
    assert Report.objects.latest("pk").dangerous
    assert not WorkOrder.objects.exists()
    assert "No crew is on its way yet" in answer.content.decode()
