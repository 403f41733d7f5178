"""Two use cases in each other's way: one is undone by the database and begun once more."""

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

from common.models import User
from common.transactions import all_or_nothing, once_more
from tests.races import at_once


@pytest.mark.django_db(transaction=True)
def test_a_real_deadlock_costs_nobody_anything(operator: User, dispatcher: User) -> None:
    both_hold_one = threading.Barrier(2)
    begun: list[str] = []

    def rename(first: User, second: User, name: str) -> None:
        @all_or_nothing
        def use_case() -> None:
            begun.append(name)
            User.objects.filter(pk=first.pk).update(first_name=name)
            if begun.count(name) == 1:
                both_hold_one.wait(timeout=10)
            User.objects.filter(pk=second.pk).update(first_name=name)

        use_case()

    results = at_once(
        lambda: rename(operator, dispatcher, "one"), lambda: rename(dispatcher, operator, "two")
    )
    assert results == [None, None]
    assert len(begun) == 3
    assert len(set(User.objects.values_list("first_name", flat=True))) == 1


def failing(cause: Exception, times: int) -> tuple[list[int], Callable[[], str]]:
    tries: list[int] = []

    @once_more
    def use_case() -> str:
        tries.append(1)
        if len(tries) <= times:
            raise OperationalError("undone") from cause
        return "done"

    return tries, use_case


@pytest.mark.django_db(transaction=True)
def test_a_second_deadlock_is_told() -> None:
    tries, use_case = failing(DeadlockDetected(), times=2)
    with pytest.raises(OperationalError):
        use_case()
    assert len(tries) == 2


@pytest.mark.django_db(transaction=True)
def test_another_error_is_not_tried_again() -> None:
    tries, use_case = failing(LockNotAvailable(), times=1)
    with pytest.raises(OperationalError):
        use_case()
    assert len(tries) == 1


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_its_owner_begins_again() -> None:
    tries, use_case = failing(DeadlockDetected(), times=1)
    with pytest.raises(OperationalError), transaction.atomic():
        use_case()
    assert len(tries) == 1


@pytest.mark.django_db(transaction=True)
def test_what_fails_leaves_nothing(operator: User) -> None:
    @all_or_nothing
    def use_case() -> None:
        User.objects.update(first_name="half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        use_case()
    operator.refresh_from_db()
    assert operator.first_name == ""
