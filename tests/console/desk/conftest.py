"""What the desk's tests share: a desk with somebody at it, and a call as it is typed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client

from common.models import User
from dispatch.models import Crew, Shift
from tickets.models import Category, Question

Typed = dict[str, Any]


@pytest.fixture
def desk(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


@pytest.fixture
def wire(lights_out: Category) -> Question:
    """The lights' question whose yes means danger."""
    return Question.objects.create(
        category=lights_out,
        code="wire-in-reach",
        text_en="Is a wire hanging where people can reach it?",
        text_zh="有没有电线垂下来、人能碰到？",
        kind="yes_no",
        required=True,
        danger_answer="yes",
    )


@pytest.fixture
def on_shift(crew: Crew, now: datetime) -> Crew:
    hour = timedelta(hours=1)
    Shift.objects.create(crew=crew, period=DateTimeTZRange(now - hour, now + hour))
    return crew


@pytest.fixture
def typed(lights_out: Category, now: datetime) -> Callable[..., Typed]:
    """A complete call about dark street lights, with whatever is different this time."""

    def typed(**changes: Any) -> Typed:
        call = {
            "key": str(uuid4()),
            "rang_at": (now - timedelta(seconds=90)).isoformat(),
            "waited": "5",
            "phone": "+1 415 555 0101",
            "name": "Wang Li",
            "language": "en",
            "category": lights_out.code,
            "address": "Chuangye Avenue / Shenma Avenue",
            "words": "All the lamps at the crossing are dark.",
        }
        call |= changes
        return {name: value for name, value in call.items() if value is not None}

    return typed


def wrong(page: Any) -> Mapping[str, list[str]]:
    """The sentences beside the fields of a page that came back."""
    errors: Mapping[str, list[str]] = page.context["form"].errors
    return errors
