"""What the desk makes of a report: taken up, turned down, answered, joined with another one."""

from datetime import datetime, timedelta

from hotline.demo.calendar import next_daytime
from hotline.demo.cases import Case
from hotline.demo.catalogue import DESK
from hotline.demo.clock import Steps
from hotline.demo.data import in_language, read
from hotline.demo.town import Town
from tickets import services as tickets
from tickets.models import Priority, Ticket

REJECTED, ANSWERED, BOUNCED, HELD = 0.05, 0.03, 0.03, 0.06
SEEN_AFTER = {  # minutes until somebody looks at it
    Priority.EMERGENCY: (1, 4),
    Priority.HIGH: (3, 25),
    Priority.NORMAL: (10, 300),
    Priority.LOW: (30, 480),
}


def triage(town: Town, case: Case, ticket: Ticket) -> Steps[bool]:
    """Whether the ticket is now for crews to solve; all else ends here."""
    now = yield _seen_at(town, case, ticket)
    if case.double_of and _merge(town, ticket, case.double_of, now):
        return False
    if town.chance(REJECTED):
        _reject(town, case, ticket, now)
        return False
    priority = Priority.EMERGENCY if case.dangerous else None
    kind = town.kinds[case.kind]
    tickets.accept(ticket, by=town.operator, now=now, category=kind, priority=priority)
    if town.chance(BOUNCED):
        yield from _bounce(town, ticket)
    at_the_desk = ticket.unit == town.units[DESK]
    if at_the_desk or town.chance(ANSWERED):
        now = yield town.daytime(ticket.opened_at + town.hours(3, 40))
        words = in_language(town.random.choice(read("staff.toml")["answers"]), case.language)
        how = "desk" if at_the_desk else "outside"
        tickets.answer(ticket, how=how, words=words, by=town.operator, now=now)
        return False
    if town.chance(HELD):
        yield from _hold(town, case, ticket)
    return True


def reject_unfound(town: Town, case: Case, ticket: Ticket, now: datetime) -> None:
    """A crew was there and found nothing: the citizen hears so."""
    _, _, unfound, _ = read("staff.toml")["rejections"]
    tickets.reject(ticket, reason=in_language(unfound, case.language), by=town.dispatcher, now=now)


def _seen_at(town: Town, case: Case, ticket: Ticket) -> datetime:
    """Urgent reports at any hour, the others when the desk has time for them."""
    priority = Priority.EMERGENCY if case.dangerous else Priority(ticket.priority)
    seen = ticket.opened_at + town.minutes(*SEEN_AFTER[priority])
    urgent = priority in (Priority.EMERGENCY, Priority.HIGH)
    return seen if urgent else next_daytime(seen) + town.minutes(0, 20)


def _merge(town: Town, ticket: Ticket, other: Case, now: datetime) -> bool:
    if other.ticket is None:
        return False
    root = Ticket.objects.get(pk=other.ticket.pk)
    root = root.merged_into or root
    if not root.is_open:
        return False
    tickets.merge(ticket, into=root, by=town.operator, now=now)
    return True


def _reject(town: Town, case: Case, ticket: Ticket, now: datetime) -> None:
    reason = town.random.choice(read("staff.toml")["rejections"])
    tickets.reject(ticket, reason=in_language(reason, case.language), by=town.operator, now=now)


def _bounce(town: Town, ticket: Ticket) -> Steps[None]:
    """Sent to the wrong unit, which sends it back."""
    right = ticket.unit
    assert right
    wrong = town.random.choice([u for u in town.units.values() if u != right])
    now = yield ticket.opened_at + town.hours(3, 9)
    tickets.transfer(ticket, unit=wrong, reason="", by=town.operator, now=now)
    now = yield town.daytime(now + town.hours(1, 7))
    reason, _ = town.random.choice(read("staff.toml")["bounces"])
    tickets.transfer(ticket, unit=right, reason=reason, by=town.dispatcher, now=now)


def _hold(town: Town, case: Case, ticket: Ticket) -> Steps[None]:
    """Nothing can be done before somebody outside has done their part."""
    now = yield town.daytime(ticket.opened_at + town.hours(4, 12))
    reason, *said = town.random.choice(read("staff.toml")["waits"])
    until = now + timedelta(days=town.random.randint(3, 20))
    tickets.hold(
        ticket,
        reason=reason,
        waiting_for=in_language((said[0], said[1]), case.language),
        until=until,
        by=town.dispatcher,
        words=in_language((said[2], said[3]), case.language),
        now=now,
    )
    now = yield town.daytime(until + town.hours(-20, 30))
    tickets.resume(ticket, by=town.dispatcher, now=now)
