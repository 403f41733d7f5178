"""Sending a crew: wholly or not at all, and what was chosen is never lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, Equipment, Occupancy, WorkOrder
from tests.console.board.conftest import Accept, text
from tests.people import make_crew
from tickets import services as tickets
from tickets.models import Ticket, Unit

# What a refusal undoes can only be seen where it is not inside the test's own transaction.
REAL_TRANSACTIONS = pytest.mark.django_db(transaction=True)


def address(ticket: Ticket) -> str:
    return f"/board/assign/{ticket.number}/"


def chosen(crew: Crew, **more: Any) -> dict[str, Any]:
    return {"crew": crew.pk, "kind": "repair", **more}


def test_it_works(board: Client, accepted: Ticket, crew: Crew, lift: Equipment) -> None:
    told = {"equipment": "LIFT-01", "instructions": "The key is at the school."}
    answer = board.post(address(accepted), chosen(crew, **told))

    order = WorkOrder.objects.get()
    assert answer["Location"] == "/board/"
    assert (order.crew, order.status, order.kind) == (crew, "dispatched", "repair")
    assert order.instructions == "The key is at the school."
    assert Occupancy.objects.get().order == order
    accepted.refresh_from_db()
    assert accepted.status == "assigned"
    assert f"{accepted.number} was sent to Lights-1." in text(board.get("/board/"))


def test_the_form_shows_load_and_who_has_what(
    board: Client, sent: WorkOrder, accept: Accept, other_crew: Crew
) -> None:
    page = text(board.get(address(accept())))

    assert "Lights-1 1 job" in page
    assert "Lights-2 Free" in page
    assert "LIFT-01 Aerial lift truck Reserved for Lights-1" in page


def test_htmx_gets_the_form_alone_and_is_sent_back(
    board: Client, accepted: Ticket, crew: Crew
) -> None:
    htmx = {"HX-Request": "true"}
    assert "<html" not in board.get(address(accepted), headers=htmx).content.decode()

    answer = board.post(address(accepted), chosen(crew), headers=htmx)
    assert answer["HX-Redirect"] == "/board/"


@REAL_TRANSACTIONS
def test_two_dispatchers_on_one_truck(
    board: Client,
    accepted: Ticket,
    accept: Accept,
    crew: Crew,
    other_crew: Crew,
    lift: Equipment,
) -> None:
    board.post(address(accepted), chosen(other_crew, equipment="LIFT-01"))
    second = accept()
    words = {"equipment": "LIFT-01", "instructions": "Both lamps."}
    answer = board.post(address(second), chosen(crew, **words))

    assert answer.status_code == 409
    assert "LIFT-01 is with Lights-2 since" in text(answer)
    assert f"{second.number} Accepted" in text(answer)
    page = answer.content.decode()
    assert "Both lamps." in page
    assert page.count(" checked") == 2  # the crew and the truck
    assert not WorkOrder.objects.for_ticket(second).exists()
    assert Occupancy.objects.count() == 1


@REAL_TRANSACTIONS
def test_a_stale_board(
    board: Client, accepted: Ticket, crew: Crew, operator: User, lift: Equipment
) -> None:
    tickets.reject(accepted, reason="Not the city's.", by=operator)
    answer = board.post(address(accepted), chosen(crew, equipment="LIFT-01"))

    assert answer.status_code == 409
    assert "Somebody else was faster" in text(answer)
    assert not Occupancy.objects.exists()


@REAL_TRANSACTIONS
def test_the_crew_has_it_already(board: Client, sent: WorkOrder, crew: Crew) -> None:
    answer = board.post(address(sent.ticket), chosen(crew))

    assert answer.status_code == 409
    assert "Lights-1 already has this job" in text(answer)
    assert WorkOrder.objects.count() == 1


def test_a_window_is_kept(board: Client, accepted: Ticket, crew: Crew, now: datetime) -> None:
    start = timezone.localtime(now + timedelta(days=1)).replace(second=0)
    window = {
        "start": f"{start:%Y-%m-%dT%H:%M}",
        "end": f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    }
    board.post(address(accepted), chosen(crew, **window))

    assert WorkOrder.objects.get().window.lower == start


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (1, None, "Please give both times"),
        (None, 1, "Please give both times"),
        (2, 1, "The end must be later"),
        (-3, -1, "That time is over."),
    ],
)
def test_a_window_that_cannot_be(
    board: Client,
    accepted: Ticket,
    crew: Crew,
    now: datetime,
    start: int | None,
    end: int | None,
    why: str,
) -> None:
    def at(hours: int | None) -> str:
        moment = timezone.localtime(now + timedelta(hours=hours or 0))
        return f"{moment:%Y-%m-%dT%H:%M}" if hours else ""

    answer = board.post(address(accepted), chosen(crew, start=at(start), end=at(end)))

    assert answer.status_code == 422
    assert why in text(answer)
    assert not WorkOrder.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"crew": ""}, {"crew": "999999"}, {"kind": "paint"}, {"equipment": "CRANE-9"}]
)
def test_a_choice_there_is_not(
    board: Client, accepted: Ticket, crew: Crew, lift: Equipment, wrong: dict[str, str]
) -> None:
    assert board.post(address(accepted), chosen(crew) | wrong).status_code == 422
    assert not WorkOrder.objects.exists()


def test_a_number_nobody_has(board: Client) -> None:
    assert board.get("/board/assign/26-0000000-0/").status_code == 404


def test_danger_is_made_safe_first(board: Client, accept: Accept) -> None:
    page = board.get(address(accept(said={"dangerous": True}))).content.decode()

    assert '<option value="make_safe" selected>' in page


def test_what_is_planned_is_proposed(board: Client, accepted: Ticket, dispatcher: User) -> None:
    dispatch.plan(accepted, kind="inspect", by=dispatcher, instructions="Look at pole 7.")
    page = board.get(address(accepted)).content.decode()

    assert '<option value="inspect" selected>' in page
    assert "Look at pole 7." in page


def test_many_crews_cost_no_more_queries(board: Client, accepted: Ticket, lighting: Unit) -> None:
    def spent() -> int:
        with CaptureQueriesContext(connection) as queries:
            board.get(address(accepted))
        return len(queries)

    make_crew("one", lighting)
    few = spent()
    for n in range(4):
        make_crew(f"more-{n}", lighting)
        Equipment.objects.create(code=f"T-{n}", kind="truck", name_en="Truck")
    assert few == spent() <= 20
