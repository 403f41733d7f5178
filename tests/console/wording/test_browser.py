"""In a real browser: the text changes while it is typed, is refused, is saved, in two languages."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.people import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_look_follows_the_words(page: Page, live_server: Any, language: str) -> None:
    broken: list[str] = []
    page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    client = Client()
    client.force_login(make_user("words", "administrator", language))
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/console/wording/")
    page.locator(f"a[href$='/closed/{language}/']").click()
    expect(page.locator("#id_words")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    words, look = page.locator("#id_words"), page.locator("#preview")
    expect(look.locator(".bubble")).to_have_count(4 if language == "en" else 3)
    words.fill("{{ number }} OK 好 {{ link }}")
    expect(look.locator(".bubble").first).to_contain_text("26-0004217-3 OK 好 http")
    expect(look).to_contain_text("UCS-2")
    words.fill("OK {{ link }}")
    expect(look.locator(".notice-error")).to_contain_text("{{ number }}")

    page.locator(".words .btn-primary").click()
    expect(page.locator(".field-wrong .errorlist")).to_contain_text("{{ number }}")
    words.fill("{{ number }} OK {{ link }}")
    page.locator(".words .btn-primary").dblclick()
    expect(page.locator("#messages .notice-success")).to_have_count(1)

    page.on("dialog", lambda question: question.accept())
    page.locator(f"form[action$='/closed/{language}/original/'] button").click()
    expect(words).not_to_have_value("{{ number }} OK {{ link }}")
    assert [said for said in broken if "422" not in said] == []
