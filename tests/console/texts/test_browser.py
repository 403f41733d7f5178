"""In a real browser: a stopped text goes out again, a text is written, a phone has room for all."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hotline.models import InboundText
from notifications.models import Contact, Message
from tests.console.queue.test_browser import sign_in
from tests.console.texts.conftest import Text
from tests.people import make_user
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def broken(page: Page) -> list[str]:
    """What the browser complains of, such as a script that the policy forbids."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    return said


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_stopped_text_goes_out_again_once(
    page: Page, live_server: Any, text: Text, broken: list[str], language: str
) -> None:
    message = text("parked", error="the gateway's answer was lost")
    sign_in(page, live_server, make_user("desk", "operator", language))
    page.goto(f"{live_server.url}/console/")
    page.locator(".stuck a").click()
    expect(page.locator(".rows tbody tr")).to_have_count(1)
    page.locator(f"button[formaction$='/{message.pk}/again/']").dblclick()
    expect(page.locator("#messages .notice-success")).to_have_count(1)
    expect(page.locator(".rows tbody tr")).to_have_count(0)
    assert Message.objects.get(pk=message.pk).status == "queued"
    assert broken == []


def test_segments_are_counted_while_one_types(
    page: Page, live_server: Any, ticket: Ticket, caller: Contact, broken: list[str]
) -> None:
    sign_in(page, live_server, make_user("desk", "operator"))
    page.goto(f"{live_server.url}/console/tickets/{ticket.number}/")
    page.locator(".told a").first.click()
    page.locator("#id_body").fill("x" * 161)
    expect(page.locator("#count")).to_have_text("2 segments of at most 2")
    page.locator("#id_body").fill("The lamps come on Friday.")
    expect(page.locator("#count")).to_have_text("1 segment of at most 2")
    page.locator(".write button").dblclick()
    expect(page.locator(".line-out .bubble").last).to_have_text("The lamps come on Friday.")
    assert Message.objects.filter(kind="written").count() == 1
    assert broken == []


def test_on_a_phone_nothing_sticks_out(
    page: Page, live_server: Any, text: Text, inbound: InboundText, broken: list[str]
) -> None:
    message = text("parked", error="the gateway refuses our account or its settings")
    sign_in(page, live_server, make_user("desk", "supervisor", "zh-hans"))
    page.set_viewport_size({"width": 390, "height": 844})
    for address in (
        "texts/",
        "texts/parked/",
        f"texts/{message.pk}/",
        "texts/gateways/",
        "texts/incoming/",
        f"texts/incoming/{inbound.pk}/",
        f"contacts/{message.contact_id}/",
        "call-backs/",
    ):
        page.goto(f"{live_server.url}/console/{address}")
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) == 0, address
    assert broken == []
