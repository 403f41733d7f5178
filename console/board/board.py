"""The whole board at one moment."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from console.board import teams, waiting, yard
from console.board.teams import Team
from console.board.waiting import Row
from console.board.yard import Piece

# What the board shows changes with the history of tickets and with what holds equipment. The
# minute is in it for the ages; it also catches what a slow transaction commits behind its back.
VERSION = """
    SELECT coalesce((SELECT max(id) FROM tickets_ticketevent), 0)
        || '-' || coalesce((SELECT max(id) FROM dispatch_occupancy), 0)
        || '-' || (SELECT count(*) FROM dispatch_occupancy WHERE upper_inf(period))
"""


@dataclass(frozen=True)
class Board:
    version: str
    now: datetime
    rows: list[Row]
    more: bool
    teams: list[Team]
    pieces: list[Piece]


def read(now: datetime) -> Board:
    seen = version(now)  # before the rest: what comes meanwhile makes the next look a new one
    rows, more = waiting.read(now)
    pieces = yard.read(now)
    return Board(seen, now, rows, more, teams.read(now, pieces), pieces)


def version(now: datetime) -> str:
    """What has to differ for the board to be worth drawing again; one query."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        (state,) = cursor.fetchone()
    return f"{state}-{int(now.timestamp()) // 60}"
