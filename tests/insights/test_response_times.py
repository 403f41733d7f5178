"""How long citizens waited: what counts, what does not, and what is said with it."""

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from common.models import User
from hotline.services import take_report
from insights.response_times import Line, measure
from tests.people import CALLER, say
from tickets import history
from tickets import services as tickets
from tickets.models import Category, Channel, Ticket, Unit

HOUR = timedelta(hours=1)


def total(*, by_staff: bool = False) -> Line:
    return next(x for x in measure("category") if x.total and x.by_staff == by_staff)


def live(category: Category, hours: float, now: datetime, by: User, *, promise: float = 72) -> None:
    """A ticket that was resolved so many hours after the call, accepted half way."""
    opened = now - 100 * HOUR
    report = take_report(say(category, CALLER), now=opened)
    tickets.accept(report.ticket, by=by, now=opened + hours / 2 * HOUR)
    tickets.answer(report.ticket, how="desk", words="", by=by, now=opened + hours * HOUR)


def test_it_works(lights_out: Category, operator: User, now: datetime) -> None:
    for hours in (2, 4, 90):
        live(lights_out, hours, now, operator)
    line = total()
    assert (line.tickets, line.open, line.on_time, line.late) == (3, 0, 2, 1)
    assert line.spans["resolve"].n == 3
    assert line.spans["resolve"].median == pytest.approx(4)
    assert line.spans["resolve"].p90 == pytest.approx(4 + 0.8 * 86)  # between 4 and 90 hours
    assert line.spans["acknowledge"].median == pytest.approx(2)
    assert line.spans["arrive"].n == 0


def test_an_open_ticket_past_its_promise_is_late(lights_out: Category, now: datetime) -> None:
    take_report(say(lights_out), now=now - 100 * HOUR)
    assert total().overdue == 1
    assert total().on_time_of_due == 0
    assert total().on_time_of_closed is None


def test_what_is_not_yet_due_is_undecided(lights_out: Category, now: datetime) -> None:
    take_report(say(lights_out), now=now)
    assert total().open == 1
    assert total().on_time_of_due is None


def test_a_reopened_ticket_is_not_resolved(
    lights_out: Category, operator: User, now: datetime
) -> None:
    live(lights_out, 2, now, operator)
    tickets.reopen(Ticket.objects.get(), reason="dark again", by=None, now=now)
    assert total().spans["resolve"].n == 0


def test_tickets_closed_on_entry_by_staff_flatter_nobody(
    lights_out: Category, lighting: Unit, operator: User, now: datetime
) -> None:
    live(lights_out, 10, now, operator)
    entry = history.Life(
        category=lights_out,
        unit=lighting,
        location=tickets.Location(),
        channel=Channel.IMPORT,
        opened_at=now,
        by_staff=True,
        steps=[history.Step("answer", now, {"how": "imported"}), history.Step("close", now)],
    )
    history.replay([entry] * 5, now=now)
    assert total().tickets == 1
    assert total().spans["resolve"].median == pytest.approx(10)
    assert total(by_staff=True).tickets == 5
    assert total(by_staff=True).spans["resolve"].median == 0


def test_an_imports_wrong_clock_is_not_measured(
    lights_out: Category, lighting: Unit, now: datetime
) -> None:
    backwards = history.Life(
        category=lights_out,
        unit=lighting,
        location=tickets.Location(),
        channel=Channel.IMPORT,
        opened_at=now,
        steps=[history.Step("answer", now - HOUR, {"how": "imported"})],
    )
    history.replay([backwards], now=now)
    assert total().tickets == 1
    assert total().spans["resolve"].n == 0


def test_a_merged_ticket_is_its_roots(lights_out: Category, operator: User, now: datetime) -> None:
    root = take_report(say(lights_out), now=now).ticket
    twin = take_report(say(lights_out), now=now).ticket
    tickets.merge(twin, into=root, by=operator, now=now)
    assert total().tickets == 1


@pytest.mark.parametrize("by", ["category", "unit", "district"])
def test_the_command_prints_text_and_json(by: str, lights_out: Category, now: datetime) -> None:
    take_report(say(lights_out), now=now)
    text, data = StringIO(), StringIO()
    call_command("response_times", by=by, stdout=text)
    call_command("response_times", by=by, format="json", stdout=data)
    assert "TOTAL citizens" in text.getvalue()
    rows: list[dict[str, Any]] = json.loads(data.getvalue())
    assert rows[-1]["total"] is True


def test_the_page_shows_them_to_supervisors_only(
    client: Client,
    lights_out: Category,
    operator: User,
    supervisor: User,
    now: datetime,
    django_assert_max_num_queries: Any,
) -> None:
    live(lights_out, 2, now, operator)
    assert client.get("/insights/").status_code == 302
    client.force_login(operator)
    assert client.get("/insights/").status_code == 403
    client.force_login(supervisor)
    with django_assert_max_num_queries(8):
        page = client.get("/insights/?by=unit").content.decode()
    assert "Street lighting" in page
    assert "2.0 h" in page
