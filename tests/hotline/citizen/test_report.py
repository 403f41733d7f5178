from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from hotline.models import Report
from tests.hotline.citizen.conftest import picture
from tests.people import CALLER, bodies
from tickets.models import Category, Channel, District, Photo, Subscriber, Ticket

REPORT = "/report/"


def test_it_works(client: Client, filled: dict[str, Any], town: District) -> None:
    answer = client.post(REPORT, filled)

    report = Report.objects.select_related("ticket", "words", "contact").get()
    token = Subscriber.objects.get().token
    assert answer.status_code == 302
    assert answer["Location"] == reverse("citizen:track", args=[token])
    assert report.words.internal == "All the lamps are dark."
    assert (report.channel, report.sender_key) == (Channel.WEB, UUID(filled["key"]))
    assert report.contact is not None
    assert (report.contact.phone, report.contact.name) == (CALLER, "Ms Lin")
    assert (report.answers, report.dangerous) == ({"wire": "no"}, False)
    assert (report.ticket.lon, report.ticket.district) == (125.4, town)
    assert report.ticket.number in bodies()[0]


def test_it_needs_no_name_and_no_number(client: Client, filled: dict[str, Any]) -> None:
    answer = client.post(REPORT, filled | {"phone": "", "name": ""})

    assert answer["Location"] == reverse("citizen:track", args=[Ticket.objects.get().token])
    assert Report.objects.get().contact is None


@pytest.mark.parametrize("length", [255, 320])
def test_an_address_longer_than_any_is_refused_at_its_field(
    client: Client, filled: dict[str, Any], length: int
) -> None:
    domain = "@example.org"
    answer = client.post(REPORT, filled | {"email": "x" * (length - len(domain)) + domain})

    assert answer.status_code == 422
    assert "This is not an e-mail address." in answer.content.decode()
    assert not Report.objects.exists()


def test_an_answer_may_mean_danger(client: Client, filled: dict[str, Any]) -> None:
    client.post(
        REPORT, filled | {"q.street-light-out.wire": "yes", "q.street-light-out.lamps": "3"}
    )

    report = Report.objects.get()
    assert report.dangerous
    assert report.answers == {"wire": "yes", "lamps": 3}


def test_a_photo_comes_along(
    client: Client, filled: dict[str, Any], settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    for _ in range(2):
        client.post(REPORT, filled | {"photo": picture()})

    photo = Photo.objects.get()
    assert (photo.ticket, photo.moment) == (Ticket.objects.get(), "report")


def test_a_double_click_is_one_report(client: Client, filled: dict[str, Any]) -> None:
    first, second = client.post(REPORT, filled), client.post(REPORT, filled)

    assert first["Location"] == second["Location"]
    assert Report.objects.count() == Ticket.objects.count() == 1


def test_the_same_form_with_other_words_asks(client: Client, filled: dict[str, Any]) -> None:
    client.post(REPORT, filled)
    answer = client.post(REPORT, filled | {"words": "And a pothole beside it."})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "And a pothole beside it." in page
    assert reverse("citizen:track", args=[Subscriber.objects.get().token]) in page
    assert filled["key"] not in page  # sent again it is a report of its own
    assert Report.objects.count() == 1


def test_a_damaged_key_is_replaced(client: Client, filled: dict[str, Any]) -> None:
    assert client.post(REPORT, filled | {"key": "not a key"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"category": ""}, "Please choose what kind of problem it is."),
        ({"category": "ufo-landing"}, "Please choose what kind of problem it is."),
        ({"q.street-light-out.wire": ""}, "Please answer this question."),
        ({"phone": "call me maybe"}, "This is not a phone number we can text."),
        ({"phone": "12"}, "This is not a phone number we can text."),
        ({"address": "", "lon": "", "lat": ""}, "Where is it?"),
        ({"lon": "361", "lat": "12"}, "The marked point is not on the map."),
        ({"lon": "125.4", "lat": ""}, "The marked point is not on the map."),
        ({"lon": "nan", "lat": "nan"}, "The marked point is not on the map."),
        ({"words": ""}, "Please tell us in a few words what is wrong."),
        ({"words": "x" * 10_000_000}, "That is more than we can take: 10000000 characters."),
        ({"words": "before \0 after"}, "Null characters are not allowed."),
        ({"q.street-light-out.lamps": "many"}, "Please type a number."),
        ({"address": "x" * 301}, "That is too long."),
    ],
)
def test_it_refuses(
    client: Client, filled: dict[str, Any], typed: dict[str, str], sentence: str
) -> None:
    answer = client.post(REPORT, filled | typed)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert filled["name"] in page and filled["key"] in page  # nothing typed is lost
    assert not Ticket.objects.exists()


def test_it_refuses_what_is_no_photo(client: Client, filled: dict[str, Any]) -> None:
    not_one = ContentFile(b"<svg onload=alert(1)>", name="lamp.jpg")
    answer = client.post(REPORT, filled | {"photo": not_one})

    assert answer.status_code == 422
    assert "This file is not a photo we can read" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_a_group_is_no_kind_of_problem(client: Client, filled: dict[str, Any]) -> None:
    assert client.post(REPORT, filled | {"category": "lighting"}).status_code == 422


def test_questions_of_other_kinds_do_not_matter(client: Client, filled: dict[str, Any]) -> None:
    Category.objects.create(code="pothole", name_en="Pothole")
    nonsense = {"category": "pothole", "q.street-light-out.wire": "perhaps"}

    assert client.post(REPORT, filled | nonsense).status_code == 302
    assert Report.objects.get().answers == {}


def test_a_kind_can_be_chosen_beforehand(client: Client, dark_lamps: Category) -> None:
    page = client.get(REPORT, {"category": "street-light-out"}).content.decode()

    assert 'value="street-light-out" id="id_category_0" required checked' in page


def test_it_takes_few_queries(
    client: Client, filled: dict[str, Any], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(10):
        Category.objects.create(code=f"kind-{n}", name_en=f"Kind {n}")
    client.get(REPORT)  # the town is read once per process
    with django_assert_max_num_queries(1):
        client.get(REPORT)
    with CaptureQueriesContext(connection) as seen:
        client.post(REPORT, filled)
    # A test is one transaction already: what would be BEGIN and COMMIT are savepoints here.
    assert len([q for q in seen if "SAVEPOINT" not in q["sql"]]) <= 15
