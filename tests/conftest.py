"""The ground under the tests: a throwaway PostgreSQL, a Redis if asked for, a browser."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from config import broker, postgres, processes
from config.celery import app
from config.instance import ROLE, Instance, open_instance
from config.translations import compile_translations

pytest_plugins = ["tests.people"]

PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
CHROMIUM = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]


def pytest_configure() -> None:
    # Playwright keeps an event loop in the thread; without this even the database is refused.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    storages: dict[str, Any] = settings.STORAGES
    storages["staticfiles"] = {"BACKEND": PLAIN_STATIC_FILES}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TEXT_HOURS = "00:00-24:00"  # tests of the night set it back
    app.conf.broker_url = "memory://"
    for folder in settings.LOCALE_PATHS:
        compile_translations(Path(folder))


@pytest.fixture(scope="session")
def throwaway() -> Iterator[Instance]:
    """A folder in memory for servers that forget everything."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-test-", dir=memory_folder()))
    yield open_instance(folder)
    shutil.rmtree(folder, ignore_errors=True)


def memory_folder() -> str | None:
    """Containers often have a /dev/shm too small for a database."""
    roomy = os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 1_000_000_000
    return "/dev/shm" if roomy else None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    throwaway: Instance, django_db_modify_db_settings_parallel_suffix: None
) -> Iterator[None]:
    """Settings were read before this file: the address is put into the connections themselves."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    careless = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
    server = postgres.start(throwaway, settings=careless)
    with postgres.connect(throwaway, "postgres") as connection:
        connection.execute(f"ALTER ROLE {ROLE} CREATEDB")
    for alias in connections:
        connections[alias].settings_dict.update(HOST=str(throwaway.run), USER=ROLE)
    yield
    connections.close_all()
    processes.stop(server, grace=5)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The live server's threads may outlast their browser; the database goes without them."""
    yield
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


@pytest.fixture(scope="session")
def redis_url(throwaway: Instance) -> Iterator[str]:
    """A real Redis; the tests that do not ask for it nudge into memory."""
    server = broker.start(throwaway)
    yield throwaway.redis_url
    processes.stop(server, grace=5)


@pytest.fixture
def real_broker(redis_url: str) -> Iterator[str]:
    """Celery nudges through the real Redis, for one test."""
    before, app.conf.broker_url = app.conf.broker_url, redis_url
    app.set_current()
    app.pool.force_close_all()
    yield redis_url
    app.conf.broker_url = before
    app.pool.force_close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; playwright downloads nothing."""
    found = next(filter(None, CHROMIUM), None)
    if found is None and os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER=1, but there is no Chromium. Install the package chromium.")
    if found is None:
        pytest.skip("no Chromium: install the package chromium")
    return {**browser_type_launch_args, "executable_path": found}
