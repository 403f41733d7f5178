"""Equipment, depots and trucks of the demo town, and what is loaded every morning."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from dispatch import stock
from dispatch.models import Equipment, Item, Place, StockLevel
from hotline.demo.calendar import DAY
from hotline.demo.clock import Life
from hotline.demo.data import named, read
from hotline.demo.town import Piece, Team, Town


def found_depots() -> dict[str, Place]:
    return {
        code: Place.objects.create(code=code, kind=Place.Kind.DEPOT, **names)
        for code, names in named(read("town.toml")["depot"])
    }


def found_pieces(depots: dict[str, Place], founded: datetime) -> Iterator[Piece]:
    for about in read("town.toml")["equipment"]:
        piece = Equipment.objects.create(
            code=about["code"],
            kind=about["kind"],
            name_en=about["name_en"],
            name_zh=about["name_zh"],
            home=depots[about["depot"]],
        )
        yield Piece(piece, free_at=founded)


def found_stock(depots: dict[str, Place], teams: list[Team], founded: datetime) -> dict[str, Item]:
    """Opening stock of the depots, from which every truck is loaded for the first time."""
    trucks = {team.crew.code: _truck(team) for team in teams}
    items = {}
    for about in read("stock.toml")["item"]:
        names = {"name_en": about["name_en"], "name_zh": about["name_zh"]}
        item = Item.objects.create(code=about["code"], measure=about["measure"], **names)
        for code, quantity in about["depots"].items():
            if quantity:
                stock.move_stock(
                    item, Decimal(quantity), source=None, target=depots[code], now=founded
                )
        fullest = depots[max(about["depots"], key=about["depots"].__getitem__)]
        for code, quantity in about["trucks"].items():
            stock.move_stock(
                item, Decimal(quantity), source=fullest, target=trucks[code], now=founded
            )
        items[about["code"]] = item
    return items


def load_trucks(town: Town, since: datetime) -> Life:
    """Every morning what runs low on a truck is filled up from the depots, as long as they can."""
    full = {about["code"]: about["trucks"] for about in read("stock.toml")["item"]}
    now = yield town.daytime(since)
    while True:
        levels = StockLevel.objects.select_related("item", "place__crew").order_by("pk")
        for level in levels.filter(place__kind=Place.Kind.TRUCK):
            crew = level.place.crew
            load = full[level.item.code].get(crew.code, 0) if crew else 0
            if level.quantity < load / 2:
                _fill_up(level, load - level.quantity, now)
        now = yield town.daytime(now) + DAY


def _fill_up(level: StockLevel, missing: Decimal, now: datetime) -> None:
    held = StockLevel.objects.select_related("place").filter(
        item=level.item, place__kind=Place.Kind.DEPOT, quantity__gte=missing
    )
    fullest = held.order_by("-quantity", "pk").first()
    if fullest:
        stock.move_stock(level.item, missing, source=fullest.place, target=level.place, now=now)


def _truck(team: Team) -> Place:
    return Place.objects.create(
        code=f"truck-{team.crew.code}",
        kind=Place.Kind.TRUCK,
        crew=team.crew,
        name_en=f"{team.crew.name_en}: truck",
        name_zh=f"{team.crew.name_zh}工程车",
    )
