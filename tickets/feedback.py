"""What citizens say of a solved problem: everybody's yes closes it, anybody's no opens it again.

Nobody's answer closes it too, after a while. A yes settles the matter for whoever said it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import F, QuerySet

from common.transactions import all_or_nothing
from notifications import consent
from notifications.models import Contact
from tickets import citizen_updates, services
from tickets.models import OPEN, Status, Subscriber, Ticket, TicketEvent
from tickets.workflow import lock, note

WROTE = "citizen_wrote"  # the event, and the mark on its ticket
AT_ONCE = 200  # tickets looked up together; each is closed in a transaction of its own
MOST = 5_000  # in one turn


class NotSubscribed(Exception):
    """Whoever is told nothing about a ticket has no say in it."""


class Result(StrEnum):
    """What became of the ticket by one answer."""

    SETTLED = "settled"  # for this person; others have not answered yet
    CLOSED = "closed"
    REOPENED = "reopened"
    OPEN = "open"  # it is being worked on anyway
    TOO_LATE = "too_late"  # it was over long ago, or was never taken up


@all_or_nothing
def answer(
    ticket: Ticket, contact: Contact, *, fixed: bool, now: datetime, words: str = ""
) -> Result:
    """One subscriber's verdict, on the ticket as it is by now; `words` are what they said.

    Whoever answers is told by the caller what became of it, the others as usual: a reopening
    tells everybody. Twice the same is once. Raises NotSubscribed.
    """
    root = lock_root(ticket)
    since = last_moved_at(root)
    verdict = Subscriber.Answer.YES if fixed else Subscriber.Answer.NO
    if not family(root).filter(contact=contact).update(answer=verdict, answered_at=now):
        raise NotSubscribed(root.number)
    if root.status == Status.REJECTED:
        return Result.TOO_LATE
    if root.status in OPEN:
        return Result.OPEN
    if not fixed:
        return _reopen(root, words, since=since, now=now)
    if root.status == Status.RESOLVED and all_agree(root, since=since):
        _close(root, contact, now=now)
    return Result.CLOSED if root.status == Status.CLOSED else Result.SETTLED


def all_agree(root: Ticket, *, since: datetime) -> bool:
    """Whether everybody who can be asked by text has said yes since it was solved."""
    told = family(root).select_related("contact")
    open_ = told.exclude(answer=Subscriber.Answer.YES, answered_at__gte=since)
    numbers = {s.contact.phone for s in open_ if s.contact.phone and not s.contact.untextable}
    return numbers <= consent.opted_out(number for number in numbers if number)


def close_silent(*, now: datetime) -> int:
    """Close what was solved HOTLINE_SILENCE_DAYS ago without an objection; returns how many."""
    before = now - timedelta(days=settings.HOTLINE_SILENCE_DAYS)
    closed = last = 0
    while closed < MOST:
        silent = _solved_before(before).filter(ticket__gt=last).order_by("ticket")
        ids = list(silent.values_list("ticket", flat=True)[:AT_ONCE])
        if not ids:
            break
        closed += sum(_close_silent(pk, before=before, now=now) for pk in ids)
        last = ids[-1]
    return closed


def last_moved_at(ticket: Ticket) -> datetime:
    """When we learnt of what made its status."""
    event = TicketEvent.objects.only("recorded_at").get(ticket=ticket, move=ticket.moves)
    return event.recorded_at


@all_or_nothing
def add_words(
    ticket: Ticket, *, words: str, media: int, said_at: datetime, now: datetime
) -> TicketEvent:
    """What a subscriber wrote of their own accord; marked on the ticket until staff read it."""
    current = lock_root(ticket)
    marks = current.flags if WROTE in current.flags else [*current.flags, WROTE]
    return note(
        current,
        WROTE,
        by=None,
        now=now,
        occurred_at=said_at,
        internal=words,
        data={"media": media} if media else {},
        changes={"flags": marks},
        tell=False,
    )


@all_or_nothing
def mark_read(ticket: Ticket) -> None:
    """Somebody has read what the citizen wrote. No fact about the problem: it leaves no event."""
    current = lock(ticket)
    current.flags = [flag for flag in current.flags if flag != WROTE]
    current.save(update_fields=["flags"])


def lock_root(ticket: Ticket) -> Ticket:
    """The one that speaks for it by now."""
    known = Ticket.objects.filter(pk=ticket.pk).values_list("merged_into", flat=True).get()
    root = lock(Ticket(pk=known or ticket.pk))
    return lock(root.merged_into) if root.merged_into else root


def family(root: Ticket) -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(ticket__in=Ticket.objects.family(root.pk))


def _reopen(root: Ticket, words: str, *, since: datetime, now: datetime) -> Result:
    if since < now - timedelta(days=settings.HOTLINE_REOPEN_DAYS):
        return Result.TOO_LATE
    services.reopen(root, reason=words, by=None, now=now, data={"how": "citizen"})
    return Result.REOPENED


def _close(root: Ticket, contact: Contact, *, now: datetime) -> None:
    event = services.close(root, by=None, now=now, tell=False, data={"how": "agreed"})
    citizen_updates.announce(root, event, now=now, but=contact)


def _solved_before(moment: datetime) -> QuerySet[TicketEvent]:
    resolved = TicketEvent.objects.filter(ticket__status=Status.RESOLVED, move=F("ticket__moves"))
    return resolved.filter(recorded_at__lt=moment)


@all_or_nothing
def _close_silent(pk: int, *, before: datetime, now: datetime) -> bool:
    ticket = lock(Ticket(pk=pk))
    if ticket.status != Status.RESOLVED or last_moved_at(ticket) >= before:
        return False
    services.close(ticket, by=None, now=now, data={"how": "silence"})
    return True
