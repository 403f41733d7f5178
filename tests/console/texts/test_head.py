"""The head of every staff page says when texts do not go out; it costs one query."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from common.models import Role, User
from notifications.models import GatewayHealth, Message
from tests.console.texts.conftest import Text
from tests.people import make_user
from tickets.models import Ticket

PAGES = ["/desk/", "/console/", "/board/", "/console/texts/", "/insights/"]
SAYS = 'class="stuck"'


@pytest.fixture
def stuck(text: Text, now: datetime) -> Message:
    return text("queued", run_at=now - timedelta(minutes=12))


@pytest.mark.parametrize("address", PAGES)
def test_while_texts_move_it_says_nothing(client: Client, supervisor: User, address: str) -> None:
    client.force_login(supervisor)
    assert SAYS not in client.get(address).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_how_long_texts_have_been_waiting(
    client: Client, supervisor: User, stuck: Message, address: str
) -> None:
    client.force_login(supervisor)
    page = client.get(address).content.decode().replace("\xa0", " ")
    assert SAYS in page and "Texts have been waiting for 12 minutes" in page


def test_stopped_texts_and_broken_gateways(
    client: Client, operator: User, text: Text, now: datetime
) -> None:
    Message.objects.all().delete()
    text("parked")
    GatewayHealth.objects.create(name="printing", opened_at=now, closed_until=now)
    client.force_login(operator)
    page = client.get("/console/").content.decode()
    assert "1 text needs a person" in page and "Gateway out of order: Printed to the log" in page
    assert "have been waiting" not in page
    for _ in range(100):
        text("parked")
    assert "More than 99 texts need a person" in client.get("/console/").content.decode()


def test_the_night_is_no_trouble(
    client: Client, operator: User, stuck: Message, settings: LazySettings
) -> None:
    settings.TEXT_HOURS = "00:00-00:01"
    client.force_login(operator)
    Message.objects.exclude(pk=stuck.pk).delete()
    assert SAYS not in client.get("/console/").content.decode()


def test_a_part_of_a_page_does_not_ask(
    client: Client, dispatcher: User, stuck: Message, ticket: Ticket
) -> None:
    client.force_login(dispatcher)
    part = client.get("/board/now/", headers={"HX-Request": "true"})
    assert SAYS not in part.content.decode()


def test_crews_are_not_told(client: Client, stuck: Message) -> None:
    client.force_login(make_user("somebody", Role.CREW))
    assert SAYS not in client.get("/crew/").content.decode()


def test_it_costs_one_query(
    client: Client, operator: User, stuck: Message, django_assert_max_num_queries: Any
) -> None:
    client.force_login(operator)
    with django_assert_max_num_queries(8) as seen:
        client.get("/console/")
    asked = [query["sql"] for query in seen.captured_queries if "WITH RECURSIVE" in query["sql"]]
    assert len(asked) == 1
