"""Who answers: the unit named for the kind here, anywhere, for its group, and else the default."""

import pytest

from tickets.models import Category, District, Responsibility, Unit
from tickets.routing import find_unit


@pytest.fixture
def north(db: None) -> District:
    return District.objects.create(code="north", name_en="North", geometry={})


def test_the_nearest_rule_wins(
    lights_out: Category, north: District, lighting: Unit, power: Unit
) -> None:
    group = Category.objects.create(code="lights", name_en="Lights", is_group=True)
    local = Unit.objects.create(code="north-lights", name_en="Lights of the north")
    lights_out.parent = group
    Responsibility.objects.create(category=group, unit=power)
    assert find_unit(lights_out, north.pk) == lighting
    Responsibility.objects.create(category=lights_out, district=north, unit=local)
    assert find_unit(lights_out, north.pk) == local
    assert find_unit(lights_out, None) == lighting
    Responsibility.objects.filter(category=lights_out).delete()
    assert find_unit(lights_out, north.pk) == power


def test_what_nobody_answers_for_goes_to_the_duty_desk(
    lights_out: Category, north: District
) -> None:
    Responsibility.objects.all().delete()
    desk = find_unit(lights_out, north.pk)
    assert (desk.code, desk.is_default) == ("duty-desk", True)
    assert find_unit(lights_out, None) == desk


def test_a_default_unit_of_the_town_goes_before_it(lights_out: Category, power: Unit) -> None:
    Responsibility.objects.all().delete()
    Unit.objects.filter(pk=power.pk).update(is_default=True)
    assert find_unit(lights_out, None) == power
