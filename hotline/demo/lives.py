"""One ticket from the first ring to the last answer."""

from datetime import timedelta

from dispatch.models import WorkOrder
from dispatch.rules import Kind, Outcome
from hotline.demo import calls, desk, field
from hotline.demo.calendar import DAY
from hotline.demo.cases import Case
from hotline.demo.clock import Life, Steps
from hotline.demo.data import in_language, read
from hotline.demo.field import Job
from hotline.demo.town import Town
from tickets import services as tickets
from tickets.models import Status, Ticket

LOOKED_AT_FIRST = 0.12  # somebody inspects before a crew repairs
CONFIRMED, REOPENED, MISTAKEN = 0.45, 0.06, 0.01
SILENCE = 7 * DAY  # after which no answer counts as yes


def live(town: Town, case: Case) -> Life:
    team = yield from calls.take(town, case)
    ticket = case.ticket
    assert ticket
    town.progress()
    for _ in range(case.voices):
        town.clock.start(calls.join(town, case, ticket))
    job = None
    if team:
        order = WorkOrder.objects.for_ticket(ticket).get()
        job = field.start_job(town, case, order, team, town.clock.now, first=True)
    elif ticket.status == Status.RECEIVED and not (yield from desk.triage(town, case, ticket)):
        return
    while (yield from _repair(town, case, ticket, job)) and (yield from _reopened(town, case)):
        job = None


def _repair(town: Town, case: Case, ticket: Ticket, job: Job | None) -> Steps[bool]:
    """Crews go until it works again; False where that ended otherwise."""
    kind = Kind.INSPECT if town.chance(LOOKED_AT_FIRST) else Kind.REPAIR
    first = True
    while True:
        job = job or (yield from field.send(town, case, ticket, kind, first=first))
        end = yield from field.work(town, job)
        ticket.refresh_from_db()
        if end == Outcome.RESTORED:
            return True
        if end == Outcome.NOTHING_FOUND:
            now = yield town.daytime(town.clock.now + town.hours(1, 5))
            desk.reject_unfound(town, case, ticket, now)
            return False
        if ticket.status == Status.WAITING:
            now = yield town.daytime(town.clock.now + town.hours(40, 500))
            tickets.resume(ticket, by=town.dispatcher, now=now)
        if end != field.BACK:
            kind, first = Kind.REPAIR, False
        job = None


def _reopened(town: Town, case: Case) -> Steps[bool]:
    """What the citizen says of it, or their silence; whether a crew has to go again."""
    ticket, solved_at = case.ticket, town.clock.now
    assert ticket
    if town.chance(MISTAKEN):
        now = yield solved_at + town.minutes(10, 90)
        tickets.correct(ticket, reason="", by=town.dispatcher, now=now)
        return True
    if town.chance(REOPENED):
        now = yield solved_at + town.hours(3, 60)
        words = town.random.choice(read("staff.toml")["reopenings"])
        tickets.reopen(ticket, reason=in_language(words, case.language), by=None, now=now)
        return True
    confirmed = case.caller.phone and town.chance(CONFIRMED)
    now = yield solved_at + (town.hours(0.2, 30) if confirmed else SILENCE + timedelta(hours=1))
    tickets.close(ticket, by=None, now=now)
    return False
