"""How the gateways fare, and the button for whoever mended one."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from common.models import Role, User
from notifications.models import GatewayHealth
from tests.console.texts.conftest import Text, tried
from tests.people import make_user


def page_of(client: Client) -> str:
    return client.get("/console/texts/gateways/").content.decode().replace("\xa0", " ")


@pytest.fixture
def broken(db: None, now: datetime) -> GatewayHealth:
    health: GatewayHealth = GatewayHealth.objects.create(
        name="printing",
        failures=7,
        opened_at=now - timedelta(minutes=9),
        closed_until=now + timedelta(minutes=4),
        reason="the gateway could not be reached",
    )
    return health


def test_it_works(client: Client, operator: User, text: Text) -> None:
    message = text()
    tried(message, "accepted", sid="SM1")
    tried(message, "uncertain")
    client.force_login(operator)
    response = client.get("/console/texts/gateways/")
    ((way, name, _reason),) = response.context["ways"]
    assert (name, way.counts["accepted"], way.counts["uncertain"]) == ("Printed to the log", 1, 1)
    page = response.content.decode()
    assert "works" in page and "Counted over the last hour." in page


def test_a_broken_one_says_since_when_why_and_until(
    client: Client, operator: User, broken: GatewayHealth
) -> None:
    client.force_login(operator)
    page = page_of(client)
    assert "out of order" in page and "the gateway could not be reached" in page
    assert "Next try:" in page and "9 minutes ago" in page
    assert "Try now" not in page


def test_a_pause_and_a_gateway_that_is_not_set_up(
    client: Client, operator: User, settings: LazySettings, now: datetime
) -> None:
    settings.TEXT_ROUTES = ["+86=domestic"]
    GatewayHealth.objects.create(name="printing", closed_until=now + timedelta(minutes=1))
    client.force_login(operator)
    page = page_of(client)
    assert "It asked to be left alone until" in page
    assert "domestic" in page and "not set up" in page and "+86" in page


@pytest.mark.parametrize("role", Role.values)
def test_only_whoever_may_mend_tries_the_way(
    client: Client, broken: GatewayHealth, role: str, now: datetime
) -> None:
    may = role in (Role.SUPERVISOR, Role.ADMINISTRATOR)
    client.force_login(make_user("somebody", role))
    response = client.get("/console/texts/gateways/")
    assert response.status_code == (403 if role == Role.CREW else 200)
    assert ("Try now" in response.content.decode()) is may
    tried_now = client.post("/console/texts/gateways/printing/try/")
    assert tried_now.status_code == (302 if may else 403)
    broken.refresh_from_db()
    assert broken.closed_until and (broken.closed_until <= now + timedelta(minutes=1)) is may


def test_it_costs_few_queries(
    client: Client, operator: User, broken: GatewayHealth, django_assert_max_num_queries: Any
) -> None:
    client.force_login(operator)
    with django_assert_max_num_queries(8):
        page_of(client)
