"""The running demo town: who can go where, with what, and the one source of its chances."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from common.models import User
from dispatch.models import Crew, Equipment, Item
from hotline.demo.calendar import next_daytime, shift_start
from hotline.demo.clock import Clock
from hotline.demo.data import Story, stories
from hotline.demo.streets import Streets
from tickets.models import Category, Question, Unit


@dataclass
class Team:
    """A crew, the phone of its first member, and until when it is busy."""

    crew: Crew
    user: User
    skills: frozenset[str]
    night: bool
    free_at: datetime
    jobs: int = 0  # orders it was given and has not finished
    busy_now: bool = False  # has an order that is planned for the present


@dataclass
class Piece:
    equipment: Equipment
    free_at: datetime


@dataclass
class Town:
    now: datetime  # the present: what comes later does not happen
    random: Random
    progress: Callable[[], object]  # called for every ticket that comes in
    clock: Clock
    streets: Streets
    people: dict[str, User]
    units: dict[str, Unit]
    kinds: dict[str, Category]
    questions: dict[str, list[Question]]
    teams: list[Team]
    pieces: list[Piece]
    items: dict[str, Item]
    traits: dict[str, dict[str, Any]]  # of units: pace, missed

    @property
    def operator(self) -> User:
        return self.people["operator"]

    @property
    def dispatcher(self) -> User:
        return self.people["dispatcher"]

    def daytime(self, when: datetime) -> datetime:
        """That moment if the crews of the day are out, else when they come.

        In the present shift everybody is at work, whatever the hour: a town to look at.
        """
        present = shift_start(self.now)
        return when if when >= present else min(next_daytime(when), present)

    def on_duty(self, team: Team, when: datetime) -> bool:
        return team.night or self.daytime(when) == when

    def story(self, kind: str) -> Story:
        return stories()[kind]

    def team(self, code: str) -> Team:
        return next(t for t in self.teams if t.crew.code == code)

    def teams_for(self, unit: Unit | None, skill: str) -> list[Team]:
        """Who can do it, of one unit or of all, the least loaded first."""
        ours = [t for t in self.teams if unit is None or t.crew.unit_id == unit.pk]
        able = [t for t in ours if skill in t.skills]
        return sorted(able, key=lambda t: (t.jobs, t.free_at, t.crew.code))

    def pieces_for(self, kinds: Iterable[str]) -> list[Piece]:
        """Of each kind of equipment the piece that is free first."""
        return [
            min(
                (p for p in self.pieces if p.equipment.kind == kind),
                key=lambda p: (p.free_at, p.equipment.code),
            )
            for kind in kinds
        ]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def minutes(self, least: float, most: float) -> timedelta:
        return timedelta(minutes=round(self.random.uniform(least, most), 1))

    def hours(self, least: float, most: float) -> timedelta:
        return self.minutes(least * 60, most * 60)

    def uuid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)
