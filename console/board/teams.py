"""Every crew: who is at work, what each is doing and since when, what it has in hand."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max

from console.board.yard import Piece
from dispatch.models import Crew, CrewMembership, Shift, WorkOrder
from dispatch.rules import OrderStatus
from tickets.models import TicketEvent

O = OrderStatus  # noqa: E741
PROGRESS = {O.ON_SCENE: 0, O.EN_ROUTE: 1, O.ACCEPTED: 2, O.DISPATCHED: 3, O.PLANNED: 4}
STEPS = ("dispatch", "order_accepted", "order_en_route", "order_on_scene")


@dataclass(frozen=True)
class Job:
    order: WorkOrder
    since: datetime  # when it came to be where it is


@dataclass
class Team:
    crew: Crew
    members: list[str] = field(default_factory=list)
    shift: Shift | None = None
    jobs: list[Job] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def doing(self) -> Job | None:
        """What the crew is at just now; none where everything it has is still to come."""
        return next((j for j in self.jobs if j.order.status in (O.ON_SCENE, O.EN_ROUTE)), None)


def read(now: datetime, pieces: list[Piece]) -> list[Team]:
    """On shift first, then by name; five queries, however many crews and jobs there are."""
    crews = Crew.objects.filter(active=True).select_related("unit")
    teams = {crew.pk: Team(crew) for crew in crews}
    for shift in Shift.objects.filter(period__contains=now, crew__in=teams):
        teams[shift.crew_id].shift = shift
    inside = CrewMembership.objects.filter(period__contains=now, crew__in=teams)
    for membership in inside.select_related("member").order_by("pk"):
        teams[membership.crew_id].members.append(membership.member.name)
    for job in _jobs(list(teams)):
        assert job.order.crew_id, "only orders of crews were read"
        teams[job.order.crew_id].jobs.append(job)
    for piece in pieces:
        for crew in {row.crew_id or 0 for row in (piece.held, piece.kept) if row} & teams.keys():
            teams[crew].pieces.append(piece)
    return sorted(teams.values(), key=lambda t: (t.shift is None, t.crew.unit_id, t.crew.code))


def _jobs(crews: list[int]) -> list[Job]:
    live = WorkOrder.objects.live().filter(crew__in=crews)
    orders = list(live.select_related("ticket__category").order_by("pk"))
    told = TicketEvent.objects.filter(ticket__in={o.ticket_id for o in orders}, kind__in=STEPS)
    since = dict(told.filter(applied=True).values_list("job").annotate(Max("occurred_at")))
    jobs = [Job(order, since.get(order.pk, order.created_at)) for order in orders]
    return sorted(jobs, key=lambda job: (PROGRESS[O(job.order.status)], job.since))
