"""Whole lives at once, for imports: the same rules, written in bulk, told to nobody."""

from datetime import datetime, timedelta

import pytest

from notifications.models import Message
from tests.raw_sql import raises, sql
from tickets import services as tickets
from tickets.history import Life, Step, replay
from tickets.models import Category, Channel, Ticket, TicketEvent, Unit, Words
from tickets.services import Location, MoveNotAllowed

YEAR = timedelta(days=365)


@pytest.fixture
def life(lights_out: Category, lighting: Unit, now: datetime) -> Life:
    opened = now - YEAR
    return Life(
        category=lights_out,
        unit=lighting,
        location=Location(1.0, 2.0, "Elm St"),
        channel=Channel.IMPORT,
        opened_at=opened,
        flags=("odd",),
        steps=[
            Step("accept", opened + timedelta(hours=1)),
            Step("answer", opened + timedelta(hours=5), {"how": "imported"}, public="Fixed."),
            Step("close", opened + timedelta(hours=6), internal="By clerk."),
        ],
    )


def test_it_works(life: Life, now: datetime) -> None:
    first, second = replay([life, life], now=now)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert first.number != second.number
    assert (first.status, first.moves, first.flags) == ("closed", 4, ["odd", "outside_districts"])
    history = list(first.events.order_by("seq").values_list("kind", "occurred_at", "recorded_at"))
    assert history == [("open", life.opened_at, now)] + [
        (step.action, step.occurred_at, now) for step in life.steps
    ]
    assert set(Words.objects.values_list("public", "internal")) == {
        ("Fixed.", ""),
        ("", "By clerk."),
    }
    assert not Message.objects.exists()


def test_an_illegal_life_writes_nothing_of_the_batch(life: Life, now: datetime) -> None:
    twice = Life(**{**life.__dict__, "steps": [*life.steps, Step("close", now)]})
    with raises(MoveNotAllowed, "close is not possible while closed"):
        replay([life, twice], now=now)
    assert not Ticket.objects.exists()
    assert not TicketEvent.objects.exists()


def test_a_replayed_ticket_lives_on_like_any_other(life: Life, now: datetime) -> None:
    (ticket,) = replay([life], now=now)
    tickets.reopen(ticket, reason="Dark again.", by=None, now=now)
    assert (ticket.status, ticket.moves, ticket.last_seq) == ("accepted", 5, 5)


def test_the_number_carries_the_year_in_which_it_was_reported(life: Life, now: datetime) -> None:
    (ticket,) = replay([life], now=now)
    assert ticket.number.startswith(f"{life.opened_at.year % 100:02d}-")
