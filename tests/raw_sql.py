"""Breaking the truths of the database by hand, as no service would."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def refused_by(truth: str) -> Iterator[None]:
    """What happens inside is refused, now or at the commit, and the refusal names this truth."""
    with pytest.raises(DatabaseError, match=truth), transaction.atomic():
        yield
        sql("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def raises(error: type[Exception], match: str | None = None) -> Iterator[None]:
    """What happens inside is refused with this error; the test's own transaction goes on."""
    with pytest.raises(error, match=match), transaction.atomic():
        yield


@contextmanager
def maintenance() -> Iterator[None]:
    """The one door for erasing and repairing; it closes with the transaction."""
    with transaction.atomic():
        sql("SET LOCAL hotline.maintenance = 'on'")
        yield
        sql("SET LOCAL hotline.maintenance = 'off'")
