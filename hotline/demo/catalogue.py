"""The units of the demo town, its districts, and what can be complained of."""

from typing import Any

from common.models import User
from tickets.districts import import_districts
from tickets.models import Category, Question, Responsibility, Unit

DESK = "duty-desk"


def found_units(rows: list[dict[str, Any]], *, duty: dict[str, User]) -> dict[str, Unit]:
    return {
        row["code"]: Unit.objects.create(
            code=row["code"],
            name_en=row["name_en"],
            name_zh=row["name_zh"],
            is_default=row["code"] == DESK,
            duty=duty["operator" if row["code"] == DESK else "dispatcher"],
        )
        for row in rows
    }


def found_districts(geojson: dict[str, Any]) -> None:
    import_districts(geojson, name_field="name_en")


def found_kinds(groups: list[dict[str, Any]], units: dict[str, Unit]) -> dict[str, Category]:
    kinds = {}
    for position, group in enumerate(groups):
        parent = Category.objects.create(
            code=group["code"],
            name_en=group["name_en"],
            name_zh=group["name_zh"],
            is_group=True,
            position=position * 100,
        )
        for place, about in enumerate(group["kind"], start=1):
            kinds[about["code"]] = _kind(about, parent, units, position * 100 + place)
    return kinds


def _kind(
    about: dict[str, Any], parent: Category, units: dict[str, Unit], position: int
) -> Category:
    kind = Category.objects.create(
        code=about["code"],
        name_en=about["name_en"],
        name_zh=about["name_zh"],
        parent=parent,
        priority=about["priority"],
        resolve_within_hours=about["hours"],
        position=position,
    )
    Responsibility.objects.create(category=kind, unit=units[about["unit"]])
    Question.objects.bulk_create(
        Question(
            category=kind,
            code=asked["code"],
            text_en=asked["text_en"],
            text_zh=asked["text_zh"],
            kind=asked["kind"],
            options=asked.get("options", []),
            required=asked["required"],
            danger_answer=asked.get("danger", ""),
            position=place,
        )
        for place, asked in enumerate(about["question"])
    )
    return kind
