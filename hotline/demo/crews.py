"""The crews of the demo town: their members, skills and shifts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from common.models import Role, User
from dispatch.models import Crew, CrewMembership, Member, MemberSkill, Shift, Skill
from hotline.demo.calendar import HALF_DAY, is_daytime, shift_start
from hotline.demo.data import named, read
from hotline.demo.town import Team
from tickets.models import Unit

SHIFTS_BEFORE = timedelta(days=60)
SHIFTS_AFTER = timedelta(days=14)


def found_teams(
    units: dict[str, Unit], *, password: str, founded: datetime, now: datetime
) -> Iterator[Team]:
    skills = {
        code: Skill.objects.create(code=code, **names)
        for code, names in named(read("town.toml")["skill"])
    }
    for about in read("town.toml")["crew"]:
        crew = Crew.objects.create(
            code=about["code"],
            name_en=about["name_en"],
            name_zh=about["name_zh"],
            unit=units[about["unit"]],
        )
        users = [_join(crew, member, skills, password, founded) for member in about["members"]]
        Shift.objects.bulk_create(_shifts(crew, now, night=about["night"]))
        yield Team(crew, users[0], frozenset(about["skills"]), about["night"], free_at=founded)


def _join(
    crew: Crew, about: dict[str, Any], skills: dict[str, Skill], password: str, since: datetime
) -> User:
    """A member and their account; only some of them may sign in to the demo."""
    surname, given = about["name"].split()
    user = User.objects.create(
        username=about.get("sign_in") or f"{given}.{surname}".lower(),
        password=password if "sign_in" in about else make_password(None),
        role=Role.CREW,
        first_name=given,
        last_name=surname,
    )
    member = Member.objects.create(name=f"{about['name']} {about['name_zh']}", user=user)
    period = DateTimeTZRange(since, None)
    CrewMembership.objects.create(crew=crew, member=member, period=period)
    for code in about["skills"]:
        MemberSkill.objects.create(member=member, skill=skills[code], valid=period)
    return user


def _shifts(crew: Crew, now: datetime, *, night: bool) -> Iterator[Shift]:
    """Half-day shifts around now. At whatever hour the demo is looked at, every crew is at work."""
    first = shift_start(now - SHIFTS_BEFORE)
    for number in range((SHIFTS_BEFORE + SHIFTS_AFTER) // HALF_DAY):
        start = first + number * HALF_DAY
        if night or is_daytime(start) or start == shift_start(now):
            yield Shift(crew=crew, period=DateTimeTZRange(start, start + HALF_DAY))


def give_phones(teams: list[Team]) -> None:
    """From now on crews get their orders as texts, too."""
    last = read("town.toml")["zone"]["last_phone"]
    for number, team in enumerate(teams):
        team.crew.phone = f"+{last - number}"
        team.crew.save(update_fields=["phone"])
