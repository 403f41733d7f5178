"""Who answers for a category in a district."""

from django.db.models import Q

from tickets.models import Category, Responsibility, Unit


def find_unit(category: Category, district_id: int | None) -> Unit:
    """The unit named for the kind here, for the kind anywhere, for its group; else the default."""
    kinds = [category.pk] + ([category.parent_id] if category.parent_id else [])
    named = (
        Responsibility.objects.filter(category__in=kinds)
        .filter(Q(district=district_id) | Q(district__isnull=True))
        .select_related("unit")
    )
    ranked = sorted(named, key=lambda r: (kinds.index(r.category_id), r.district_id is None))
    return ranked[0].unit if ranked else default_unit()


def default_unit() -> Unit:
    """The unit that answers for the rest; made on first need, as no report may be refused."""
    found = Unit.objects.filter(is_default=True).first()
    if found:
        return found
    unit, _ = Unit.objects.get_or_create(
        code="duty-desk", defaults={"name_en": "Duty desk", "name_zh": "值班室", "is_default": True}
    )
    return unit
