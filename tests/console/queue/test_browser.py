"""Triage in a real browser: look, open, accept, reject with a reason, see it in the history."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from common.models import User
from tests.people import make_user
from tickets.models import Category, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, live_server: Any, user: User) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_accept_then_reject(
    page: Page, live_server: Any, ticket: Ticket, lights_out: Category, language: str
) -> None:
    broken: list[str] = []
    page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    sign_in(page, live_server, make_user("triage", "operator", language))
    page.goto(f"{live_server.url}/console/?tab=triage")
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.get_by_role("link", name=ticket.number).click()
    name = "路灯不亮" if language == "zh-hans" else "Street light out"
    expect(page.get_by_role("heading", level=1)).to_have_text(name)

    page.locator(".act-accept select[name=priority]").select_option("high")
    page.locator(".act-accept button").dblclick()
    expect(page.locator("#messages .notice-success")).to_have_count(1)
    expect(page.locator(".ticket-pills .status-accepted")).to_be_visible()
    expect(page.locator(".ticket-pills .priority-high")).to_be_visible()

    page.locator(".act-reject summary").click()
    page.locator(".act-reject button").click()  # no reason: said at the field, still unfolded
    expect(page.locator(".act-reject .errorlist")).to_be_visible()
    page.locator(".act-reject textarea").fill("Private ground: 小区物业")
    page.locator(".act-reject button").click()
    expect(page.locator(".ticket-pills .status-rejected")).to_be_visible()
    expect(page.locator(".life .entry-event .said-public")).to_contain_text(
        "Private ground: 小区物业"
    )
    assert page.locator(".act-accept").count() == 0
    assert [said for said in broken if "422" not in said and "404" not in said] == []


def test_on_a_phone_the_rows_are_cards(page: Page, live_server: Any, ticket: Ticket) -> None:
    sign_in(page, live_server, make_user("triage", "operator"))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/console/")
    row = page.locator(".rows tbody tr")
    box = row.bounding_box()
    assert box and box["width"] <= 390 and box["height"] > 80
    row.click()  # anywhere on it
    page.wait_for_url(f"**/console/tickets/{ticket.number}/")
