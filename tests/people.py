"""The same small town in every test: its people, a unit, a category, a crew with a truck."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from common.models import Role, User
from dispatch import stock
from dispatch.models import Crew, CrewMembership, Equipment, Item, Member, Place
from hotline.services import Caller, Said, take_report
from notifications.models import Message
from tickets.models import Category, Channel, Responsibility, Ticket, Unit
from tickets.services import Location

CALLER = "+14155550101"
NEIGHBOUR = "+14155550102"
CROSSING = Location(lon=125.4, lat=43.83, address="Chuangye Avenue / Shenma Avenue")


def make_user(name: str, role: str, language: str = "en") -> User:
    return User.objects.create_user(name, password="correct horse", role=role, language=language)


@pytest.fixture
def operator(db: None) -> User:
    return make_user("operator", Role.OPERATOR)


@pytest.fixture
def dispatcher(db: None) -> User:
    return make_user("dispatcher", Role.DISPATCHER)


@pytest.fixture
def supervisor(db: None) -> User:
    return make_user("supervisor", Role.SUPERVISOR)


@pytest.fixture
def administrator(db: None) -> User:
    return make_user("administrator", Role.ADMINISTRATOR)


@pytest.fixture
def fitter(db: None) -> User:
    """A member of the lighting crew."""
    return make_user("fitter", Role.CREW)


@pytest.fixture
def stranger(db: None) -> User:
    """A member of no crew, with a crew member's role and no rights on any job."""
    return make_user("stranger", Role.CREW)


@pytest.fixture
def lighting(db: None) -> Unit:
    return Unit.objects.create(code="lighting", name_en="Street lighting", name_zh="路灯管理处")


@pytest.fixture
def power(db: None) -> Unit:
    return Unit.objects.create(code="power", name_en="Power company", name_zh="供电公司")


@pytest.fixture
def lights_out(lighting: Unit) -> Category:
    category = Category.objects.create(
        code="street-light-out",
        name_en="Street light out",
        name_zh="路灯不亮",
        resolve_within_hours=72,
    )
    Responsibility.objects.create(category=category, unit=lighting)
    return category


def make_crew(code: str, unit: Unit, *members: User) -> Crew:
    crew = Crew.objects.create(code=code, name_en=code.title(), unit=unit)
    since = DateTimeTZRange(datetime(2020, 1, 1, tzinfo=UTC), None)
    for user in members:
        member = Member.objects.create(name=user.username, user=user)
        CrewMembership.objects.create(crew=crew, member=member, period=since)
    return crew


@pytest.fixture
def crew(lighting: Unit, fitter: User) -> Crew:
    """The lighting crew, with a truck that carries lamp heads and cable."""
    crew = make_crew("lights-1", lighting, fitter)
    Place.objects.create(code="truck-1", kind="truck", crew=crew, name_en="Truck 1")
    return crew


@pytest.fixture
def other_crew(lighting: Unit) -> Crew:
    return make_crew("lights-2", lighting, make_user("second", Role.CREW))


@pytest.fixture
def lift(db: None) -> Equipment:
    return Equipment.objects.create(
        code="LIFT-01", kind="aerial_lift", name_en="Aerial lift truck", name_zh="高空作业车"
    )


@pytest.fixture
def materials(crew: Crew) -> dict[str, Item]:
    """Ten lamp heads and 200 m of cable on the crew's truck."""
    lamp = Item.objects.create(code="lamp-head", name_en="Lamp head", measure="each")
    cable = Item.objects.create(code="cable", name_en="Cable", measure="metre")
    for item, quantity in ((lamp, 10), (cable, 200)):
        stock.move_stock(
            item, Decimal(quantity), source=None, target=crew.truck, now=timezone.now()
        )
    return {"lamp": lamp, "cable": cable}


@pytest.fixture
def now() -> datetime:
    """One moment for the whole test, to the second."""
    return timezone.now().replace(microsecond=0)


def say(category: Category, phone: str = CALLER, **changes: Any) -> Said:
    facts: dict[str, Any] = {
        "location": CROSSING,
        "words": "All the lamps at the crossing are dark.",
        "channel": Channel.PHONE,
        "caller": Caller(phone=phone, name="", language="en") if phone else Caller(),
    }
    return Said(category=category, **(facts | changes))


@pytest.fixture
def ticket(lights_out: Category, operator: User, now: datetime) -> Ticket:
    """A received ticket, reported an hour ago by phone."""
    report = take_report(
        say(lights_out), now=now, occurred_at=now - timedelta(hours=1), by=operator
    )
    return report.ticket


def bodies(*, to: str = CALLER) -> list[str]:
    """What was ever said to a number, oldest first."""
    texts = Message.objects.filter(contact__phone=to).order_by("pk")
    return list(texts.values_list("body", flat=True))
