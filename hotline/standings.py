"""Which problems a person is told about, and what we may expect to hear from them of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from hotline.citizen.progress import NOW, Text
from hotline.feedback import has_agreed, long_ago, may_rate
from notifications.models import Contact
from tickets.models import Status, Subscriber, Ticket, TicketEvent

MOST = 50  # the newest problems of one person


@dataclass(frozen=True)
class Standing:
    """One problem as one person sees it: `ticket` speaks for what they reported."""

    ticket: Ticket
    numbers: frozenset[str]  # under which they may know it
    token: str  # of their own link
    moved_at: datetime
    has_agreed: bool  # that it is solved
    may_be_rated: bool

    @property
    def headline(self) -> Text:
        """Where it stands, in the words of the tracking page."""
        return NOW[self.ticket.status]

    @property
    def awaits_verdict(self) -> bool:
        """It was solved, and they have not yet said that it is. Their no would have reopened it."""
        return self.ticket.status == Status.RESOLVED and not self.has_agreed

    @property
    def expects_words(self) -> bool:
        """Whatever they write now is most likely about it."""
        return self.ticket.is_open or self.awaits_verdict


def find_standings(contact: Contact, *, now: datetime) -> list[Standing]:
    """What is open, or was not long ago; the last moved first."""
    found = Subscriber.objects.filter(contact=contact).order_by("-pk")
    subscribers = found.select_related("ticket__category", "ticket__merged_into__category")[:MOST]
    families: dict[int, list[Subscriber]] = {}
    for subscriber in subscribers:
        root = subscriber.ticket.merged_into or subscriber.ticket
        families.setdefault(root.pk, []).append(subscriber)
    moved = _moved(families)
    oldest = long_ago(now)
    all_ = (_standing(family, moved[pk], now) for pk, family in families.items())
    lately = [one for one in all_ if one.ticket.is_open or one.moved_at >= oldest]
    return sorted(lately, key=lambda one: (one.moved_at, one.ticket.pk), reverse=True)


def _standing(family: list[Subscriber], moved_at: datetime, now: datetime) -> Standing:
    """Somebody who reported the same twice answers for both at once."""
    first = family[0]
    root = first.ticket.merged_into or first.ticket
    return Standing(
        ticket=root,
        numbers=frozenset(
            {s.ticket.number for s in family}
            | {s.ticket.merged_into.number for s in family if s.ticket.merged_into}
        ),
        token=first.token,
        moved_at=moved_at,
        has_agreed=has_agreed(first, moved_at),
        may_be_rated=may_rate(root, first, moved_at=moved_at, now=now),
    )


def _moved(tickets: Iterable[int]) -> dict[int, datetime]:
    """When we learnt of what made each one's status."""
    last = TicketEvent.objects.filter(ticket__in=list(tickets), move=F("ticket__moves"))
    return dict(last.values_list("ticket_id", "recorded_at"))
