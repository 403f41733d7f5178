"""What the town already knows: of the caller, of a problem, of the calls of this shift."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.db.models.functions import Coalesce

from common.models import User
from dispatch.models import WorkOrder
from hotline.models import Call, Report
from notifications.models import Contact, Message
from tickets.models import Category, Subscriber, Ticket
from tickets.nearby import nearby
from tickets.services import Location

SHIFT = timedelta(hours=12)


@dataclass(frozen=True)
class Problem:
    """An open ticket as the operator sees it while listening: is it this one?"""

    ticket: Ticket
    words: str
    reports: int
    metres: int | None = None


@dataclass(frozen=True)
class KnownCaller:
    contact: Contact
    reports: int
    problems: list[Problem]


def find_caller(phone: str) -> KnownCaller | None:
    """Who has this number (E.164), and which of their tickets are still open."""
    contact = Contact.objects.filter(phone=phone).first() if phone else None
    if contact is None:
        return None
    told = Subscriber.objects.filter(contact=contact).values(
        root=Coalesce("ticket__merged_into", "ticket")
    )
    theirs = Ticket.objects.open().filter(pk__in=told).select_related("category").newest_first()
    reports = Report.objects.filter(contact=contact).count()
    return KnownCaller(contact, reports, _problems((t, None) for t in theirs[:8]))


def find_nearby(category: Category, location: Location) -> list[Problem]:
    return _problems((f.ticket, f.metres) for f in nearby(category, location))


def last_calls(operator: User, now: datetime) -> list[Call]:
    """What this operator wrote down last in this shift, each with the `report` it brought."""
    mine = Call.objects.filter(operator=operator, rang_at__gt=now - SHIFT)
    calls = list(mine.order_by("-rang_at", "-pk")[:5])
    reports = Report.objects.filter(call__in=calls).select_related("ticket__category")
    brought = {report.call_id: report for report in reports}
    for call in calls:
        call.report = brought.get(call.pk)  # type: ignore[attr-defined]
    return calls


@dataclass(frozen=True)
class Saved:
    """A call that is over, and what was set going."""

    call: Call
    report: Report | None
    text: Message | None
    order: WorkOrder | None

    @property
    def length(self) -> str:
        """Minutes and seconds from the answer to the end."""
        call = self.call
        if call.answered_at is None or call.ended_at is None:
            return "–"
        minutes, seconds = divmod(int((call.ended_at - call.answered_at).total_seconds()), 60)
        return f"{minutes}:{seconds:02d}"


def find_saved(call: Call) -> Saved:
    related = ("ticket__category", "ticket__unit", "contact", "words")
    report = Report.objects.select_related(*related).filter(call=call).first()
    if report is None:
        return Saved(call, None, None, None)
    texts = Message.objects.about(report.ticket.topic).filter(contact=report.contact_id)
    orders = WorkOrder.objects.for_ticket(report.ticket).live().filter(crew__isnull=False)
    return Saved(
        call,
        report,
        text=texts.order_by("-pk").first() if report.contact_id else None,
        order=orders.select_related("crew").order_by("-pk").first(),
    )


def _problems(found: Iterable[tuple[Ticket, int | None]]) -> list[Problem]:
    """With the first caller's words and the number of reports, merged tickets counted in."""
    listed = list(found)
    roots = [ticket.pk for ticket, _ in listed]
    summed = (
        Report.objects.filter(ticket__in=Ticket.objects.family(*roots))
        .annotate(root=Coalesce("ticket__merged_into", "ticket"))
        .values("root")
        .annotate(many=Count("pk"), first=Min("pk"))
        .order_by()
    )
    by_root = {row["root"]: row for row in summed}
    first = Report.objects.select_related("words").in_bulk([r["first"] for r in by_root.values()])
    return [
        Problem(
            ticket,
            words=first[by_root[ticket.pk]["first"]].words.internal if ticket.pk in by_root else "",
            reports=by_root[ticket.pk]["many"] if ticket.pk in by_root else 0,
            metres=metres,
        )
        for ticket, metres in listed
    ]
