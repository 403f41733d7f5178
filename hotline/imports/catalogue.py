"""The categories and units that a profile names, made where they are missing."""

from collections.abc import Iterable

from hotline.imports.profile import CategoryRule, UnitRule
from tickets.models import Category, Responsibility, Unit


class Catalogue:
    """What the rules are in the database. What the town has under a code stays as it is."""

    def __init__(self, rules: Iterable[CategoryRule]) -> None:
        self._found = {rule.code: _find_or_make(rule) for rule in set(rules)}

    def category(self, rule: CategoryRule) -> Category:
        return self._found[rule.code][0]

    def unit(self, rule: CategoryRule) -> Unit:
        return self._found[rule.code][1]


def _find_or_make(rule: CategoryRule) -> tuple[Category, Unit]:
    unit = _unit(rule.unit)
    names = {"name_en": rule.name, "name_zh": rule.name_zh}
    category, made = Category.objects.get_or_create(
        code=rule.code, defaults=names | {"active": rule.offered}
    )
    if made:
        Responsibility.objects.create(category=category, unit=unit)
    return category, unit


def _unit(rule: UnitRule) -> Unit:
    names = {"name_en": rule.name, "name_zh": rule.name_zh}
    return Unit.objects.get_or_create(code=rule.code, defaults=names)[0]
