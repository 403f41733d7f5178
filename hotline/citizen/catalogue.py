"""What can be reported, under the names of its groups, and who answers for it."""

from dataclasses import dataclass
from itertools import groupby

from tickets.models import Category, Responsibility, Unit
from tickets.town import town


@dataclass(frozen=True)
class Service:
    kind: Category
    units: list[str]  # one, or the several that share it by district

    @property
    def days(self) -> int:
        """The promise in whole days, where it is one."""
        hours = self.kind.resolve_within_hours or 0
        return hours // 24 if hours % 24 == 0 else 0


def kinds(code: str = "") -> list[Category]:
    """Every kind that can be reported, its group's members side by side, with its questions.

    With a code only that one, or none.
    """
    return [kind for kind in town().kinds if not code or kind.code == code]


def groups() -> list[tuple[Category | None, list[Category]]]:
    return [(group, list(members)) for group, members in groupby(kinds(), lambda k: k.parent)]


def with_units() -> list[tuple[Category | None, list[Service]]]:
    """The same, with the unit that answers: the kind's own, else its group's, else the default."""
    named: dict[int, list[str]] = {}
    for row in Responsibility.objects.select_related("unit").order_by("pk"):
        units = named.setdefault(row.category_id, [])
        if row.unit.name not in units:
            units.append(row.unit.name)
    default = [unit.name for unit in Unit.objects.filter(is_default=True)]
    return [
        (group, [Service(k, _units(k, named) or default) for k in members])
        for group, members in groups()
    ]


def _units(kind: Category, named: dict[int, list[str]]) -> list[str]:
    return named.get(kind.pk) or named.get(kind.parent_id or 0, [])
