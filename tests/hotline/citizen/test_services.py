from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tickets.models import Category, Responsibility, Unit


def test_it_works(client: Client, dark_lamps: Category) -> None:
    page = client.get("/services/").content.decode()

    assert "Street lights" in page and "Street light out" in page
    assert "Street lighting" in page  # the unit
    assert "within 3 days" in page


def test_a_kind_inherits_the_unit_of_its_group(client: Client, dark_lamps: Category) -> None:
    Category.objects.create(code="pole", name_en="Pole damaged", parent=dark_lamps.parent)
    roads = Unit.objects.create(code="roads", name_en="Roads office")
    assert dark_lamps.parent is not None
    Responsibility.objects.create(category=dark_lamps.parent, unit=roads)

    page = client.get("/services/").content.decode()
    assert page.index("Pole damaged") < page.index("Roads office")


def test_it_takes_few_queries(
    client: Client, lights_out: Category, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(20):
        Category.objects.create(code=f"kind-{n}", name_en=f"Kind {n}")
    client.get("/services/")  # the town is read once per process
    with django_assert_max_num_queries(3):
        client.get("/services/")
