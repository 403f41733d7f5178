"""Everything that is known about one ticket, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from common.models import Role, User
from common.phones import show_phone
from console.queue.masking import mask_address, mask_phone, show_address
from console.queue.wording import flag
from console.texts.reach import Reach, reach_of
from dispatch.models import EquipmentUse, MaterialUse, WorkOrder
from hotline.models import CallBack, Feedback, InboundText, Report
from notifications.models import Contact, Message
from tickets.models import Photo, Question, Subscriber, Ticket, TicketEvent


@dataclass(frozen=True)
class Answered:
    question: str
    answer: str
    dangerous: bool


@dataclass(frozen=True)
class Voice:
    """One report: what somebody said, and how to reach them."""

    report: Report
    caller: str
    phone: str
    answers: list[Answered]
    verdict: str  # what they answered when we said it was resolved


@dataclass(frozen=True)
class Listener:
    """Somebody who is told about the ticket, or should be: whether news get through to them."""

    contact: Contact
    address: str
    reach: Reach
    verdict: str
    owed: bool  # a call to them about it is on the list


@dataclass(frozen=True)
class Job:
    """A work order with what it used."""

    order: WorkOrder
    uses: list[EquipmentUse]
    materials: list[MaterialUse]

    @property
    def used(self) -> list[str]:
        return [say_use(use) for use in self.uses]

    @property
    def spent(self) -> list[str]:
        return [say_material(material) for material in self.materials]


@dataclass(frozen=True)
class Dossier:
    ticket: Ticket
    voices: list[Voice]
    photos: list[Photo]
    events: list[TicketEvent]
    jobs: dict[int, Job]
    texts: list[Message]
    listeners: list[Listener] = field(default_factory=list)
    inbound: list[InboundText] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    call_backs: list[CallBack] = field(default_factory=list)
    children: list[Ticket] = field(default_factory=list)


def find_ticket(number: str) -> Ticket:
    """With everything its page shows. Raises Ticket.DoesNotExist."""
    tickets = Ticket.objects.for_list().select_related("merged_into", "unit__duty")
    return tickets.get(number=number)


def open_dossier(ticket: Ticket, *, reader: User) -> Dossier:
    """All of it; phone numbers in full only for those who may ring the callers."""
    family = Ticket.objects.family(ticket.pk)
    reports = list(
        Report.objects.filter(ticket__in=family)
        .select_related("contact", "call", "words", "taken_by")
        .order_by("said_at", "pk")
    )
    full = reader.role != Role.AUDITOR
    events = TicketEvent.objects.filter(ticket=ticket).select_related("actor", "words")
    texts = Message.objects.about(ticket.topic).select_related("contact")
    subscribers = _subscribers(ticket)
    calls = CallBack.objects.filter(ticket__in=family).select_related("contact", "done_by")
    call_backs = list(calls.order_by("pk"))
    return Dossier(
        ticket=ticket,
        voices=_voices(ticket, reports, subscribers, full=full),
        photos=list(Photo.objects.filter(ticket=ticket).order_by("taken_at", "pk")),
        events=list(events.order_by("seq")),
        jobs=_jobs(ticket),
        texts=list(texts.order_by("created_at", "pk")),
        listeners=_listeners(subscribers, call_backs, full=full),
        inbound=list(InboundText.objects.filter(ticket__in=family).order_by("received_at", "pk")),
        feedback=list(Feedback.objects.filter(ticket__in=family).order_by("given_at", "pk")),
        call_backs=call_backs,
        children=list(Ticket.objects.filter(merged_into=ticket).order_by("pk")),
    )


def _subscribers(ticket: Ticket) -> list[Subscriber]:
    """Everybody who is told, each person once, with the last thing they answered."""
    theirs = Subscriber.objects.filter(ticket__in=Ticket.objects.family(ticket.pk))
    found = theirs.select_related("contact").order_by("pk")
    last: dict[int, Subscriber] = {}
    for subscriber in found:
        if subscriber.answer or subscriber.contact_id not in last:
            last[subscriber.contact_id] = subscriber
    return list(last.values())


def _listeners(
    subscribers: list[Subscriber], call_backs: list[CallBack], *, full: bool
) -> list[Listener]:
    """Those whom news do not reach come first."""
    show = show_address if full else mask_address
    owed = {call_back.contact_id for call_back in call_backs if call_back.done_at is None}
    reach = reach_of([subscriber.contact for subscriber in subscribers])
    listeners = [
        Listener(
            contact=one.contact,
            address=show(one.contact.phone or one.contact.email),
            reach=reach[one.contact_id],
            verdict=str(one.get_answer_display()) if one.answer else "",
            owed=one.contact_id in owed,
        )
        for one in subscribers
    ]
    return sorted(listeners, key=lambda listener: listener.reach.textable)


def _jobs(ticket: Ticket) -> dict[int, Job]:
    orders = WorkOrder.objects.for_ticket(ticket).select_related("crew", "unit").order_by("pk")
    jobs = {order.pk: Job(order, [], []) for order in orders}
    uses = EquipmentUse.objects.filter(order__in=jobs).select_related("equipment")
    for use in uses.order_by("pk"):
        jobs[use.order_id].uses.append(use)
    materials = MaterialUse.objects.filter(order__in=jobs).select_related("item")
    for material in materials.order_by("used_at", "pk"):
        jobs[material.order_id].materials.append(material)
    return jobs


def _voices(
    ticket: Ticket, reports: list[Report], subscribers: list[Subscriber], *, full: bool
) -> list[Voice]:
    show = show_phone if full else mask_phone
    questions = _questions(ticket, {code for report in reports for code in report.answers})
    verdicts = {s.contact_id: str(s.get_answer_display()) for s in subscribers if s.answer}
    return [
        Voice(
            report=report,
            caller=report.contact.name if report.contact else "",
            phone=show(report.contact.phone) if report.contact and report.contact.phone else "",
            answers=_answers(questions, report.answers),
            verdict=verdicts.get(report.contact_id or 0, ""),
        )
        for report in reports
    ]


def _questions(ticket: Ticket, codes: set[str]) -> dict[str, Question]:
    """In their order; where several categories ask the same code, the ticket's own wording."""
    asked = Question.objects.filter(code__in=codes).order_by("position", "pk") if codes else []
    own_last = sorted(asked, key=lambda question: question.category_id == ticket.category_id)
    return {question.code: question for question in own_last}


def _answers(questions: dict[str, Question], given: dict[str, Any]) -> list[Answered]:
    """As they were asked; a question that is gone keeps its code as its name."""
    known = [
        Answered(
            question.text,
            dict(question.choices()).get(str(given[code]), str(given[code])),
            dangerous=question.means_danger(given[code]),
        )
        for code, question in questions.items()
        if code in given
    ]
    gone = [Answered(c, str(a), dangerous=False) for c, a in given.items() if c not in questions]
    return known + gone


def may_see(user: User, photo: Photo) -> bool:
    """The staff see every photo; a crew member those of tickets their crew was ever sent to."""
    if user.role != Role.CREW:
        return True
    orders = WorkOrder.objects.filter(ticket=photo.ticket_id)
    return orders.filter(crew__memberships__member__user=user).exists()


def say_use(use: EquipmentUse) -> str:
    """`Aerial lift truck (LIFT-01), 19:00–22:00`"""
    ends = [use.period.lower, use.period.upper]
    times = "–".join(date_format(timezone.localtime(t), "H:i") for t in ends if t)
    disputed = f" · {flag('disputed')}" if use.disputed else ""
    return f"{use.equipment.name} ({use.equipment.code}), {times}{disputed}"


def say_material(material: MaterialUse) -> str:
    """`3 × Lamp head`, `70 m Cable`"""
    item = material.item
    measure = "×" if item.measure == item.Measure.EACH else item.get_measure_display()
    return f"{material.quantity.normalize():f} {measure} {item.name}"
