"""The newspaper case's repair on a phone of 390 px, from “Accept” to the end, in two languages."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from playwright.sync_api import Page, expect
from pytest_django import Settings

from common.models import User
from dispatch.models import Equipment, EquipmentUse, Item, MaterialUse, Operation, WorkOrder
from tests.crew.conftest import picture
from tickets.models import Photo, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone_page(
    page: Page, live_server: Any, fitter: User, settings: Settings, tmp_path: Path
) -> Page:
    settings.MEDIA_ROOT = tmp_path
    client = Client()
    client.force_login(fitter)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size({"width": 390, "height": 844})
    return page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_repair(
    phone_page: Page,
    live_server: Any,
    fitter: User,
    job: WorkOrder,
    lift: Equipment,
    materials: dict[str, Item],
    language: str,
) -> None:
    User.objects.filter(pk=fitter.pk).update(language=language)
    page = phone_page
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.goto(f"{live_server.url}/crew/")
    page.locator(".job").click()
    with translation.override(language):
        accept = pgettext("a crew takes a job", "Accept")
        for label in (accept, _("On the way"), _("On scene")):
            page.locator(".next button", has_text=label).dblclick()
            expect(page.locator("#messages .notice-success")).to_be_visible()
        for name, fill in (("equipment", equipment), ("material", material), ("photo", photo)):
            form = page.locator(f"details.log:has(input[name=kind][value={name}])")
            form.locator("summary").click()
            fill(form)
            form.locator("button").click()
            expect(page.locator(".written li")).to_have_count(4 + 1 + OF.index(name))
        page.locator("a[href='#finish']").click()
        page.locator("#finish input[value=restored]").check()
        page.get_by_role("button", name=_("Finish the job")).click()
        expect(page.get_by_text(_("Finished. Thank you."))).to_be_visible()

    assert Ticket.objects.get().status == "resolved"
    assert EquipmentUse.objects.count() == 1
    assert MaterialUse.objects.get().quantity == 70
    assert Photo.objects.get().moment == "after"
    assert Operation.objects.count() == 7  # three steps, tapped twice each, count once
    assert said == []


OF = ["equipment", "material", "photo"]


def equipment(form: Any) -> None:
    form.locator("select").select_option("LIFT-01")


def material(form: Any) -> None:
    form.locator("select").select_option("cable")
    form.locator("input[inputmode=decimal]").fill("70,0")


def photo(form: Any) -> None:
    form.locator("input[value=after]").check()
    file = {"name": "lamp.png", "mimeType": "image/png", "buffer": picture().read()}
    form.locator("input[type=file]").set_input_files(files=[file])


def test_everything_is_large_enough_for_a_glove(
    phone_page: Page, live_server: Any, on_scene: WorkOrder, lift: Equipment
) -> None:
    page = phone_page
    page.goto(f"{live_server.url}/crew/jobs/{on_scene.pk}/")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            "main a, main button, main summary, main select, main label.choice, main textarea, " +
            "main input:not([type=hidden], [type=radio]), header button, header a, nav a")]
            .filter((one) => one.checkVisibility() && !one.closest(".voice, .photos, .skip"))
            .filter((one) => one.getBoundingClientRect().height < 48)
            .map((one) => one.outerHTML.slice(0, 90))"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_it_happens_when_the_button_is_pressed(
    phone_page: Page, live_server: Any, job: WorkOrder
) -> None:
    page = phone_page
    page.goto(f"{live_server.url}/crew/jobs/{job.pk}/")
    page.locator(".next button").click()
    expect(page.locator("#messages .notice-success")).to_be_visible()

    operation = Operation.objects.get()
    assert operation.occurred_at < operation.recorded_at
    assert operation.occurred_at.microsecond % 1000 == 0  # a phone's clock: milliseconds
