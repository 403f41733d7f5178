from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, Equipment, Occupancy, Shift, WorkOrder
from tests.console.board.conftest import Accept, text
from tests.people import make_crew, make_user
from tickets import services as tickets
from tickets.models import Ticket, Unit

BOARD = "/board/"
HOUR = timedelta(hours=1)


def test_it_works(board: Client, accepted: Ticket, crew: Crew, lift: Equipment) -> None:
    page = board.get(BOARD)

    assert f'href="/board/assign/{accepted.number}/"' in page.content.decode()
    assert "Chuangye Avenue / Shenma Avenue" in text(page)
    assert "Lights-1" in text(page)
    assert "LIFT-01 Aerial lift truck" in text(page)


def test_it_works_in_an_empty_town(board: Client) -> None:
    assert "Everything has its crew" in text(board.get(BOARD))


def test_only_accepted_tickets_wait(board: Client, ticket: Ticket, sent: WorkOrder) -> None:
    page = board.get(BOARD).content.decode()

    assert ticket.number not in page
    assert f"/board/assign/{sent.ticket.number}/" not in page


def test_emergencies_and_overdue_come_first(
    board: Client, accept: Accept, dispatcher: User, now: datetime
) -> None:
    ordinary = accept()
    urgent = accept(priority="high")
    overdue = accept(at=now - timedelta(days=5))
    danger = accept(said={"dangerous": True})
    waits = accept(at=now - timedelta(days=6))
    dispatch.plan(waits, kind="repair", by=dispatcher, now=now)
    until = now + timedelta(days=2)
    tickets.hold(waits, reason="waiting_parts", waiting_for="depot", until=until, by=dispatcher)
    emergency = accept(priority="emergency")

    rows = [row.ticket.pk for row in board.get(BOARD).context["board"].rows]
    assert set(rows[:2]) == {danger.pk, emergency.pk}
    assert rows[2:] == [overdue.pk, urgent.pk, ordinary.pk, waits.pk]


def test_a_planned_order_without_a_crew_waits_too(
    board: Client, accepted: Ticket, dispatcher: User
) -> None:
    dispatch.plan(accepted, kind="inspect", by=dispatcher)

    assert "Inspect" in text(board.get(BOARD))


def test_a_crew_shows_who_is_in_it_and_what_it_does(
    board: Client, sent: WorkOrder, crew: Crew, other_crew: Crew, now: datetime
) -> None:
    Shift.objects.create(crew=crew, period=DateTimeTZRange(now - HOUR, now + HOUR))
    first, second = board.get(BOARD).context["board"].teams

    assert (first.crew, first.members, len(first.jobs)) == (crew, ["fitter"], 1)
    assert first.jobs[0].since == now
    assert [piece.equipment.code for piece in first.pieces] == ["LIFT-01"]
    assert (second.crew, second.shift, second.jobs) == (other_crew, None, [])


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("reserved", "Reserved for Lights-1 until"),
        ("custody", "With Lights-1"),
        ("downtime", "Out of service"),
        ("", "Free"),
    ],
)
def test_equipment_says_where_it_is(
    board: Client, crew: Crew, lift: Equipment, now: datetime, kind: str, said: str
) -> None:
    if kind:
        holder = None if kind == "downtime" else crew
        period = DateTimeTZRange(now - HOUR, now + HOUR)
        Occupancy.objects.create(equipment=lift, kind=kind, crew=holder, period=period)
    page = text(board.get(BOARD))

    assert said in page[page.index("LIFT-01 Aerial lift truck") :]


def test_the_page_asks_again_and_gets_only_what_is_new(board: Client, accept: Accept) -> None:
    seen = board.get(BOARD).context["board"].version
    again = {"seen": seen}
    assert board.get("/board/now/", again).status_code in (204, 200)  # 200 as a minute ends

    accept()
    answer = board.get("/board/now/", again)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


def test_looking_again_at_nothing_new_is_cheap(board: Client, accepted: Ticket) -> None:
    for _ in range(2):  # a minute may end in between
        seen = board.get(BOARD).context["board"].version
        with CaptureQueriesContext(connection) as spent:
            answer = board.get("/board/now/", {"seen": seen})
        if answer.status_code == 204:
            break
    assert answer.status_code == 204
    assert len(spent) <= 3  # session, user, version


def test_many_rows_cost_no_more_queries(
    board: Client, accept: Accept, lighting: Unit, dispatcher: User
) -> None:
    def fill(start: int, many: int) -> int:
        for n in range(start, start + many):
            accept()
            crew = make_crew(f"crew-{n}", lighting, make_user(f"member-{n}", "crew"))
            truck = Equipment.objects.create(code=f"T-{n}", kind="truck", name_en=f"Truck {n}")
            dispatch.assign(accept(), crew=crew, by=dispatcher, equipment=[truck])
        with CaptureQueriesContext(connection) as spent:
            board.get(BOARD)
        return len(spent)

    few, many = fill(0, 1), fill(1, 3)
    assert few == many <= 20


@pytest.mark.parametrize("role", ["operator", "fitter"])
@pytest.mark.parametrize(
    "path", ["", "now/", "assign/26-0000001-1/", "equipment/LIFT-01/hand-out/"]
)
def test_it_is_for_dispatchers(
    client: Client, role: str, path: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))

    assert client.get(BOARD + path).status_code == 403


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_it_is_for_those_above_too(
    client: Client, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))

    assert client.get(BOARD).status_code == 200


def test_it_speaks_chinese(board: Client, dispatcher: User, accepted: Ticket) -> None:
    dispatcher.language = "zh-hans"
    dispatcher.save()

    assert "路灯不亮" in board.get(BOARD).content.decode()
