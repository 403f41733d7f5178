from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tickets.models import District

LAYERS = "/map/layers.json"


def test_it_works(client: Client, town: District) -> None:
    drawn = client.get(LAYERS).json()

    assert drawn["bbox"] == [125.2, 43.8, 125.5, 43.9]
    assert drawn["districts"]["features"][0]["properties"] == {
        "name_en": "East Harbour",
        "name_zh": "东港",
    }
    assert drawn["streets"]["features"][0]["properties"]["name_zh"] == "创业大道"


def test_an_empty_town_has_no_box(client: Client, db: None) -> None:
    assert client.get(LAYERS).json()["bbox"] is None


def test_it_is_sent_again_only_after_a_change(
    client: Client, town: District, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    seen = client.get(LAYERS)["ETag"]
    with django_assert_max_num_queries(2):
        assert client.get(LAYERS, headers={"If-None-Match": seen}).status_code == 304

    town.save()
    assert client.get(LAYERS, headers={"If-None-Match": seen}).status_code == 200
