"""A ticket that dispatchers work on, and a crew of another unit."""

from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from common.models import Role, User
from dispatch import services as dispatch
from dispatch.models import Crew, WorkOrder
from tests.people import make_crew, make_user
from tickets import services as tickets
from tickets.models import Ticket, Unit


@pytest.fixture(autouse=True)
def photos_go_away(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def accepted(ticket: Ticket, dispatcher: User, now: datetime) -> Ticket:
    tickets.accept(ticket, by=dispatcher, now=now)
    return ticket


@pytest.fixture
def order(accepted: Ticket, crew: Crew, dispatcher: User, now: datetime) -> WorkOrder:
    """A repair, sent to the lighting crew."""
    return dispatch.assign(accepted, crew=crew, by=dispatcher, now=now)


@pytest.fixture
def power_crew(power: Unit) -> Crew:
    return make_crew("power-1", power, make_user("linesman", Role.CREW))
