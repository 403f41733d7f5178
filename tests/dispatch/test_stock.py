"""A level is always the sum of its moves; a depot never gives what it does not hold."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from dispatch import stock
from dispatch.models import Crew, Item, MaterialUse, Place, StockLevel, StockMove, WorkOrder
from dispatch.stock import NotEnoughStock
from tests.dispatch.field import does
from tests.raw_sql import maintenance, raises, refused_by, sql


@pytest.fixture
def depot(db: None) -> Place:
    return Place.objects.create(code="depot", kind="depot", name_en="Main depot")


def level(place: Place, item: Item) -> Decimal:
    return StockLevel.objects.get(place=place, item=item).quantity


def test_a_truck_is_loaded_from_the_depot(
    depot: Place, crew: Crew, materials: dict[str, Item], now: datetime
) -> None:
    lamp = materials["lamp"]
    stock.move_stock(lamp, Decimal(20), source=None, target=depot, now=now)
    stock.move_stock(lamp, Decimal(5), source=depot, target=crew.truck, now=now)
    assert level(depot, lamp) == 15
    assert level(crew.truck, lamp) == 5 + 10  # with what it had


def test_a_depot_does_not_give_what_it_lacks_and_says_what_it_has(
    depot: Place, crew: Crew, materials: dict[str, Item], now: datetime
) -> None:
    cable = materials["cable"]
    stock.move_stock(cable, Decimal(100), source=None, target=depot, now=now)
    with raises(NotEnoughStock, "Main depot has only 100 of Cable"):
        stock.move_stock(cable, Decimal("100.5"), source=depot, target=crew.truck, now=now)
    assert level(depot, cable) == 100
    assert level(crew.truck, cable) == 200
    with refused_by("depot_stock_is_not_negative"):
        StockLevel.objects.filter(place=depot).update(quantity=-1)


def test_a_truck_may_go_below_zero_until_it_is_counted(
    order: WorkOrder, crew: Crew, materials: dict[str, Item], now: datetime
) -> None:
    assert does(order, "material", at=now, code="lamp-head", quantity="12") == "applied"
    assert level(crew.truck, materials["lamp"]) == -2
    use = MaterialUse.objects.get()
    assert (use.order, use.used_at) == (order, now)
    assert use.quantity == 12


def test_a_crew_without_a_truck_of_its_own_gets_one_by_using_something(
    order: WorkOrder, other_crew: Crew, materials: dict[str, Item], now: datetime
) -> None:
    Place.objects.filter(crew=order.crew).update(crew=other_crew)
    does(order, "material", at=now, code="cable", quantity="2.5")
    assert level(Place.objects.get(crew=order.crew), materials["cable"]) == Decimal("-2.5")


def test_the_ledger_is_the_truth(
    order: WorkOrder, crew: Crew, depot: Place, materials: dict[str, Item], now: datetime
) -> None:
    lamp = materials["lamp"]
    stock.move_stock(lamp, Decimal(7), source=None, target=depot, now=now)
    stock.move_stock(lamp, Decimal(3), source=depot, target=crew.truck, now=now)
    does(order, "material", at=now, code="lamp-head", quantity="4")
    for place in (depot, crew.truck):
        moves = StockMove.objects.filter(item=lamp)
        came = moves.filter(target=place).aggregate(n=Sum("quantity"))["n"] or 0
        went = moves.filter(source=place).aggregate(n=Sum("quantity"))["n"] or 0
        assert level(place, lamp) == came - went


def test_the_ledger_is_append_only(materials: dict[str, Item]) -> None:
    with refused_by("append-only"):
        StockMove.objects.update(quantity=1)
    with refused_by("append-only"):
        sql("DELETE FROM dispatch_stockmove")
    with maintenance():
        StockMove.objects.all().delete()


def test_nothing_moves_nowhere(materials: dict[str, Item], depot: Place, now: datetime) -> None:
    with refused_by("move_touches_a_place"):
        stock.move_stock(materials["lamp"], Decimal(1), source=None, target=None, now=now)
    with refused_by("move_moves_something"):
        stock.move_stock(materials["lamp"], Decimal(0), source=None, target=depot, now=now)
