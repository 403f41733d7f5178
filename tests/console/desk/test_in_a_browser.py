"""Two calls taken by keyboard alone, as somebody with a headset does."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from common.models import User
from dispatch.models import Crew, Shift, WorkOrder
from hotline.models import Call, Report
from tests.people import bodies
from tickets.models import Category, Question, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser refused or could not run; an answer 422 is no complaint."""
    return []


@pytest.fixture
def desk(
    live_server: Any, context: BrowserContext, operator: User, complaints: list[str]
) -> Iterator[Page]:
    client = Client()
    client.force_login(operator)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url}]
    )
    page = context.new_page()

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "422" not in message.text:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/desk/")
    yield page
    page.close()


def type_and_go_on(page: Page, *lines: str) -> None:
    for line in lines:
        page.keyboard.type(line)
        page.keyboard.press("Enter")


def test_an_emergency_in_english(
    wire: Question, crew: Crew, desk: Page, complaints: list[str]
) -> None:
    now, hour = timezone.now(), timedelta(hours=1)
    Shift.objects.create(crew=crew, period=DateTimeTZRange(now - hour, now + hour))
    expect(desk.locator("#id_phone")).to_be_focused()
    type_and_go_on(desk, "+1 415 555 0101", "", "Wang Li", "")
    type_and_go_on(desk, "wire reach")  # the kind is found by its question too
    yes = desk.locator("#desk-questions input").first
    expect(yes).to_be_focused()
    desk.keyboard.press("1")
    expect(desk.get_by_text("Tell the caller now:")).to_be_visible()
    expect(desk.get_by_role("radio", name="Lights-1 free")).to_be_checked()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#id_address")).to_be_focused()  # the place is missing: nothing was sent
    assert not Call.objects.exists()
    desk.keyboard.type("Chuangye Avenue")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", name="Emergency sent")).to_be_visible()
    report = Report.objects.get()
    expect(desk.locator(".saved-number")).to_contain_text(report.ticket.number)
    assert (report.ticket.priority, WorkOrder.objects.get().crew) == ("emergency", crew)
    assert report.call and report.call.number == "+14155550101"
    desk.keyboard.press("Enter")
    expect(desk.locator("#id_phone")).to_be_focused()
    assert complaints == []


def test_a_report_in_chinese(
    operator: User, lights_out: Category, desk: Page, complaints: list[str]
) -> None:
    operator.language = "zh-hans"
    operator.save()
    desk.reload()
    desk.keyboard.type("138 0000 0000")
    desk.locator("#id_category").focus()
    type_and_go_on(desk, "路灯")
    expect(desk.locator("#id_address")).to_be_focused()  # nothing is asked about this kind
    type_and_go_on(desk, "创业大街与神马大街交叉口", "两盏路灯不亮。")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".saved-number")).to_be_visible()
    report = Report.objects.get()
    assert (report.language, report.words.internal) == ("zh-hans", "两盏路灯不亮。")
    assert "路灯不亮" in bodies(to="+8613800000000")[0]
    assert complaints == []


def test_a_neighbour_joins(ticket: Ticket, desk: Page, complaints: list[str]) -> None:
    desk.keyboard.type("+1 415 555 0102")
    desk.keyboard.press("Alt+k")
    type_and_go_on(desk, "street")
    expect(desk.locator("#id_address")).to_be_focused()
    desk.keyboard.type("chuangye")
    known = desk.locator("#desk-nearby .problem")
    expect(known).to_contain_text(ticket.number)
    desk.keyboard.press("Alt+j")
    expect(desk.locator(".saved-number")).to_contain_text(ticket.number)
    assert Report.objects.filter(ticket=ticket).count() == 2
    assert complaints == []
