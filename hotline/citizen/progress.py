"""Where a report stands, in the words of a neighbour: read from the ticket's own history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch.rules import REASONS
from hotline.feedback import may_rate
from hotline.models import Report
from notifications import consent
from tickets.feedback import last_moved_at
from tickets.models import Question, Status, Subscriber, Ticket, TicketEvent

Text = str | Promise

# The stops of the line at the top of the page, and how far each status has come.
STOPS: tuple[Text, ...] = (
    _("Received"),
    _("Checked"),
    _("Crew assigned"),
    _("Work in progress"),
    _("Solved"),
)
REACHED = {
    Status.RECEIVED: 0,
    Status.ACCEPTED: 1,
    Status.WAITING: 1,
    Status.ASSIGNED: 2,
    Status.IN_PROGRESS: 3,
    Status.RESOLVED: 4,
    Status.CLOSED: 4,
}
NOW: dict[str, Text] = {
    Status.RECEIVED: _("We have your report. Somebody will look at it next."),
    Status.ACCEPTED: _("The report was checked. The work is being planned."),
    Status.ASSIGNED: _("A crew has been given the job."),
    Status.IN_PROGRESS: _("A crew is at the place and working on it."),
    Status.WAITING: _("We cannot go on alone: we are waiting for somebody else."),
    Status.RESOLVED: _("This has been solved."),
    Status.CLOSED: _("This has been solved and is closed."),
    Status.REJECTED: _("The city cannot take this up."),
    Status.MERGED: _("Your report was joined with another one about the same problem."),
}
# What the public sees of the history. Whatever is not named here stays inside.
HAPPENED: dict[str, Text] = {
    "open": _("The report was received."),
    "accept": _("Checked and taken up."),
    "transfer": _("Passed on to another unit of the city."),
    "assign": _("A crew was given the job."),
    "order_en_route": _("The crew is on its way."),
    "order_on_scene": _("The crew is at the place."),
    "order_made_safe": _("The place was made safe."),
    "order_done": _("The crew reports:"),
    "order_cannot_complete": _("The crew reports:"),
    "recall": _("Another visit is needed."),
    "hold": _("We are waiting for somebody else."),
    "resume": _("The work goes on."),
    "resolve": _("Solved by the crew."),
    "answer": _("Answered by the desk."),
    "reject": _("The city cannot take this up."),
    "close": _("Closed."),
    "reopen": _("Opened again: it was not solved after all."),
    "correct": _("Marked as solved by mistake. The work goes on."),
    "merge": _("Joined with another report about the same problem."),
    "unmerge": _("Followed on its own again."),
}


ONLY_WITH_WORDS = frozenset({"order_done", "order_cannot_complete"})


@dataclass(frozen=True)
class Stop:
    name: Text
    state: str  # past, here or ahead


@dataclass(frozen=True)
class Entry:
    at: datetime
    text: Text
    why: Text
    words: str


@dataclass(frozen=True)
class Progress:
    """A tracking page: `ticket` is what the reader reported, `root` what is being worked on."""

    ticket: Ticket
    root: Ticket
    own: list[Report]
    answers: list[tuple[str, str]]
    entries: list[Entry]
    now: datetime
    subscriber: Subscriber | None = None  # whose own link it is
    silent: bool = False  # they want no news

    @property
    def asks(self) -> bool:
        """Whether the reader is asked if it is solved."""
        return self.subscriber is not None and self.root.status == Status.RESOLVED

    @property
    def may_rate(self) -> bool:
        if self.subscriber is None or self.root.status not in (Status.RESOLVED, Status.CLOSED):
            return False
        moved_at = last_moved_at(self.root)
        return may_rate(self.root, self.subscriber, moved_at=moved_at, now=self.now)

    @property
    def reached(self) -> bool:
        """Whether there is a way to tell the reader anything."""
        return self.subscriber is not None and bool(self.subscriber.contact.address)

    @property
    def headline(self) -> Text:
        return NOW[self.root.status]

    @property
    def reason(self) -> str:
        """Why the city cannot take it up, as it was published."""
        if self.root.status != Status.REJECTED:
            return ""
        return next((entry.words for entry in reversed(self.entries) if entry.words), "")

    @property
    def joined(self) -> bool:
        return self.root.pk != self.ticket.pk

    @property
    def overdue(self) -> bool:
        return self.root.is_overdue(self.now)

    @property
    def dangerous(self) -> bool:
        return self.root.is_open and any(report.dangerous for report in self.own)

    @property
    def marker(self) -> list[dict[str, Any]]:
        """The place for the map; empty where only words describe it."""
        if self.ticket.lon is None:
            return []
        label = self.ticket.address or self.ticket.category.name
        return [{"lon": self.ticket.lon, "lat": self.ticket.lat, "label": label}]

    @property
    def stops(self) -> list[Stop]:
        reached = REACHED.get(Status(self.root.status))
        if reached is None:
            return []
        states = ["past"] * reached + ["here"] + ["ahead"] * len(STOPS)
        return [Stop(name, state) for name, state in zip(STOPS, states, strict=False)]


def find(token: str, *, now: datetime) -> Progress | None:
    """What the holder of a link may see; own words only behind a subscriber's own link."""
    about = ("category", "unit", "district", "merged_into__category", "merged_into__unit")
    subscriber = (
        Subscriber.objects.filter(token=token)
        .select_related("contact", *(f"ticket__{name}" for name in about))
        .defer("ticket__district__geometry")
        .first()
    )
    public = Ticket.objects.select_related(*about).defer("district__geometry")
    ticket = subscriber.ticket if subscriber else public.filter(token=token).first()
    if ticket is None:
        return None
    root = ticket.merged_into or ticket
    own = _own_reports(subscriber) if subscriber else []
    return Progress(
        ticket,
        root,
        own,
        _answers(ticket, own),
        list(_entries(ticket, root)),
        now,
        subscriber,
        silent=bool(subscriber and consent.why_silent(subscriber.contact)),
    )


def tracking_token(report: Report) -> str:
    """The link for whoever made this report: their own, or the ticket's where they left no name."""
    subscriber = Subscriber.objects.filter(ticket=report.ticket_id, contact=report.contact_id)
    return subscriber.values_list("token", flat=True).first() or report.ticket.token


def _own_reports(subscriber: Subscriber) -> list[Report]:
    reports = Report.objects.filter(ticket=subscriber.ticket_id, contact=subscriber.contact_id)
    return list(reports.select_related("words").order_by("pk"))


def _answers(ticket: Ticket, own: list[Report]) -> list[tuple[str, str]]:
    """Question and answer in the reader's language."""
    given = {code: answer for report in own for code, answer in report.answers.items()}
    if not given:
        return []
    questions = Question.objects.filter(category=ticket.category_id, code__in=given)
    asked = questions.order_by("position", "pk")
    return [(q.text, dict(q.choices()).get(given[q.code], str(given[q.code]))) for q in asked]


def _entries(ticket: Ticket, root: Ticket) -> Iterator[Entry]:
    """The public history; of a joined report also how it came in and when it was joined."""
    told = Q(ticket=root) | Q(ticket=ticket)
    events = (
        TicketEvent.objects.filter(told, kind__in=HAPPENED, applied=True)
        .select_related("words")
        .order_by("occurred_at", "seq", "pk")
    )
    before: Entry | None = None
    for event in events:
        entry = _entry(event)
        told_before = before is not None and entry.text == before.text
        if entry.words or not (told_before or event.kind in ONLY_WITH_WORDS):
            yield entry
            before = entry


def _entry(event: TicketEvent) -> Entry:
    words: Any = getattr(event, "words", None)
    reason = REASONS.get(event.reason)
    return Entry(
        at=event.occurred_at,
        text=HAPPENED[event.kind],
        why=reason.text if reason else "",
        words=words.public if words else "",
    )
