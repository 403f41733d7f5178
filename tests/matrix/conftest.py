"""One town for all rows of the matrix; each row has texts of its own."""

from collections.abc import Iterator
from itertools import count

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from config.celery import app
from config.instance import Instance, open_instance
from notifications.models import GatewayHealth
from tests.gateway.run import RunningGateway, running_gateway
from tests.matrix.database import BACKUP, NAME, address_of, say
from tests.matrix.town import OUR_NUMBER, Town, running_town, until

NUMBERS = count(101)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/matrix/" in item.nodeid:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("matrix"))


@pytest.fixture(scope="package")
def database(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The address of a database of its own, which this process, too, uses meanwhile."""
    ours = connections["default"].settings_dict
    before = ours["NAME"]
    with django_db_blocker.unblock():
        connections.close_all()
        say(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        say(f"CREATE DATABASE {NAME}")
        ours["NAME"] = NAME
        call_command("migrate", verbosity=0)
        yield address_of(NAME)
        connections.close_all()
        ours["NAME"] = before
        for name in (NAME, BACKUP):
            say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="package")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    return open_instance(tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="package")
def running(instance: Instance, database: str) -> Iterator[Town]:
    before = app.conf.broker_url
    nudge_through(instance.redis_url)
    with (
        running_gateway() as gateway,
        running_town(instance, gateway, DATABASE_URL=database) as town,
        override_settings(
            TWILIO_ACCOUNT_SID=gateway.account_sid,
            TWILIO_AUTH_TOKEN=gateway.auth_token,
            TWILIO_FROM=OUR_NUMBER,
            HOTLINE_HASH_KEY=(instance.data / "hash_key").read_text(),
        ),
    ):
        yield town
    nudge_through(before)


def nudge_through(broker: str) -> None:
    """What this process queues wakes the workers of that broker."""
    app.conf.broker_url = broker
    app.set_current()
    app._after_fork()  # it forgets its connections


@pytest.fixture
def town(running: Town) -> Iterator[Town]:
    prepare(running)
    yield running
    for worker in running.workers[1:]:
        running.kill(worker)


def prepare(town: Town) -> None:
    """Web, broker, clock and one worker run; the gateway is well and knows no text."""
    town.gateway.faults(latency_ms=0, list_lag=0, sent_after=0.05, delivered_after=0.05)
    town.gateway.reset()
    GatewayHealth.objects.update(failures=0, tried=0, failed=0, opened_at=None, closed_until=None)
    if not town.workers:
        town.start_worker()
    if town.web is None:
        town.start_web()
        until(town.answers)


@pytest.fixture
def gateway(town: Town) -> RunningGateway:
    return town.gateway


@pytest.fixture
def phone() -> str:
    """A number to which no other row has sent anything."""
    return f"+14155550{next(NUMBERS)}"
