"""How complaints come in: by phone, on the web, found on patrol; and calls that are none."""

from datetime import datetime

from hotline import call_backs
from hotline import services as hotline
from hotline.demo.calendar import rings_at
from hotline.demo.cases import PERIOD, Case, citizen
from hotline.demo.clock import Life, Steps
from hotline.demo.data import in_language, read
from hotline.demo.town import Team, Town
from hotline.models import Call, CallBack
from hotline.services import Caller, Said
from notifications import outbox
from tickets.models import Channel, Ticket

SLOW_ANSWER = 0.06  # more than a minute of ringing
WITHOUT_REPORT = {
    Call.Outcome.INFORMATION: 6,
    Call.Outcome.WRONG_NUMBER: 2,
    Call.Outcome.TRANSFERRED: 2,
    Call.Outcome.CALL_BACK: 1,
}


def take(town: Town, case: Case) -> Steps[Team | None]:
    """The report as the desk or the page takes it; in danger a crew is sent at once."""
    said = case.said(town)
    if case.channel != Channel.PHONE:
        now = yield case.at
        by = town.operator if case.channel == Channel.PATROL else None
        case.ticket = hotline.take_report(said, now=now, by=by).ticket
        return None
    call = yield from talk(town, case.at, case.caller)
    now = call.ended_at or now
    if not case.dangerous:
        taken = hotline.take_report(said, now=now, occurred_at=case.at, by=town.operator, call=call)
        case.ticket = taken.ticket
        return None
    on_duty = [t for t in town.teams_for(None, town.story(case.kind).skill) if town.on_duty(t, now)]
    team = on_duty[0] if on_duty else None
    crew = team.crew if team else None
    case.ticket = hotline.take_emergency(
        said, crew=crew, by=town.operator, now=now, call=call
    ).ticket
    return team


def join(town: Town, case: Case, ticket: Ticket) -> Life:
    """A neighbour calls about the same problem, if it is still there by then."""
    rang_at = case.at + town.minutes(10, 600)
    caller = citizen(town)
    call = yield from talk(town, rang_at, caller)
    ticket.refresh_from_db()
    if not ticket.is_open:
        call.outcome = Call.Outcome.INFORMATION
        call.save(update_fields=["outcome"])
        return
    words = in_language(town.random.choice(read("staff.toml")["repeats"]), caller.language)
    said = Said(
        category=ticket.category,
        location=case.spot.location(caller.language),
        words=words,
        channel=Channel.PHONE,
        caller=caller,
    )
    now = call.ended_at or rang_at
    hotline.take_report(
        said, now=now, occurred_at=rang_at, by=town.operator, call=call, join=ticket
    )


def call_about_nothing(town: Town) -> Life:
    """A question, a wrong number, somebody to be called back."""
    caller = citizen(town)
    rang_at = rings_at(town.random, "any", town.now - PERIOD, town.now)
    call = yield from talk(town, rang_at, caller)
    call.outcome = town.random.choices(list(WITHOUT_REPORT), list(WITHOUT_REPORT.values()))[0]
    call.save(update_fields=["outcome"])
    if call.outcome != Call.Outcome.CALL_BACK:
        return
    call.contact = outbox.find_or_add_contact(
        caller.phone, name=caller.name, language=caller.language, now=rang_at
    )
    call.save(update_fields=["contact"])
    due, reason = rang_at + town.hours(2, 6), CallBack.Reason.ASKED
    owed = call_backs.owe(call.contact, reason=reason, now=rang_at, due=due, call=call)
    now = yield rang_at + town.hours(0.5, 8)
    call_backs.finish(owed, by=town.operator, now=now, outcome=CallBack.Outcome.REACHED)


def talk(town: Town, rang_at: datetime, caller: Caller) -> Steps[Call]:
    """A call from the first ring to the last word, as the telephone system logs it."""
    slow = town.chance(SLOW_ANSWER)
    answered_at = rang_at + (town.minutes(1, 3) if slow else town.minutes(0.1, 0.3))
    ended_at = yield answered_at + town.minutes(1, 4)
    return Call.objects.create(
        number=caller.phone,
        operator=town.operator,
        rang_at=rang_at,
        answered_at=answered_at,
        ended_at=ended_at,
    )
