"""All of a use case or nothing, and once more where two of them stood in each other's way."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

P = ParamSpec("P")
R = TypeVar("R")


def once_more(use_case: Callable[P, R]) -> Callable[P, R]:
    """Begin again, once, where a deadlock undid it; inside a transaction its owner does that."""

    @wraps(use_case)
    def begin(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return use_case(*args, **kwargs)
        except OperationalError as error:
            if connection.in_atomic_block or not isinstance(error.__cause__, DeadlockDetected):
                raise
        return use_case(*args, **kwargs)

    return begin


def all_or_nothing(use_case: Callable[P, R]) -> Callable[P, R]:
    """One transaction, or a part of the one that is open."""
    return once_more(transaction.atomic(savepoint=False)(use_case))
