"""What taking a report costs the database."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import User
from hotline.models import Call
from hotline.services import take_report
from tests.people import CALLER, say
from tickets.models import Category, District, Unit
from tickets.town import town

BUDGET = 15
ALL_OF_IT = ("BEGIN", "COMMIT")


def statements(action: Any) -> list[str]:
    """Every statement but BEGIN and COMMIT, savepoints included."""
    with CaptureQueriesContext(connection) as captured:
        action()
    said = [str(query["sql"]) for query in captured]
    return [sql for sql in said if sql not in ALL_OF_IT]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [False, True])
def test_a_report_takes_no_more_than_fifteen_statements(
    known: bool, lights_out: Category, operator: User, now: datetime
) -> None:
    square = {"type": "Polygon", "coordinates": [[[125, 43], [126, 43], [126, 44], [125, 43]]]}
    District.objects.create(code="north", name_en="North", geometry=square)
    if known:
        take_report(say(lights_out), now=now, by=operator)
    call = Call.objects.create(number=CALLER, rang_at=now, operator=operator)
    town()  # read once per process
    said = say(lights_out, sender_key=uuid4())
    done = statements(lambda: take_report(said, now=now, by=operator, call=call))
    assert len(done) <= BUDGET, "\n".join(sql[:120] for sql in done)


@pytest.mark.django_db(transaction=True)
def test_joining_takes_no_more(
    lights_out: Category, lighting: Unit, operator: User, now: datetime
) -> None:
    ticket = take_report(say(lights_out), now=now, by=operator).ticket
    said = say(lights_out, "+14155550103", sender_key=uuid4())
    call = Call.objects.create(number=CALLER, rang_at=now, operator=operator)
    done = statements(lambda: take_report(said, now=now, by=operator, call=call, join=ticket))
    assert len(done) <= BUDGET, "\n".join(sql[:120] for sql in done)
