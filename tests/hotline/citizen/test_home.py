import pytest
from django.test import Client

from tickets.models import Category, Ticket


def test_it_works(client: Client, dark_lamps: Category) -> None:
    page = client.get("/").content.decode()

    assert 'href="/report/"' in page
    assert 'href="tel:' in page
    assert 'href="/report/?category=street-light-out"' in page


def test_it_works_in_an_empty_town(client: Client, db: None) -> None:
    assert client.get("/").status_code == 200


def test_it_speaks_chinese(client: Client, dark_lamps: Category) -> None:
    page = client.get("/", headers={"Accept-Language": "zh-CN"}).content.decode()

    assert '<html lang="zh-hans">' in page
    assert "路灯不亮" in page


def test_the_language_can_be_chosen(client: Client, dark_lamps: Category) -> None:
    chosen = {"language": "zh-hans", "next": "/services/"}
    answer = client.post("/i18n/set-language/", chosen, follow=True)

    assert answer.request["PATH_INFO"] == "/services/"
    assert "路灯不亮" in answer.content.decode()


@pytest.mark.parametrize("form", ["https://city.example/t/{}/", "/t/{}", " {} ", "{}"])
def test_a_link_is_followed_however_it_is_typed(client: Client, ticket: Ticket, form: str) -> None:
    answer = client.post("/follow/", {"link": form.format(ticket.token)})

    assert answer["Location"] == f"/t/{ticket.token}/"


@pytest.mark.parametrize("typed", ["", "26-0004217-3", "hello", "https://elsewhere.example/"])
def test_it_refuses_what_is_no_link(client: Client, db: None, typed: str) -> None:
    answer = client.post("/follow/", {"link": typed})

    assert answer.status_code == 422
    assert 'id="id_link_error"' in answer.content.decode()
