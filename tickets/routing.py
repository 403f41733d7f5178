"""Who answers for a category in a district."""

from tickets.models import Category, Unit
from tickets.town import Town, town


def find_unit(category: Category, district_id: int | None, here: Town | None = None) -> Unit:
    """The unit named for the kind here, for the kind anywhere, for its group; else the default."""
    here = here or town()
    for kind in (category.pk, category.parent_id):
        for where in (district_id, None):
            if kind and (kind, where) in here.units:
                return here.units[kind, where]
    return here.default or _make_default()


def _make_default() -> Unit:
    """The unit that answers for the rest; made on first need, as no report may be refused."""
    unit, _ = Unit.objects.get_or_create(
        code="duty-desk", defaults={"name_en": "Duty desk", "name_zh": "值班室", "is_default": True}
    )
    return unit
