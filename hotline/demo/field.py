"""Crews at work: sent, on the way, on scene; what they use, find and leave behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dispatch import equipment as trucks
from dispatch import operations
from dispatch import services as dispatch
from dispatch.models import WorkOrder
from dispatch.operations import Op
from dispatch.rules import Kind, Outcome
from hotline.demo.calendar import HALF_DAY
from hotline.demo.cases import Case
from hotline.demo.clock import Steps
from hotline.demo.data import Story, in_language, read
from hotline.demo.town import Piece, Team, Town
from tickets.models import Priority, Ticket

BACK = "back"  # how an order ends that never began: declined, recalled
DECLINED, RECALLED = 0.02, 0.03
UNPRESSED = 0.3  # a crew does not press every button
FINDS = (Outcome.RESTORED, Outcome.SAFE_ONLY, Outcome.INSPECTED)
MISSED = {"waiting_parts": 3, "waiting_utility": 1, "other_vehicle": 3, "no_access": 1}
MISSED[Outcome.NOTHING_FOUND] = 2
MOST_JOBS = 4  # a dispatcher gives a crew no more than this at a time
WINDOW = timedelta(hours=3)
LONGEST_LEAD = timedelta(hours=30)  # between the order and its window
BUSY = timedelta(minutes=45)  # then the dispatcher looks again


class Refused(Exception):
    """A service did not let a crew do what its day had planned: the demo town is wrong."""


@dataclass
class Job:
    """An order, the crew that has it, and how it will end: an outcome or a reason why not."""

    case: Case
    order: WorkOrder
    team: Team
    end: str
    not_before: datetime

    @property
    def urgent(self) -> bool:
        return self.order.ticket.priority == Priority.EMERGENCY


def send(town: Town, case: Case, ticket: Ticket, kind: str, *, first: bool) -> Steps[Job]:
    """A dispatcher finds the time, and a crew that has some."""
    now = yield _wanted_at(town, ticket, first=first)
    while True:
        teams = town.teams_for(ticket.unit, town.story(case.kind).skill)
        team = next((t for t in teams if town.on_duty(t, now)), teams[0])
        if team.jobs < MOST_JOBS or ticket.priority == Priority.EMERGENCY:
            break
        now = yield town.daytime(now + BUSY)
    starts = _planned_for(town, ticket, team, now)
    order = dispatch.assign(
        ticket,
        crew=team.crew,
        kind=kind,
        by=town.dispatcher,
        now=now,
        window=(starts, starts + WINDOW),
    )
    return start_job(town, case, order, team, starts, first=first)


def start_job(
    town: Town, case: Case, order: WorkOrder, team: Team, starts: datetime, *, first: bool
) -> Job:
    team.jobs += 1
    missed = town.traits[order.ticket.unit.code]["missed"] if first and order.ticket.unit else 0
    end: str = Outcome.RESTORED
    if order.kind == Kind.INSPECT:
        end = Outcome.INSPECTED
    elif order.kind == Kind.MAKE_SAFE and town.chance(0.6):
        end = Outcome.SAFE_ONLY
    elif town.chance(missed):
        end = town.random.choices(list(MISSED), list(MISSED.values()))[0]
    return Job(case, order, team, end, starts)


def work(town: Town, job: Job) -> Steps[str]:
    """One visit, from the crew's answer to its end (see Job.end)."""
    now = yield _duty(town, job, town.clock.now + town.minutes(2, 12))
    end = BACK
    if town.chance(DECLINED) and not job.urgent:
        words, _ = town.random.choice(read("staff.toml")["recalls"])
        does(town, job, "decline", now, words=words)
    else:
        if not town.chance(UNPRESSED):
            does(town, job, "accept", now)
        recalled = not job.urgent and town.chance(RECALLED)
        end = yield from _recall(town, job) if recalled else _visit(town, job)
    job.team.jobs -= 1
    return end


def does(town: Town, job: Job, kind: str, now: datetime, **payload: Any) -> None:
    """The phone of the crew's first member reports it."""
    op = Op(town.uuid(), kind, job.order.pk, now, payload)
    result = operations.apply(op, by=job.team.user, now=now)
    if result["status"] != "applied":
        raise Refused(f"{kind} of {job.order} on {job.order.ticket}: {result}")


def _wanted_at(town: Town, ticket: Ticket, *, first: bool) -> datetime:
    """The slower the unit, the later; some promises are kept narrowly and some are not."""
    now = town.clock.now
    if ticket.priority == Priority.EMERGENCY:
        return now + town.minutes(2, 9)
    assert ticket.unit
    pace = town.traits[ticket.unit.code]["pace"]
    if not first:
        return town.daytime(now + town.hours(2, 20) * pace)
    promised = _promised(ticket)
    usual = -2.2 if ticket.priority == Priority.HIGH else -1.7
    return town.daytime(now + promised * town.random.lognormvariate(usual, 0.8) * pace)


def _planned_for(town: Town, ticket: Ticket, team: Team, now: datetime) -> datetime:
    """When the crew is to begin: at once, within hours, or on one of the next days.

    Whoever opens the demo finds every crew on a job: its first one around now is put there.
    """
    if ticket.priority == Priority.EMERGENCY:
        return now
    lead = _promised(ticket) * town.random.uniform(0.02, 0.3)
    starts = town.daytime(now + min(lead, LONGEST_LEAD))
    present = town.now - town.minutes(20, 45)
    if not team.busy_now and now < present < starts + HALF_DAY:
        team.busy_now = True
        return present
    return starts


def _promised(ticket: Ticket) -> timedelta:
    return timedelta(hours=ticket.category.resolve_within_hours or 24)


def _duty(town: Town, job: Job, when: datetime) -> datetime:
    """That moment, or the next morning; an emergency calls a crew from its bed."""
    return when if job.urgent or job.team.night else town.daytime(when)


def _recall(town: Town, job: Job) -> Steps[str]:
    now = yield town.clock.now + town.minutes(5, 40)
    reason, _ = town.random.choice(read("staff.toml")["recalls"])
    dispatch.recall(job.order, reason=reason, by=town.dispatcher, now=now)
    return BACK


def _visit(town: Town, job: Job) -> Steps[str]:
    story = town.story(job.case.kind)
    pieces = yield from _turn(town, job, _needs(job, story))
    started, travel = town.clock.now, town.minutes(8, 30)
    lasts = town.hours(*story.hours) if job.order.kind == Kind.REPAIR else town.minutes(20, 50)
    keep_busy(job.team, pieces, started + travel + lasts + timedelta(minutes=5))
    for piece in pieces:
        trucks.hand_out(piece.equipment, crew=job.team.crew, at=started)
    does(town, job, "en_route", started)
    now = yield started + travel
    does(town, job, "on_scene", now)
    yield from _look(town, job, story, lasts)
    now = yield now + lasts
    _log(town, job, story, pieces, started)
    now = yield now + timedelta(minutes=3)
    _finish(town, job, story, now)
    for piece in pieces:
        trucks.take_back(piece.equipment, at=now)
    return job.end


def _needs(job: Job, story: Story) -> list[str]:
    """The equipment they take along; what was forgotten is what the second visit is for."""
    ill_equipped = job.end in ("other_vehicle", Outcome.NOTHING_FOUND)
    return story.equipment if job.order.kind == Kind.REPAIR and not ill_equipped else []


def _turn(town: Town, job: Job, needs: list[str]) -> Steps[list[Piece]]:
    """Wait until the crew has nothing else in hand and what it needs is in the yard."""
    now = yield _duty(town, job, max(town.clock.now + town.minutes(1, 15), job.not_before))
    while True:
        pieces = town.pieces_for(needs)
        # In an emergency half the crew drives off from another job.
        holds = [p.free_at for p in pieces] + ([] if job.urgent else [job.team.free_at])
        ready = _duty(town, job, max([now, *holds]))
        if ready == now:
            return pieces
        now = yield ready


def keep_busy(team: Team, pieces: list[Piece], until: datetime) -> None:
    team.free_at = max(team.free_at, until)
    for piece in pieces:
        piece.free_at = until


def _look(town: Town, job: Job, story: Story, lasts: timedelta) -> Steps[None]:
    """First what is dangerous, then the cause."""
    arrived = town.clock.now
    if job.case.dangerous or job.order.kind == Kind.MAKE_SAFE:
        now = yield arrived + lasts * 0.3
        does(town, job, "made_safe", now)
    if job.end in FINDS and not town.chance(UNPRESSED):
        now = yield arrived + lasts * 0.5
        finding = town.random.choice(story.findings)
        does(town, job, "finding", now, words=in_language(finding, job.case.language))


def _log(town: Town, job: Job, story: Story, pieces: list[Piece], since: datetime) -> None:
    now = town.clock.now
    for piece in pieces:
        span = {"start": since.isoformat(), "end": now.isoformat()}
        does(town, job, "equipment", now, code=piece.equipment.code, **span)
    if job.end == Outcome.RESTORED:
        for code, least, most in story.materials:
            use(town, job, code, town.random.randint(least, most), now)


def use(town: Town, job: Job, code: str, quantity: int, now: datetime) -> None:
    if quantity:
        does(town, job, "material", now, code=code, quantity=str(quantity))


def _finish(town: Town, job: Job, story: Story, now: datetime) -> None:
    language = job.case.language
    if job.end == Outcome.RESTORED:
        public = in_language(town.random.choice(story.closing), language)
        does(town, job, "done", now, outcome=job.end, public=public)
    elif job.end in Outcome.values:
        does(town, job, "done", now, outcome=job.end)
    else:
        words = {code: (en, zh) for code, *_whom, en, zh in read("staff.toml")["waits"]}
        public = in_language(words.get(job.end, ("", "")), language)
        does(town, job, "cannot_complete", now, reason=job.end, public=public)
