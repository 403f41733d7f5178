"""`manage.py seed`: the demo town, made by the same services that staff use."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from common.models import User
from dispatch.models import (
    Crew,
    Equipment,
    EquipmentUse,
    MaterialUse,
    Occupancy,
    Shift,
    StockLevel,
    StockMove,
)
from hotline.demo.build import NotEmpty, build_town
from hotline.demo.newspaper import first_evening
from hotline.models import Call, Report
from notifications.models import Contact, Message
from tickets.models import Category, District, MapLayer, Status, Ticket, TicketEvent

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # in Shanghai


def build(now: datetime = NOON, tickets: int = 15, seed: int = 1) -> int:
    """The town; gives back how many tickets it said to have made."""
    told: list[None] = []
    build_town(
        now=now,
        tickets=tickets,
        seed=seed,
        password="correct horse",
        progress=lambda: told.append(None),
    )
    return len(told)


def look() -> list[Any]:
    """Everything about the tickets that a seed decides."""
    events = TicketEvent.objects.order_by("occurred_at", "ticket__opened_at", "seq")
    return [
        *Ticket.objects.order_by("opened_at", "pk").values_list("opened_at", "address", "status"),
        *events.values_list("occurred_at", "kind", "actor__username", "words__public"),
        *StockLevel.objects.order_by("pk").values_list("item__code", "quantity"),
    ]


def test_it_works(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_DEMO_PASSWORD", "correct horse")
    output = StringIO()
    call_command("seed", tickets=12, stdout=output)
    assert "12 tickets" in output.getvalue()
    assert "correct horse" not in output.getvalue()
    assert Ticket.objects.count() == 12
    assert (District.objects.count(), MapLayer.objects.count()) == (9, 1)
    assert Category.objects.reportable().count() == 20
    assert (Crew.objects.count(), Equipment.objects.count()) == (6, 15)
    for name in ("operator", "dispatcher", "supervisor", "admin", "crew1", "crew6"):
        assert User.objects.get(username=name).check_password("correct horse"), name
    assert not User.objects.get(username="lan.yu").has_usable_password()


def test_it_makes_up_a_password_where_none_is_given(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOTLINE_DEMO_PASSWORD", raising=False)
    output = StringIO()
    call_command("seed", tickets=1, stdout=output)
    password = output.getvalue().split("Password: ")[1].strip()
    assert User.objects.get(username="operator").check_password(password)


def test_it_refuses_a_filled_database(db: None, ticket: Ticket) -> None:
    with pytest.raises(CommandError, match=r"only made in an empty database.*1 tickets"):
        call_command("seed", tickets=5)
    assert Ticket.objects.count() == 1


def test_it_refuses_a_second_time(db: None) -> None:
    build(tickets=2)
    with pytest.raises(NotEmpty, match="nothing was changed"):
        build(tickets=2)
    assert Ticket.objects.count() == 2


def test_it_refuses_no_tickets_at_all(db: None) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("seed", tickets=0)


def test_the_same_seed_makes_the_same_town(db: None) -> None:
    seen = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            build(seed=seed)
            seen.append(look())
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


def test_nothing_broken_is_left(db: None) -> None:
    assert build(tickets=40) == Ticket.objects.count() == 40
    assert not Message.objects.exists()
    assert not TicketEvent.objects.filter(applied=False).exists()
    assert not TicketEvent.objects.filter(occurred_at__gt=NOON).exists()
    assert not Occupancy.objects.filter(disputed=True).exists()
    assert not EquipmentUse.objects.filter(disputed=True).exists()
    assert not Ticket.objects.filter(district=None).exists()
    assert not Call.objects.filter(ended_at__gt=NOON).exists()
    assert Report.objects.values("ticket").distinct().count() == 40


def test_stock_is_the_sum_of_its_moves(db: None) -> None:
    build()
    for level in StockLevel.objects.all():
        moves = StockMove.objects.filter(item=level.item)
        arrived = moves.filter(target=level.place).aggregate(sum=Sum("quantity"))["sum"] or 0
        left = moves.filter(source=level.place).aggregate(sum=Sum("quantity"))["sum"] or 0
        assert level.quantity == arrived - left, level


def test_every_number_is_fictional_and_no_crew_answers_a_citizens_one(db: None) -> None:
    build()
    citizens = {str(number) for number in Contact.objects.values_list("phone", flat=True)}
    crews = set(Crew.objects.values_list("phone", flat=True))
    assert all(re.fullmatch(r"\+141555501\d\d", number) for number in citizens | crews)
    assert not citizens & crews


def test_lives_differ(db: None) -> None:
    build(tickets=80)
    statuses = set(Ticket.objects.values_list("status", flat=True))
    assert statuses >= {Status.RECEIVED, Status.ACCEPTED, Status.RESOLVED, Status.CLOSED}
    assert statuses & {Status.ASSIGNED, Status.IN_PROGRESS}
    today = Ticket.objects.filter(opened_at__gt=NOON - timedelta(hours=16)).count()
    assert 8 <= today <= 14
    joined = Report.objects.values("ticket").annotate(many=Count("pk")).filter(many__gt=1)
    assert joined.exists()
    assert set(Report.objects.values_list("language", flat=True)) == {"en", "zh-hans"}
    assert not Contact.objects.filter(name="").exists()


@pytest.mark.parametrize("hour", [3, 12, 21])
def test_every_crew_is_at_work_whatever_the_hour(db: None, hour: int) -> None:
    now = timezone.localtime(NOON).replace(hour=hour)
    build(now=now, tickets=1)
    assert Shift.objects.filter(period__contains=now).count() == Crew.objects.count()


def test_the_newspaper_case_is_in_it(db: None) -> None:
    build(tickets=1)
    ticket = Ticket.objects.get()
    assert ticket.status == Status.CLOSED
    rang_at = Call.objects.get().rang_at
    assert timezone.localtime(rang_at).isoformat() == "2026-07-30T20:00:00+08:00"
    assert ticket.district and ticket.district.code == "core"
    used = {use.item.code: use.quantity for use in MaterialUse.objects.all()}
    assert used == {"lamp-head": 3, "cable": 70}
    assert EquipmentUse.objects.get().equipment.kind == "aerial_lift"
    resolved = ticket.events.get(kind="resolve")
    assert timezone.localtime(resolved.occurred_at).isoformat() == "2026-07-31T18:48:00+08:00"
    assert Report.objects.count() == 2


@pytest.mark.parametrize(
    ("today", "year"), [("2026-07-31", 2025), ("2026-08-02", 2026), ("2027-01-01", 2026)]
)
def test_the_newspaper_case_is_over(today: str, year: int) -> None:
    now = datetime.fromisoformat(f"{today}T12:00:00+08:00")
    assert first_evening(now).year == year


def test_it_works_in_the_very_summer_of_the_newspaper_case(db: None) -> None:
    assert build(now=datetime.fromisoformat("2026-08-10T12:00:00+08:00")) == 15
    assert not Occupancy.objects.filter(disputed=True).exists()
