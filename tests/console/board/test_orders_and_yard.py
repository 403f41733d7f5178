"""Taking an order back, taking a crew away, handing equipment out and in."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client

from common.models import User
from dispatch import equipment, operations
from dispatch import services as dispatch
from dispatch.models import Crew, Equipment, Occupancy, WorkOrder
from dispatch.operations import Op
from tests.console.board.conftest import text
from tickets.models import TicketEvent

HAND_OUT = "/board/equipment/LIFT-01/hand-out/"
TAKE_BACK = "/board/equipment/LIFT-01/take-back/"

# What a refusal undoes can only be seen where it is not inside the test's own transaction.
REAL_TRANSACTIONS = pytest.mark.django_db(transaction=True)


def address(order: WorkOrder, action: str = "") -> str:
    return f"/board/orders/{order.pk}/{action}"


def test_recall_works(board: Client, sent: WorkOrder) -> None:
    answer = board.post(address(sent, "recall/"), {"reason": "Lights-2 is nearer."})

    sent.refresh_from_db()
    sent.ticket.refresh_from_db()
    assert answer["Location"] == "/board/"
    assert (sent.status, sent.ticket.status) == ("recalled", "accepted")
    assert TicketEvent.objects.get(kind="recall_order").words.internal == "Lights-2 is nearer."


def test_recall_needs_a_reason(board: Client, sent: WorkOrder) -> None:
    answer = board.post(address(sent, "recall/"), {"reason": " "})

    assert answer.status_code == 422
    sent.refresh_from_db()
    assert sent.status == "dispatched"


@REAL_TRANSACTIONS
def test_recall_of_a_stale_board(board: Client, sent: WorkOrder, dispatcher: User) -> None:
    dispatch.recall(sent, reason="First.", by=dispatcher)
    answer = board.post(address(sent, "recall/"), {"reason": "Second."})

    assert answer.status_code == 409
    assert "The order is now “Recalled”." in text(answer)
    assert "Second." in answer.content.decode()


def test_the_sheet_of_an_order(board: Client, sent: WorkOrder) -> None:
    page = text(board.get(address(sent)))

    assert "Lights-1: Repair · Street light out" in page
    assert "Take the crew away" not in page


def test_preempt_works(board: Client, sent: WorkOrder, fitter: User, now: datetime) -> None:
    operations.apply(Op(uuid4(), "accept", sent.pk, now), by=fitter, now=now)
    assert "Take the crew away" in text(board.get(address(sent)))

    assert board.post(address(sent, "preempt/"))["Location"] == "/board/"
    sent.refresh_from_db()
    assert sent.status == "preempted"
    assert WorkOrder.objects.without_crew().get().follows == sent


@REAL_TRANSACTIONS
def test_preempt_of_a_stale_board(board: Client, sent: WorkOrder, dispatcher: User) -> None:
    dispatch.recall(sent, reason="First.", by=dispatcher)
    board.post(address(sent, "preempt/"))

    assert "The order is now “Recalled”." in text(board.get("/board/"))


def test_hand_out_and_take_back_work(board: Client, crew: Crew, lift: Equipment) -> None:
    assert board.post(HAND_OUT, {"crew": crew.pk})["Location"] == "/board/"
    assert "With Lights-1" in text(board.get("/board/"))

    board.post(TAKE_BACK)
    assert "LIFT-01 is back." in text(board.get("/board/"))
    assert Occupancy.objects.get().period.upper is not None


@REAL_TRANSACTIONS
def test_two_dispatchers_hand_out_one_truck(
    board: Client, crew: Crew, other_crew: Crew, lift: Equipment
) -> None:
    board.post(HAND_OUT, {"crew": other_crew.pk})
    answer = board.post(HAND_OUT, {"crew": crew.pk})

    assert answer.status_code == 409
    assert "LIFT-01 is with Lights-2 since" in text(answer)
    assert Occupancy.objects.get().crew == other_crew


def test_whoever_reserved_it_is_proposed(board: Client, sent: WorkOrder, crew: Crew) -> None:
    assert f'<option value="{crew.pk}" selected>' in board.get(HAND_OUT).content.decode()


@REAL_TRANSACTIONS
def test_a_truck_out_of_service_stays(
    board: Client, crew: Crew, lift: Equipment, now: datetime
) -> None:
    period = DateTimeTZRange(now - timedelta(hours=1), None)
    Occupancy.objects.create(equipment=lift, kind="downtime", period=period)

    assert HAND_OUT not in board.get("/board/").content.decode()
    assert board.post(HAND_OUT, {"crew": crew.pk}).status_code == 409


def test_taking_back_twice_changes_nothing(
    board: Client, crew: Crew, lift: Equipment, now: datetime
) -> None:
    equipment.hand_out(lift, crew=crew, at=now - timedelta(hours=1))
    board.post(TAKE_BACK)
    before = Occupancy.objects.get().period
    board.post(TAKE_BACK)

    assert Occupancy.objects.get().period == before


@pytest.mark.parametrize("path", ["recall/", "preempt/"])
def test_an_order_there_is_not(board: Client, path: str) -> None:
    assert board.post(f"/board/orders/999/{path}", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("path", [TAKE_BACK, "/board/orders/1/recall/", "/board/orders/1/preempt/"])
def test_a_command_is_posted(board: Client, path: str) -> None:
    assert board.get(path).status_code == 405
