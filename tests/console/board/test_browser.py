"""A dispatcher's minute in a real browser: the board lives, its form stays, a crew is sent."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, Equipment, WorkOrder
from tests.console.board.conftest import Accept
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console complains about: a violated policy, a broken script."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def open_board(page: Page, live_server: Any, user: User) -> None:
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/board/")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_crew_is_sent(
    page: Page,
    live_server: Any,
    complaints: list[str],
    dispatcher: User,
    accepted: Ticket,
    crew: Crew,
    lift: Equipment,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    open_board(page, live_server, dispatcher)
    page.get_by_role("link", name=f"Assign {accepted.number}").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="Send the crew").click()
    expect(
        sheet.locator(".field-wrong .errorlist", has_text="Please choose a crew.")
    ).to_be_visible()
    sheet.get_by_label("Lights-1").check()
    sheet.get_by_label("LIFT-01").check()
    sheet.get_by_label("What the crew should know").fill("The key is at the school.")
    sheet.get_by_role("button", name="Send the crew").dblclick()

    expect(page.get_by_text(f"{accepted.number} was sent to Lights-1.")).to_be_visible()
    expect(page.locator(".team")).to_contain_text("Sent to the crew")
    expect(page.locator(".piece")).to_contain_text("Reserved for Lights-1")
    assert WorkOrder.objects.get().instructions == "The key is at the school."
    wide = """() => [...document.querySelectorAll("main *")]
        .filter((one) => one.getBoundingClientRect().right > innerWidth)
        .map((one) => one.outerHTML)"""
    assert page.evaluate(wide) == []
    assert [said for said in complaints if "422" not in said] == []


def test_the_truck_is_gone_meanwhile(
    page: Page,
    live_server: Any,
    dispatcher: User,
    accepted: Ticket,
    accept: Accept,
    crew: Crew,
    other_crew: Crew,
    lift: Equipment,
) -> None:
    other = accept()
    open_board(page, live_server, dispatcher)
    page.get_by_role("link", name=f"Assign {accepted.number}").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Lights-1").check()
    sheet.get_by_label("LIFT-01").check()
    dispatch.assign(other, crew=other_crew, by=dispatcher, equipment=[lift])
    sheet.get_by_role("button", name="Send the crew").click()

    expect(
        sheet.locator(".field-wrong .errorlist", has_text="is with Lights-2 since")
    ).to_be_visible()
    expect(sheet.get_by_label("Lights-1")).to_be_checked()
    expect(sheet.get_by_label("LIFT-01")).to_be_checked()
    assert WorkOrder.objects.count() == 1


def test_the_board_looks_again_and_leaves_the_form_alone(
    page: Page,
    live_server: Any,
    complaints: list[str],
    dispatcher: User,
    accepted: Ticket,
    accept: Accept,
    crew: Crew,
) -> None:
    page.clock.install()
    open_board(page, live_server, dispatcher)
    page.get_by_role("link", name=f"Assign {accepted.number}").click()
    typed = page.get_by_label("What the crew should know")
    typed.fill("Half a sent")
    news = accept()
    page.clock.run_for(8000)

    expect(page.locator(".wait", has_text=news.number)).to_be_visible()
    expect(typed).to_have_value("Half a sent")
    assert complaints == []
