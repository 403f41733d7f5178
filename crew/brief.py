"""Everything the page of one job shows, read once: danger first, then what, where and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crew import logbook
from crew.forms import FORMS, OpForm
from crew.logbook import Entry
from dispatch.models import WorkOrder
from dispatch.rules import ON_THE_MOVE, OrderStatus
from hotline.models import Report
from tickets.models import Photo, Priority, Question, Ticket, TicketEvent

O = OrderStatus  # noqa: E741

# What the big button does next. Finishing asks for an outcome, so it is a form of its own.
NEXT: Mapping[str, tuple[str, str | Promise]] = {
    O.DISPATCHED: ("accept", pgettext_lazy("a crew takes a job", "Accept")),
    O.ACCEPTED: ("en_route", _("On the way")),
    O.EN_ROUTE: ("on_scene", _("On scene")),
}


@dataclass(frozen=True)
class Voice:
    """What one citizen said, with the answers to what we asked; dangerous answers come first."""

    report: Report
    answers: list[tuple[str, str, bool]]


@dataclass(frozen=True)
class Earlier:
    order: WorkOrder
    ended: str
    entries: list[tuple[datetime, str]]  # what was found and said there


@dataclass(frozen=True)
class Job:
    order: WorkOrder
    danger: bool
    voices: list[Voice]
    photos: list[Photo]
    earlier: list[Earlier]
    log: list[Entry]
    forms: dict[str, OpForm]
    next: tuple[str, str | Promise] | None
    made_safe: bool
    wrong: str = ""  # the form that was refused

    @property
    def dangers(self) -> list[tuple[str, str]]:
        """The dangerous answers, each once however many citizens gave it."""
        said = (row for voice in self.voices for row in voice.answers)
        return list(dict.fromkeys((asked, answer) for asked, answer, bad in said if bad))

    @property
    def step(self) -> OpForm | None:
        return self.forms[self.next[0]] if self.next else None

    @property
    def is_under_way(self) -> bool:
        return self.order.status in ON_THE_MOVE

    @property
    def on_scene(self) -> bool:
        return self.order.status == O.ON_SCENE


def read(order: WorkOrder, *, now: datetime, wrong: OpForm | None = None) -> Job:
    ticket = order.ticket
    told = TicketEvent.objects.filter(ticket=ticket, job__isnull=False).select_related("words")
    events = list(told.order_by("occurred_at", "seq"))
    voices = _voices(order)
    photos = Photo.objects.filter(ticket__in=Ticket.objects.family(ticket.pk))
    forms = _forms(order, events, now)
    if wrong:
        forms[wrong.kind] = wrong
    return Job(
        order=order,
        danger=ticket.priority == Priority.EMERGENCY or any(v.report.dangerous for v in voices),
        voices=voices,
        photos=list(photos.exclude(job=order.pk).order_by("taken_at", "pk")),
        earlier=_earlier(order, events),
        log=logbook.read(order, events),
        forms=forms,
        next=NEXT.get(order.status),
        made_safe=any(e.kind == "order_made_safe" and e.job == order.pk for e in events),
        wrong=wrong.kind if wrong else "",
    )


def _voices(order: WorkOrder) -> list[Voice]:
    theirs = Report.objects.filter(ticket__in=Ticket.objects.family(order.ticket_id))
    reports = theirs.select_related("words").order_by("said_at", "pk")
    asked = Question.objects.filter(category=order.ticket.category_id).order_by("position", "pk")
    questions = list(asked)
    return [Voice(report, _answers(report.answers, questions)) for report in reports]


def _answers(given: dict[str, Any], questions: list[Question]) -> list[tuple[str, str, bool]]:
    said = []
    for question in questions:
        if question.code in given:
            answer = str(given[question.code])
            shown = dict(question.choices()).get(answer, answer)
            said.append((question.text, shown, question.means_danger(answer)))
    return sorted(said, key=lambda row: not row[2])


def _earlier(order: WorkOrder, events: list[TicketEvent]) -> list[Earlier]:
    others = WorkOrder.objects.for_ticket(order.ticket).exclude(pk=order.pk)
    return [
        Earlier(
            other,
            logbook.ended(other.outcome, other.reason),
            [
                (e.occurred_at, logbook.said(e))
                for e in events
                if e.job == other.pk and logbook.said(e)
            ],
        )
        for other in others.select_related("crew").order_by("pk")
    ]


def _forms(order: WorkOrder, events: list[TicketEvent], now: datetime) -> dict[str, OpForm]:
    """An empty form of every kind, each with an id of its own and the likely answers filled in."""
    arrived = [e.occurred_at for e in events if e.job == order.pk and e.kind == "order_on_scene"]
    start = arrived[0] if arrived else now - timedelta(hours=1)
    end = max(now, start + timedelta(minutes=1))
    initial: dict[str, dict[str, Any]] = {
        "equipment": {"start": timezone.localtime(start), "end": timezone.localtime(end)},
        "photo": {"moment": Photo.Moment.AFTER if order.finished_at else Photo.Moment.BEFORE},
    }
    return {
        kind: form(kind=kind, order=order, now=now, initial=initial.get(kind, {}))
        for kind, form in FORMS.items()
    }
