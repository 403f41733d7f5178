from datetime import datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.models import User
from dispatch.models import Crew, Equipment, Item, WorkOrder
from hotline.models import Report
from hotline.services import take_report
from tests.crew.conftest import Send, picture, text
from tests.people import say
from tickets.models import Question


def address(order: WorkOrder) -> str:
    return f"/crew/jobs/{order.pk}/"


def test_it_works(phone: Client, job: WorkOrder) -> None:
    page = text(phone.get(address(job)))

    assert "Street light out" in page
    assert "All the lamps at the crossing are dark." in page
    assert "The key is at the school." in page
    assert job.ticket.number in page


def test_the_place_opens_in_the_map_app(phone: Client, job: WorkOrder, fitter: User) -> None:
    for language in ("en", "zh-hans"):
        User.objects.filter(pk=fitter.pk).update(language=language)
        assert 'href="geo:43.83,125.4?q=43.83,125.4"' in phone.get(address(job)).content.decode()


def test_danger_comes_first(phone: Client, job: WorkOrder) -> None:
    Question.objects.create(
        category=job.ticket.category,
        code="wire",
        kind="yes_no",
        text_en="Is a wire within reach?",
        danger_answer="yes",
    )
    Report.objects.update(dangerous=True, answers={"wire": "yes"})

    page = text(phone.get(address(job)))
    assert page.index("Danger.") < page.index("Is a wire within reach? Yes")
    assert page.index("Is a wire within reach? Yes") < page.index("Chuangye Avenue")


def test_a_danger_that_two_citizens_see_is_said_once(
    phone: Client, job: WorkOrder, now: datetime
) -> None:
    Question.objects.create(
        category=job.ticket.category,
        code="wire",
        kind="yes_no",
        text_en="Is a wire within reach?",
        danger_answer="yes",
    )
    take_report(say(job.ticket.category, phone="+14155550107"), join=job.ticket, now=now)
    Report.objects.update(dangerous=True, answers={"wire": "yes"})

    page = text(phone.get(address(job)))
    assert page[: page.index("Chuangye Avenue")].count("Is a wire within reach?") == 1
    assert page.count("Is a wire within reach?") == 3


def test_every_citizen_is_heard(phone: Client, job: WorkOrder, now: datetime) -> None:
    neighbour = say(job.ticket.category, phone="+14155550102", words="It sparks, too.")
    take_report(neighbour, now=now, join=job.ticket)

    assert "It sparks, too." in text(phone.get(address(job)))


def test_what_was_written_down_is_listed(
    phone: Client, on_scene: WorkOrder, send: Send, lift: Equipment, materials: dict[str, Item]
) -> None:
    send("material", code="cable", quantity="70")
    send("material", code="lamp-head", quantity="3")
    send("equipment", code="LIFT-01", start="2026-07-31T09:05", end="2026-07-31T11:20")
    send("finding", words="Transformer burnt out.")
    send("photo", moment="before", photo=picture())

    page = phone.get(address(on_scene))
    assert "Cable 70 m" in text(page)
    assert "Lamp head × 3" in text(page)
    assert "LIFT-01 Aerial lift truck 09:05–11:20" in text(page)
    assert "Transformer burnt out." in text(page)
    photo = f"{address(on_scene)}photos/"
    assert photo in page.content.decode()


def test_the_next_job_knows_what_the_first_one_found(
    phone: Client, on_scene: WorkOrder, send: Send
) -> None:
    send("finding", words="Transformer burnt out.")
    send("done", outcome="safe_only", words="Needs a crane.")
    following = WorkOrder.objects.get(follows=on_scene)
    WorkOrder.objects.filter(pk=following.pk).update(crew=on_scene.crew)

    page = text(phone.get(address(following)))
    assert "Made safe only" in page
    assert "Transformer burnt out." in page
    assert "Needs a crane." in page


def test_photos_are_for_the_crew_only(
    phone: Client, on_scene: WorkOrder, send: Send, stranger: User
) -> None:
    send("photo", moment="before", photo=picture())
    photo = on_scene.ticket.photos.get()
    shown = f"{address(on_scene)}photos/{photo.pk}/"

    assert phone.get(shown)["Content-Type"] == "image/jpeg"
    phone.force_login(stranger)
    assert phone.get(shown).status_code == 404


def test_a_long_story_costs_no_more_queries(
    phone: Client, on_scene: WorkOrder, send: Send, materials: dict[str, Item], lift: Equipment
) -> None:
    def write_down(times: int) -> int:
        for n in range(times):
            send("material", code="cable", quantity=f"{n + 1}")
            send("finding", words=f"Lamp {n} is dark.")
            start = f"2026-07-31T{n + 1:02}:05"
            send("equipment", code="LIFT-01", start=start, end=start.replace(":05", ":45"))
        with CaptureQueriesContext(
            connection,
        ) as spent:
            phone.get(address(on_scene))
        return len(spent)

    few, many = write_down(1), write_down(4)
    assert few == many <= 20


def test_the_buttons_follow_the_job(phone: Client, job: WorkOrder, send: Send) -> None:
    for step, label in (("accept", "Accept"), ("en_route", "On the way"), ("on_scene", "On scene")):
        page = phone.get(address(job)).content.decode()
        assert f'name="kind" value="{step}"' in page
        assert label in page
        send(step)
    assert 'href="#finish"' in phone.get(address(job)).content.decode()


def test_a_crew_without_any_truck_or_place_has_a_page_too(
    phone: Client, job: WorkOrder, crew: Crew
) -> None:
    crew.truck.delete()
    type(job.ticket).objects.update(lon=None, lat=None, address="")

    assert "Marked on the map" in text(phone.get(address(job)))
