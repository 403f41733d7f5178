"""The log tells what the database refused, and nothing of what was in the row."""

import logging
import logging.config
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.logs import WithoutValues
from notifications.models import Contact
from tests.people import CALLER


def formatter() -> logging.Formatter:
    """As the settings have it."""
    asked: Any = settings.LOGGING
    configured = logging.config.DictConfigurator(asked)
    made = configured.configure_formatter(asked["formatters"]["short"])
    assert isinstance(made, WithoutValues)
    return made


def refuse_a_second(phone: str, name: str) -> None:
    for _ in range(2):
        with transaction.atomic():
            Contact.objects.create(phone=phone, name=name, created_at=timezone.now())


def record(message: str, *args: object, raised: bool = False) -> logging.LogRecord:
    info = sys.exc_info() if raised else None
    return logging.LogRecord("hotline.texts", logging.ERROR, "", 1, message, args, info)


def test_an_error_of_the_database_is_told_without_the_row(db: None) -> None:
    with pytest.raises(IntegrityError) as caught:
        refuse_a_second(CALLER, "Ms Lin")
    assert CALLER in str(caught.value)
    try:
        raise caught.value
    except IntegrityError:
        said = formatter().format(record("a text could not be understood", raised=True))
    assert "duplicate key value" in said and "test_logs.py" in said
    assert CALLER not in said and "DETAIL" not in said


def test_a_row_of_several_lines_is_left_out_to_its_end(db: None) -> None:
    """The whole row is told where a column is missing; names may hold anything."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Contact.objects.create(
            phone=CALLER,
            name="Ms Lin\nHINT:  of East Harbour",
            language=None,  # type: ignore[misc] # nobody writes this by our types
            created_at=timezone.now(),
        )
    assert "East Harbour" in str(caught.value)
    said = formatter().format(record("refused: %s", caught.value))
    assert "not-null constraint" in said
    assert "Ms Lin" not in said and "East Harbour" not in said and CALLER not in said


def test_words_that_somebody_else_wrote_down_count_too() -> None:
    said = formatter().format(record(f"refused\nDETAIL:  Key ({CALLER})\nHINT:  Use another."))
    assert said.endswith("refused\nHINT:  Use another.")


def test_everything_else_is_told_in_full() -> None:
    assert formatter().format(record("%(n)d texts", {"n": 2})).endswith("hotline.texts: 2 texts")
    try:
        raise ValueError("odd")
    except ValueError:
        assert "ValueError: odd" in formatter().format(record("oh", raised=True))
