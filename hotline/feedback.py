"""What citizens think of it: is it solved, and how satisfied they are. By text or on their page."""

from datetime import datetime, timedelta

from django.conf import settings

from common.transactions import all_or_nothing
from hotline.models import Feedback
from notifications.models import Contact
from tickets import feedback as tickets
from tickets.feedback import Result
from tickets.models import Status, Subscriber, Ticket


class NotRateable(Exception):
    """It is not over for this person, or was over long ago."""


@all_or_nothing
def give_verdict(
    ticket: Ticket, contact: Contact, *, fixed: bool, now: datetime, words: str = ""
) -> Result:
    """Whether it is solved, by one of those who are told about it; the last answer counts.

    Raises tickets.feedback.NotSubscribed.
    """
    root = tickets.lock_root(ticket)
    result = tickets.answer(root, contact, fixed=fixed, words=words, now=now)
    _keep(root, contact, resolved=fixed, given_at=now)
    return result


@all_or_nothing
def rate(ticket: Ticket, contact: Contact, *, satisfied: int, now: datetime) -> bool:
    """From 1, not at all, to 5, very; False where it is only another figure than before.

    Raises NotRateable, and tickets.feedback.NotSubscribed.
    """
    root = tickets.lock_root(ticket)
    said = tickets.family(root).filter(contact=contact).order_by("-pk").first()
    if said is None:
        raise tickets.NotSubscribed(root.number)
    if not may_rate(root, said, moved_at=tickets.last_moved_at(root), now=now):
        raise NotRateable(root.number)
    before = Feedback.objects.filter(ticket=root, contact=contact, satisfied__isnull=False)
    first = not before.exists()
    _keep(root, contact, satisfied=satisfied, given_at=now)
    return first


def may_rate(root: Ticket, said: Subscriber, *, moved_at: datetime, now: datetime) -> bool:
    """What is closed, or solved as they say themselves; as long as they could object to it."""
    agreed = root.status == Status.RESOLVED and has_agreed(said, moved_at)
    return (agreed or root.status == Status.CLOSED) and moved_at >= long_ago(now)


def has_agreed(said: Subscriber, moved_at: datetime) -> bool:
    """Since its last move; what they said of an earlier solution is history."""
    yes = said.answer == Subscriber.Answer.YES
    return yes and said.answered_at is not None and said.answered_at >= moved_at


def long_ago(now: datetime) -> datetime:
    """What was over before then is over for good."""
    return now - timedelta(days=settings.HOTLINE_REOPEN_DAYS)


def _keep(ticket: Ticket, contact: Contact, **said: object) -> None:
    """One row per ticket and person, whoever is faster."""
    row = Feedback(ticket=ticket, contact=contact, **said)
    Feedback.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["ticket", "contact"],
        update_fields=list(said),
    )
