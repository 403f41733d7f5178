"""Every piece of equipment: free, kept for somebody, with somebody, or out of service."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from dispatch.models import Crew, Equipment, Occupancy

K = Occupancy.Kind
AHEAD = timedelta(hours=12)  # reservations further away do not matter on the board
GRAVEST = (K.DOWNTIME, K.CUSTODY, K.RESERVED)


@dataclass(frozen=True)
class Piece:
    equipment: Equipment
    held: Occupancy | None  # what decides its state now
    kept: Occupancy | None  # the next reservation, running or to come

    @property
    def state(self) -> str:
        return self.held.kind if self.held else "free"

    @property
    def crew(self) -> Crew | None:
        return self.held.crew if self.held else None

    @property
    def soon(self) -> Occupancy | None:
        """A reservation that is not what holds it now."""
        return None if self.kept is self.held else self.kept


def read(now: datetime) -> list[Piece]:
    """Two queries, however many pieces there are."""
    current = Q(period__contains=now)
    to_come = Q(kind=K.RESERVED, period__startswith__gt=now, period__startswith__lt=now + AHEAD)
    rows = Occupancy.objects.filter(current | to_come, disputed=False).select_related("crew")
    held = defaultdict(list)
    for row in rows.order_by("period__startswith", "pk"):
        held[row.equipment_id].append(row)
    pieces = Equipment.objects.filter(active=True).order_by("kind", "code")
    return [_piece(piece, held[piece.pk], now) for piece in pieces]


def _piece(piece: Equipment, rows: list[Occupancy], now: datetime) -> Piece:
    running = [row for row in rows if row.period.lower <= now]
    kept = next((row for row in rows if row.kind == K.RESERVED), None)
    return Piece(piece, min(running, key=lambda r: GRAVEST.index(K(r.kind)), default=None), kept)
