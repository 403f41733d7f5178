"""A supervisor signs in with name and password and reads how long citizens waited."""

from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from common.models import User
from tests.insights.test_response_times import live
from tests.people import make_user
from tickets.models import Category

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    ("language", "resolved", "category"),
    [("en", "Resolved", "Street light out"), ("zh-hans", "路灯", "路灯不亮")],
)
def test_the_figures(
    page: Page,
    live_server: Any,
    lights_out: Category,
    operator: User,
    now: datetime,
    width: int,
    language: str,
    resolved: str,
    category: str,
) -> None:
    broken: list[str] = []
    page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    live(lights_out, 2, now, operator)
    make_user("chief", "supervisor", language)
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(f"{live_server.url}/sign-in/")
    page.locator("input[name=username]").fill("chief")
    page.locator("input[name=password]").fill("correct horse")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/insights/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".insights-table tbody th")).to_have_text(category)
    expect(page.locator("main")).to_contain_text(resolved)
    expect(page.locator("main")).to_contain_text("n = 1")
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= width
    assert broken == []
