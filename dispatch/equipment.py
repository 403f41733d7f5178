"""Trucks and tools: reserved, handed out, taken back, used. The database refuses double booking."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.transactions import all_or_nothing
from dispatch.models import Crew, Equipment, EquipmentUse, Need, Occupancy, WorkOrder

K = Occupancy.Kind


class EquipmentTaken(Exception):
    """Somebody else holds it in that time; the text says who and since when."""


def lock_equipment(pieces: Iterable[Equipment]) -> list[Equipment]:
    """The same pieces, locked in ascending order: equipment comes before orders and tickets."""
    ids = [piece.pk for piece in pieces]
    return list(Equipment.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


@all_or_nothing
def reserve(
    piece: Equipment, *, crew: Crew, order: WorkOrder | None, start: datetime, end: datetime
) -> Occupancy:
    """Keep a piece for a crew from start to end. Raises EquipmentTaken.

    What the crew already keeps for another job it keeps until the later one is over.
    """
    wanted = DateTimeTZRange(start, end)
    held = (
        _holder(piece, wanted, K.DOWNTIME)
        or _held_by_others_now(piece, wanted, crew)
        or _holder(piece, wanted, K.RESERVED)
    )
    if held and held.crew_id != crew.pk:
        raise EquipmentTaken(_taken(piece, held))
    kept = held or Occupancy(equipment=piece, kind=K.RESERVED, period=wanted, crew=crew)
    kept.order = order
    kept.period = DateTimeTZRange(min(kept.period.lower, start), max(kept.period.upper, end))
    try:
        with transaction.atomic():
            kept.save()
            if order:
                Need.objects.create(reservation=kept, order=order, period=wanted)
    except IntegrityError as error:  # another dispatcher, between our look and our write
        raise EquipmentTaken(_("%(piece)s was just taken.") % {"piece": piece.code}) from error
    return kept


@all_or_nothing
def release_reservations(order: WorkOrder, *, at: datetime) -> None:
    """A job that is off needs nothing from now on: future reservations go, running ones end.

    What another job of the crew needs as well is kept for that one.
    """
    reserved = Occupancy.objects.filter(kind=K.RESERVED, period__endswith__gt=at)
    theirs = Need.objects.filter(order=order)
    affected = list(reserved.filter(Q(order=order) | Q(pk__in=theirs.values("reservation"))))
    theirs.delete()
    for kept in affected:
        others = list(kept.needs.select_related("order").order_by("pk"))
        if others:
            _keep_for(kept, others, at)
        elif kept.period.lower >= at:
            kept.delete()
        else:
            kept.period = DateTimeTZRange(kept.period.lower, at)
            kept.save(update_fields=["period"])


def _keep_for(kept: Occupancy, needs: list[Need], at: datetime) -> None:
    """Shrink a reservation to what still needs it; what has already begun stays as it was."""
    start = kept.period.lower
    if start >= at:
        start = min(need.period.lower for need in needs)
    end = max(at, *(need.period.upper for need in needs))
    kept.order = needs[-1].order
    kept.period = DateTimeTZRange(start, end)
    kept.save(update_fields=["order", "period"])


@all_or_nothing
def hand_out(
    piece: Equipment, *, crew: Crew, at: datetime, only_if_free: bool = False
) -> Occupancy:
    """Into a crew's hands from now on; a custody somebody forgot to end ends here, flagged.

    With `only_if_free` nothing is taken from anybody: EquipmentTaken says who has it.
    """
    lock_equipment([piece])
    if only_if_free:
        _refuse_if_taken(piece, crew, at)
    running = Occupancy.objects.filter(
        equipment=piece, kind=K.CUSTODY, disputed=False, period__contains=at
    ).first()
    if running and running.crew_id == crew.pk and running.period.upper is None:
        return running
    if running:
        running.period = DateTimeTZRange(running.period.lower, at)
        running.forgotten = True
        running.save(update_fields=["period", "forgotten"])
    return _hold(piece, crew, DateTimeTZRange(at, None))


@all_or_nothing
def take_back(piece: Equipment, *, at: datetime) -> None:
    """Back at the depot: every custody that runs ends at this instant."""
    lock_equipment([piece])
    for running in Occupancy.objects.filter(equipment=piece, kind=K.CUSTODY, period__contains=at):
        running.period = DateTimeTZRange(running.period.lower, at)
        running.save(update_fields=["period"])


@all_or_nothing
def log_use(order: WorkOrder, piece: Equipment, *, start: datetime, end: datetime) -> EquipmentUse:
    """The fact that a piece served a job: always stored, disputed where others held it then."""
    crew = order.crew
    period = DateTimeTZRange(start, end)
    held = Occupancy.objects.filter(
        equipment=piece, kind__in=(K.CUSTODY, K.DOWNTIME), disputed=False, period__overlap=period
    )
    # A crew's own custody that covers only a part of it is no dispute with anybody.
    if crew and not held.filter(crew=crew).exists():
        _hold(piece, crew, period, order)
    disputed = held.exclude(crew=crew).exists()
    return EquipmentUse.objects.create(
        equipment=piece, order=order, period=period, disputed=disputed
    )


def _hold(
    piece: Equipment, crew: Crew, period: DateTimeTZRange, order: WorkOrder | None = None
) -> Occupancy:
    """Custody as a fact; one that collides is kept, disputed."""
    held = Occupancy(equipment=piece, kind=K.CUSTODY, period=period, crew=crew, order=order)
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError:
        held.disputed = True
        held.save()
    return held


def _refuse_if_taken(piece: Equipment, crew: Crew, at: datetime) -> None:
    moment = DateTimeTZRange(at, at, "[]")
    for kind in (K.DOWNTIME, K.CUSTODY, K.RESERVED):
        held = _holder(piece, moment, kind)
        if held and held.crew_id != crew.pk:
            raise EquipmentTaken(_taken(piece, held))


def _holder(piece: Equipment, wanted: DateTimeTZRange, kind: str) -> Occupancy | None:
    return (
        Occupancy.objects.select_related("crew")
        .filter(equipment=piece, kind=kind, disputed=False, period__overlap=wanted)
        .first()
    )


def _held_by_others_now(piece: Equipment, wanted: DateTimeTZRange, crew: Crew) -> Occupancy | None:
    """Custody by another crew counts against a reservation only where it starts meanwhile."""
    return (
        Occupancy.objects.select_related("crew")
        .filter(equipment=piece, kind=K.CUSTODY, disputed=False, period__contains=wanted.lower)
        .exclude(crew=crew)
        .first()
    )


def _taken(piece: Equipment, held: Occupancy) -> str:
    style = pgettext("date format", "j M Y, H:i")
    since = date_format(timezone.localtime(held.period.lower), style)
    return _("%(piece)s is with %(who)s since %(since)s. Choose another one.") % {
        "piece": piece.code,
        "who": held.crew or held.get_kind_display(),
        "since": since,
    }
