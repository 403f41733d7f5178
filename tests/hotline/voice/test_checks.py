"""Settings of calls and answers that cannot be meant are named before anything starts."""

from typing import Any

import pytest
from django.core.checks import run_checks


def found(code: str) -> list[str]:
    return [check.msg for check in run_checks() if check.id == code]


def test_what_can_be_rung(settings: Any) -> None:
    settings.HOTLINE_DESK_NUMBER = ["+14155550100", "client:desk", "sip:desk@example.org"]
    assert found("hotline.E024") == []


@pytest.mark.parametrize("line", ["12345", "desk", "client:", "sip:desk", "queue:desk", "+1 415"])
def test_what_cannot(settings: Any, line: str) -> None:
    settings.HOTLINE_DESK_NUMBER = ["+14155550100", line]
    (problem,) = found("hotline.E024")
    assert line in problem


def test_a_day_at_least(settings: Any) -> None:
    assert found("hotline.E025") == []
    settings.HOTLINE_SILENCE_DAYS, settings.HOTLINE_REOPEN_DAYS = 0, -1
    assert len(found("hotline.E025")) == 2
