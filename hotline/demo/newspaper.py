"""The newspaper case: dark lights at a crossing, one evening and the day after."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from dispatch import equipment as trucks
from dispatch import services as dispatch
from dispatch import stock
from dispatch.models import Place, WorkOrder
from dispatch.rules import Kind, Outcome
from hotline.demo.calendar import DAY, HOUR
from hotline.demo.calls import talk
from hotline.demo.cases import Case, citizen
from hotline.demo.clock import Life, Steps
from hotline.demo.data import in_language, read
from hotline.demo.field import Job, does, keep_busy, use
from hotline.demo.town import Piece, Team, Town
from hotline.services import Caller, Said, take_emergency, take_report
from tickets import services as tickets
from tickets.models import Channel

MINUTE = timedelta(minutes=1)
CALLER, NEIGHBOUR = 0, 70  # numbers of the town; the first speaks Chinese, the other English


def first_evening(now: datetime) -> datetime:
    """When the phone rang: 30 July of the last summer whose 31 July is over."""
    told = _told()
    hour, minute = map(int, told["called"].split(":"))
    evening = timezone.localtime(now).replace(
        month=told["month"], day=told["day"], hour=hour, minute=minute, second=0, microsecond=0
    )
    return evening if evening + 2 * DAY < now else evening.replace(year=evening.year - 1)


def newspaper_case(town: Town) -> Life:
    """From the call to the citizen's yes."""
    evening = first_evening(town.now)
    case = _case(town, evening)
    inspecting, repairing = (
        town.team(_told()[role]) for role in ("inspecting_crew", "repairing_crew")
    )
    yield evening
    lift = town.pieces_for(_told()["equipment"])[0]
    keep_busy(repairing, [lift], evening + DAY)
    yield from _make_safe(town, case, inspecting)
    yield from _repair(town, case, repairing, lift, evening.replace(hour=8) + DAY)
    assert case.ticket
    case.ticket.refresh_from_db()
    now = yield evening + DAY + 20 * MINUTE
    tickets.close(case.ticket, by=None, now=now)


def _make_safe(town: Town, case: Case, team: Team) -> Steps[None]:
    """Staff go on scene at once: branches on the line, the transformer is burnt out."""
    call = yield from talk(town, case.at, case.caller)
    now = call.ended_at or case.at
    report = take_emergency(case.said(town), crew=team.crew, by=town.operator, now=now, call=call)
    case.ticket = report.ticket
    town.progress()
    order = WorkOrder.objects.for_ticket(report.ticket).get()
    job = Job(case, order, team, Outcome.SAFE_ONLY, now)
    for minutes, kind in ((4, "accept"), (7, "en_route"), (29, "on_scene")):
        now = yield case.at + minutes * MINUTE
        does(town, job, kind, now)
    now = yield case.at + 35 * MINUTE
    take_report(_neighbour(town, case), now=now, by=town.operator, join=report.ticket)
    now = yield case.at + 41 * MINUTE
    does(town, job, "finding", now, words=_words("cause", case.language))
    now = yield case.at + 66 * MINUTE
    does(town, job, "made_safe", now)
    now = yield case.at + 80 * MINUTE
    does(town, job, "done", now, outcome=job.end)


def _repair(town: Town, case: Case, team: Team, lift: Piece, morning: datetime) -> Steps[None]:
    """One aerial lift truck, three lamp heads, 70 m of cable; the same evening there is light."""
    assert case.ticket
    case.ticket.refresh_from_db()
    now = yield morning
    leaves, ends = morning + 5 * HOUR, morning + 11 * HOUR
    order = dispatch.assign(
        case.ticket,
        crew=team.crew,
        kind=Kind.REPAIR,
        by=town.dispatcher,
        now=now,
        window=(leaves, ends),
        equipment=[lift.equipment],
    )
    job = Job(case, order, team, Outcome.RESTORED, leaves)
    now = yield morning + 10 * MINUTE
    does(town, job, "accept", now)
    now = yield leaves - 30 * MINUTE
    _load(town, team, now)
    now = yield leaves
    trucks.hand_out(lift.equipment, crew=team.crew, at=now)
    does(town, job, "en_route", now)
    now = yield leaves + 24 * MINUTE
    does(town, job, "on_scene", now)
    now = yield ends - 20 * MINUTE
    span = {"start": leaves.isoformat(), "end": now.isoformat()}
    does(town, job, "equipment", now, code=lift.equipment.code, **span)
    for code, quantity in _told()["materials"]:
        use(town, job, code, quantity, now)
    does(town, job, "finding", now, words=_words("repair", case.language))
    now = yield ends - 12 * MINUTE
    does(town, job, "done", now, outcome=job.end, public=_words("closing", case.language))
    now = yield ends
    trucks.take_back(lift.equipment, at=now)


def _load(town: Town, team: Team, now: datetime) -> None:
    depot = Place.objects.get(code="north")
    for code, quantity in _told()["materials"]:
        stock.move_stock(
            town.items[code], Decimal(quantity), source=depot, target=team.crew.truck, now=now
        )


def _case(town: Town, evening: datetime) -> Case:
    caller = citizen(town, CALLER)
    return Case(
        at=evening,
        kind=_told()["kind"],
        said_kind=_told()["kind"],
        spot=town.streets.corner(*_told()["corner"]),
        caller=caller,
        channel=Channel.PHONE,
        words=_words("words", caller.language),
        answers=_told()["answers"],
        dangerous=False,
        voices=0,
    )


def _neighbour(town: Town, case: Case) -> Said:
    caller: Caller = citizen(town, NEIGHBOUR)
    return Said(
        category=town.kinds[case.kind],
        location=case.spot.location(caller.language),
        words=_told()["neighbour_words_en"],
        channel=Channel.WEB,
        caller=caller,
    )


def _told() -> dict[str, Any]:
    told: dict[str, Any] = read("staff.toml")["newspaper"]
    return told


def _words(what: str, language: str) -> str:
    return in_language((_told()[f"{what}_en"], _told()[f"{what}_zh"]), language)
