"""What citizens think of it: is it solved, and how satisfied they are. By text or on their page."""

from datetime import datetime

from common.transactions import all_or_nothing
from hotline.models import Feedback
from notifications.models import Contact
from tickets import feedback as tickets
from tickets.feedback import Result
from tickets.models import Ticket


@all_or_nothing
def give_verdict(
    ticket: Ticket, contact: Contact, *, fixed: bool, now: datetime, words: str = ""
) -> Result:
    """Whether it is solved, by one of those who are told about it; the last answer counts.

    Raises tickets.feedback.NotSubscribed.
    """
    result = tickets.answer(ticket, contact, fixed=fixed, words=words, now=now)
    _keep(ticket, contact, resolved=fixed, given_at=now)
    return result


@all_or_nothing
def rate(ticket: Ticket, contact: Contact, *, satisfied: int, now: datetime) -> bool:
    """From 1, not at all, to 5, very; False where it is only another figure than before."""
    before = Feedback.objects.filter(ticket=ticket, contact=contact, satisfied__isnull=False)
    first = not before.exists()
    _keep(ticket, contact, satisfied=satisfied, given_at=now)
    return first


def _keep(ticket: Ticket, contact: Contact, **said: object) -> None:
    """One row per ticket and person, whoever is faster."""
    row = Feedback(ticket=ticket, contact=contact, **said)
    Feedback.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["ticket", "contact"],
        update_fields=list(said),
    )
