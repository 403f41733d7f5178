"""Not every step is a text: news waits a little for more news, and the newest one is told."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from common.models import User
from hotline.services import take_report
from notifications.models import Importance, Message
from tests.people import CALLER, NEIGHBOUR, bodies, say
from tests.tickets.lives import act, another_ticket
from tickets import services as tickets
from tickets.models import Category, Priority, Ticket

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Happens = Callable[..., None]


@pytest.fixture
def under_way(ticket: Ticket, dispatcher: User, now: datetime) -> Ticket:
    """With a crew on it since an hour ago; what was said about that has been sent."""
    for action in ("accept", "assign"):
        act(ticket, action, by=dispatcher, now=now - HOUR)
    Message.objects.update(status="sent", sent_at=now - HOUR)
    return ticket


@pytest.fixture
def happens(under_way: Ticket, dispatcher: User, now: datetime) -> Happens:
    """A milestone that a crew reports."""

    def record(kind: str, minutes: int = 0, **facts: object) -> None:
        at = now + minutes * MINUTE
        tickets.record(under_way, kind, by=dispatcher, now=at, **facts)

    return record


def waiting() -> list[str]:
    return list(
        Message.objects.filter(status="queued").order_by("pk").values_list("kind", flat=True)
    )


def test_the_newest_step_is_told_when_the_first_would_have_been(
    happens: Happens, settings: Settings, now: datetime
) -> None:
    happens("order_en_route")
    happens("order_made_safe", 1)
    (told,) = Message.objects.filter(status="queued")
    assert told.kind == "order_made_safe"
    assert told.run_at == now + timedelta(seconds=settings.TEXT_WAIT_SECONDS)


def test_solved_overtakes_all_steps(
    happens: Happens, under_way: Ticket, dispatcher: User, now: datetime
) -> None:
    happens("order_made_safe")
    tickets.settle_to(under_way, "resolve", by=dispatcher, now=now + MINUTE)
    assert waiting() == ["resolve"]


@pytest.mark.parametrize("end", ["reject", "merge"])
def test_an_end_says_all_and_overtakes_even_the_first_text(
    end: str, ticket: Ticket, operator: User, now: datetime
) -> None:
    Message.objects.filter(kind="open").update(run_at=now)
    act(ticket, end, by=operator, now=now)
    mine = Message.objects.about(ticket.topic).filter(status="queued")
    assert [(text.kind, text.run_at) for text in mine] == [(end, now)]


@pytest.mark.parametrize("kind", ["order_en_route", "order_made_safe"])
def test_a_second_crew_is_no_news(kind: str, happens: Happens) -> None:
    happens(kind)
    happens(kind, 30)
    assert len(Message.objects.filter(kind=kind)) == 1
    happens(kind, 5 * 60)
    assert len(Message.objects.filter(kind=kind)) == 2


def test_on_the_way_is_no_news_once_the_crew_is_there(happens: Happens) -> None:
    happens("order_en_route")
    happens("order_on_scene", 1)
    assert Message.objects.get(kind="order_en_route").status == "cancelled"
    happens("order_en_route", 20)  # the next crew: nobody was told of the first
    assert waiting() == ["order_en_route"]


def test_on_the_way_is_worth_four_hours(happens: Happens, now: datetime) -> None:
    happens("order_en_route", occurred_at=now - HOUR)
    assert Message.objects.get(kind="order_en_route").expires_at == now + 3 * HOUR


def test_a_phone_that_was_out_of_range_for_hours_sends_no_stale_news(
    happens: Happens, now: datetime
) -> None:
    happens("order_en_route", occurred_at=now - 5 * HOUR)
    assert not Message.objects.filter(kind="order_en_route").exists()


def test_a_fact_that_came_too_late_for_its_order_tells_nobody(happens: Happens) -> None:
    happens("order_en_route", applied=False)
    happens("order_made_safe", applied=False)
    assert waiting() == []


def test_a_crew_that_comes_to_look_again_is_no_news(
    happens: Happens, under_way: Ticket, dispatcher: User, now: datetime
) -> None:
    tickets.settle_to(under_way, "resolve", by=dispatcher, now=now)
    happens("order_en_route", 10)
    assert waiting() == ["resolve"]


def test_who_just_told_us_of_a_danger_is_told_at_once_and_at_any_hour(
    lights_out: Category, dispatcher: User, now: datetime
) -> None:
    ticket = take_report(say(lights_out, NEIGHBOUR), now=now - 2 * HOUR).ticket
    take_report(say(lights_out), now=now, join=ticket)
    tickets.accept(ticket, by=dispatcher, now=now, priority=Priority.EMERGENCY)
    act(ticket, "assign", by=dispatcher, now=now)
    texts = {m.recipient: m for m in Message.objects.filter(kind="assign")}
    assert texts[CALLER].importance == Importance.REPLY
    assert texts[NEIGHBOUR].importance == Importance.NORMAL  # long in bed, perhaps
    assert {m.run_at for m in texts.values()} == {now}


def test_an_answer_of_the_citizen_is_answered_at_any_hour(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    act(ticket, "answer", by=operator, now=now - 3 * HOUR)
    Message.objects.update(status="sent")
    ticket.subscribers.update(answer="no", answered_at=now)
    tickets.reopen(ticket, reason="", by=None, now=now)
    told = Message.objects.get(kind="reopen")
    assert (told.importance, told.run_at, told.status) == (Importance.REPLY, now, "queued")


def test_each_of_many_is_told_under_their_own_number(
    ticket: Ticket, lights_out: Category, operator: User, now: datetime
) -> None:
    root = another_ticket(lights_out)
    tickets.merge(ticket, into=root, by=operator, now=now)
    assert ticket.number in bodies()[-1]
    assert root.number in bodies()[-1]
    top = another_ticket(lights_out)
    tickets.merge(root, into=top, by=operator, now=now)
    assert ticket.number in bodies()[-1]
    assert top.number in bodies()[-1]
