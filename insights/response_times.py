"""How long citizens waited: from the events of each ticket to a line of figures per group.

Definitions, printed under the figures too:
- every span starts when the citizen first reported (`opened_at`) and is elapsed time in UTC;
- acknowledge: until a person accepted, rejected or answered it; dispatch: until a crew was sent;
  arrive: until the first crew was on scene; resolve: until the last time it was resolved, for
  tickets that still are;
- a negative span (an import's wrong clock) is not measured; merged tickets are their root's;
- median and p90 interpolate linearly (PostgreSQL percentile_cont), `n` beside every figure;
- tickets the city's own staff entered are a group of their own and in no total for citizens.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from common.bilingual import pick

GROUPS = {
    "category": ("tickets_category", "category_id"),
    "unit": ("tickets_unit", "unit_id"),
    "district": ("tickets_district", "district_id"),
}
SPANS = ("acknowledge", "dispatch", "arrive", "resolve")

SQL = """
WITH reached AS (
    SELECT t.id, t.{column} AS grp, t.by_staff, t.opened_at, t.due_at, t.status,
        min(e.occurred_at) FILTER (WHERE e.kind IN ('accept', 'reject')
            OR e.kind = 'answer' AND e.data ->> 'how' <> 'imported') AS acknowledge,
        min(e.occurred_at) FILTER (WHERE e.kind = 'dispatch') AS dispatch,
        min(e.occurred_at) FILTER (WHERE e.kind = 'order_on_scene') AS arrive,
        max(e.occurred_at) FILTER (WHERE e.to_status = 'resolved') AS resolve
    FROM tickets_ticket t JOIN tickets_ticketevent e ON e.ticket_id = t.id
    WHERE t.status <> 'merged'
    GROUP BY t.id
), spans AS (
    SELECT grp, by_staff, due_at, status IN ('resolved', 'closed') AS over,
        status IN ('received', 'accepted', 'assigned', 'in_progress', 'waiting') AS open,
        resolve AS resolved_at,
        acknowledge - opened_at AS acknowledge, dispatch - opened_at AS dispatch,
        arrive - opened_at AS arrive,
        CASE WHEN status IN ('resolved', 'closed') THEN resolve - opened_at END AS resolve
    FROM reached
)
SELECT s.grp, s.by_staff, g.code, g.name_en, g.name_zh, grouping(s.grp) = 1 AS total,
    count(*), count(*) FILTER (WHERE open),
    count(*) FILTER (WHERE over AND due_at IS NOT NULL AND resolved_at <= due_at),
    count(*) FILTER (WHERE over AND resolved_at > due_at),
    count(*) FILTER (WHERE open AND due_at < now()),
    {figures}
FROM spans s LEFT JOIN {table} g ON g.id = s.grp
GROUP BY GROUPING SETS ((s.grp, s.by_staff, g.code, g.name_en, g.name_zh), (s.by_staff))
ORDER BY total, s.by_staff, count(*) DESC, g.code
"""
FIGURES = """
    count(*) FILTER (WHERE {span} >= interval '0'),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM {span}) / 3600.0)
        FILTER (WHERE {span} >= interval '0'),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM {span}) / 3600.0)
        FILTER (WHERE {span} >= interval '0')"""


@dataclass(frozen=True)
class Span:
    """Hours; None where nothing was measured."""

    n: int
    median: float | None
    p90: float | None


@dataclass(frozen=True)
class Line:
    code: str
    name: str
    by_staff: bool
    total: bool
    tickets: int
    open: int
    on_time: int
    late: int
    overdue: int  # open and past their promise
    spans: dict[str, Span]

    @property
    def on_time_of_closed(self) -> float | None:
        """Of the tickets that were resolved and had a promise, the share that kept it."""
        decided = self.on_time + self.late
        return self.on_time / decided if decided else None

    @property
    def on_time_of_due(self) -> float | None:
        """The same with the open overdue ones counted as what they are: late."""
        decided = self.on_time + self.late + self.overdue
        return self.on_time / decided if decided else None


def measure(by: str) -> list[Line]:
    """A line per category, unit or district (staff's own apart), then the totals."""
    table, column = GROUPS[by]
    sql = SQL.format(
        table=table, column=column, figures=",".join(FIGURES.format(span=s) for s in SPANS)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [_line(row) for row in cursor.fetchall()]


def _line(row: tuple[Any, ...]) -> Line:
    _, by_staff, code, name_en, name_zh, total, tickets, still_open, on_time, late, overdue = row[
        :11
    ]
    figures = row[11:]
    return Line(
        code=code or "",
        name=pick(name_en or "", name_zh or ""),
        by_staff=by_staff,
        total=total,
        tickets=tickets,
        open=still_open,
        on_time=on_time,
        late=late,
        overdue=overdue,
        spans={span: Span(*figures[3 * i : 3 * i + 3]) for i, span in enumerate(SPANS)},
    )
