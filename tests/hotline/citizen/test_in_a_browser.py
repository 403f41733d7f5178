"""A citizen with a browser: reports a dark lamp and sees where the report stands."""

import re

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from hotline.models import Report
from tickets.models import Category, District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said against our pages."""
    return []


def open_page(browser: Browser, size: dict[str, int], locale: str, heard: list[str]) -> Page:
    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "422" not in message.text:
            heard.append(message.text)

    page = browser.new_context(viewport=size, locale=locale).new_page()  # type: ignore[arg-type]
    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return page


def too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(("locale", "name"), [("en-GB", "Street light out"), ("zh-CN", "路灯不亮")])
def test_it_works(
    live_server: LiveServer,
    browser: Browser,
    dark_lamps: Category,
    town: District,
    complaints: list[str],
    size: dict[str, int],
    locale: str,
    name: str,
) -> None:
    page = open_page(browser, size, locale, complaints)
    page.goto(live_server.url)
    page.click("a.door-report")

    page.click("details.group summary")
    page.get_by_label(name).check()
    page.locator(".choice-danger").click()
    expect(page.locator(".danger-call")).to_be_visible()
    mark_the_middle_by_keyboard(page)
    page.fill("[name=phone]", "no number")
    page.fill("[name=words]", "All the lamps are dark.")
    page.click("form.report button[type=submit]")

    expect(page.locator("#id_phone_error")).to_be_visible()
    expect(page.locator("[name=words]")).to_have_value("All the lamps are dark.")
    assert not too_wide(page)
    page.fill("[name=phone]", "+1 415 555 0101")
    page.click("form.report button[type=submit]")

    expect(page).to_have_url(re.compile("/t/[1-9A-HJ-NP-Za-km-z]{11}/$"))
    report = Report.objects.select_related("ticket").get()
    expect(page.locator("main")).to_contain_text(report.ticket.number)
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator(".own")).to_have_text("All the lamps are dark.")
    assert report.dangerous
    assert report.ticket.district == town
    assert not too_wide(page)
    assert complaints == []


def mark_the_middle_by_keyboard(page: Page) -> None:
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-map][data-ready]")
    page.locator("[data-map] canvas").press("Enter")
    expect(page.locator("[name=lon]")).not_to_have_value("")


def test_it_works_without_script(
    live_server: LiveServer, browser: Browser, dark_lamps: Category
) -> None:
    page = browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/report/")

    page.click("details.group summary")
    page.get_by_label("Street light out").check()
    page.locator(".choice", has_text="No").click()
    page.fill("[name=address]", "Chuangye Avenue 7")
    page.fill("[name=words]", "Dark.")
    page.click("form.report button[type=submit]")

    expect(page.locator("h1")).to_have_text("Street light out")
    assert Report.objects.get().ticket.address == "Chuangye Avenue 7"


def test_a_change_of_language_loses_nothing(
    live_server: LiveServer, browser: Browser, dark_lamps: Category, complaints: list[str]
) -> None:
    page = open_page(browser, DESKTOP, "en-GB", complaints)
    page.goto(f"{live_server.url}/report/?category=street-light-out")
    page.fill("[name=words]", "All the lamps are dark.")
    page.click("form.language button[value=zh-hans]")

    expect(page.get_by_label("路灯不亮")).to_be_checked()
    expect(page.locator("[name=words]")).to_have_value("All the lamps are dark.")
    assert complaints == []
