"""What the demo town is before anybody complains: places, people, trucks, stock."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from django.contrib.auth.hashers import make_password

from common.models import Role, User
from hotline.demo import crews, yard
from hotline.demo.catalogue import found_districts, found_kinds, found_units
from hotline.demo.clock import Clock
from hotline.demo.data import read
from hotline.demo.streets import Streets
from hotline.demo.town import Town
from tickets.models import MapLayer

ROLES = {
    "operator": Role.OPERATOR,
    "dispatcher": Role.DISPATCHER,
    "supervisor": Role.SUPERVISOR,
    "admin": Role.ADMINISTRATOR,
}


def found(
    *,
    now: datetime,
    founded: datetime,
    random: Random,
    password: str,
    progress: Callable[[], object],
) -> Town:
    """The town on the day it opened; its crews have been at work ever since."""
    hashed = make_password(password)  # once: it is slow on purpose, and the same for all
    people = _people(hashed)
    units = found_units(read("town.toml")["unit"], duty=people)
    found_districts(read("districts.geojson"))
    streets = read("streets.geojson")
    MapLayer.objects.create(code="streets", geojson=streets)
    kinds = found_kinds(read("categories.toml")["group"], units)
    teams = list(crews.found_teams(units, password=hashed, founded=founded, now=now))
    depots = yard.found_depots()
    return Town(
        now=now,
        random=random,
        progress=progress,
        clock=Clock(founded),
        streets=Streets(streets),
        people=people,
        units=units,
        kinds=kinds,
        questions={code: list(kind.questions.order_by("position")) for code, kind in kinds.items()},
        teams=teams,
        pieces=list(yard.found_pieces(depots, founded)),
        items=yard.found_stock(depots, teams, founded),
        traits={about["code"]: about for about in read("town.toml")["unit"]},
    )


def _people(password: str) -> dict[str, User]:
    return {
        name: User.objects.create(
            username=name,
            password=password,
            role=role,
            is_staff=name == "admin",
            is_superuser=name == "admin",
        )
        for name, role in ROLES.items()
    }
