"""Pages by position, not by count: as quick on the thousandth page as on the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

M = TypeVar("M", bound=Model)
SIZE = 100
CURSOR = re.compile(r"([0-9T:.\-]*)Z?~(\d{1,18})")


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows, and the query string of each neighbour ("" where there is none)."""

    rows: list[M]
    newer: str
    older: str


@dataclass(frozen=True)
class Cursor:
    """A row's place in the list: the column's value (None: no value) and the key."""

    value: datetime | None
    pk: int

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """None for anything we did not write ourselves: the list then begins at its start."""
        match = CURSOR.fullmatch(text)
        if not match:
            return None
        try:
            value = parse_datetime(match[1]) if match[1] else None
        except ValueError:
            return None
        if match[1] and value is None:
            return None
        return cls(value.replace(tzinfo=UTC) if value else None, int(match[2]))

    def __str__(self) -> str:
        value = self.value.astimezone(UTC).replace(tzinfo=None).isoformat() if self.value else ""
        return f"{value}Z~{self.pk}"


@dataclass(frozen=True)
class Keyset:
    """An order by one time and the key; rows without the time (`nullable`) come last."""

    column: str
    descending: bool = False
    nullable: bool = False

    def page(self, rows: QuerySet[M], params: QueryDict, size: int = SIZE) -> Page[M]:
        """The page that `after` or `before` in the address names, else the first one."""
        after, before = (Cursor.read(params.get(name, "")) for name in ("after", "before"))
        if before and not after:
            found = self._take(rows, before, size + 1, backwards=True)
            if found:  # nothing in front of it: that is the first page
                more = len(found) > size
                return self._page(found[:size][::-1], params, newer=more, older=True)
        found = self._take(rows, after, size + 1)
        return self._page(found[:size], params, newer=bool(after), older=len(found) > size)

    def _page(self, rows: list[M], params: QueryDict, *, newer: bool, older: bool) -> Page[M]:
        return Page(
            rows,
            newer=self._address(params, before=rows[0]) if newer and rows else "",
            older=self._address(params, after=rows[-1]) if older and rows else "",
        )

    def _address(self, params: QueryDict, **neighbour: M) -> str:
        address = params.copy()
        address.pop("after", None)
        address.pop("before", None)
        for name, row in neighbour.items():
            address[name] = str(Cursor(getattr(row, self.column), row.pk))
        return f"?{address.urlencode()}"

    def _take(
        self, rows: QuerySet[M], start: Cursor | None, most: int, *, backwards: bool = False
    ) -> list[M]:
        """Up to `most` rows beyond the start, part by part until there are enough."""
        taken: list[M] = []
        for part in self._parts(rows, start, backwards):
            taken += part[: most - len(taken)]
            if len(taken) == most:
                break
        return taken

    def _parts(
        self, rows: QuerySet[M], start: Cursor | None, backwards: bool
    ) -> Iterator[QuerySet[M]]:
        """The rest of the part the start lies in, then the part with no time (or with one).

        Apart, each is one walk along an index; together, the OR would read the list from its
        beginning.
        """
        ordered = rows.order_by(*self._order(backwards))
        if start is None:
            yield ordered
        elif start.value is None:
            without = ordered.filter(**{f"{self.column}__isnull": True})
            yield without.filter(**{f"pk__{'lt' if backwards else 'gt'}": start.pk})
            if backwards:
                yield ordered.filter(**{f"{self.column}__isnull": False})
        else:
            yield ordered.filter(self._beyond(start, self.descending != backwards))
            if self.nullable and not backwards:
                yield ordered.filter(**{f"{self.column}__isnull": True})

    def _beyond(self, start: Cursor, falling: bool) -> Q:
        way = "lt" if falling else "gt"
        bound = Q(**{f"{self.column}__{way}e": start.value})  # what the index can be entered by
        return bound & (Q(**{f"{self.column}__{way}": start.value}) | Q(**{f"pk__{way}": start.pk}))

    def _order(self, backwards: bool) -> list[Any]:
        column = F(self.column)
        if self.descending != backwards:
            first = column.desc(nulls_first=True) if self.nullable else column.desc()
            return [first, "-pk"]
        return [column.asc(nulls_last=True) if self.nullable else column.asc(), "pk"]
