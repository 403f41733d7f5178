import io

import pytest
from django.conf import LazySettings
from django.test import Client
from PIL import Image

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew
from tests.people import make_user
from tickets import services as tickets
from tickets.models import Photo, Ticket
from tickets.photos import add_photo


@pytest.fixture
def photo(ticket: Ticket, settings: LazySettings, tmp_path: object) -> Photo:
    settings.MEDIA_ROOT = tmp_path
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "JPEG")
    return add_photo(ticket, picture.getvalue(), moment="report", taken_at=ticket.opened_at)


def test_it_works(client: Client, operator: User, photo: Photo, ticket: Ticket) -> None:
    client.force_login(operator)
    response = client.get(f"/photos/{photo.pk}/")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Cache-Control"].startswith("private")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]
    page = client.get(f"/console/tickets/{ticket.number}/").content.decode()
    assert f'src="/photos/{photo.pk}/"' in page


def test_a_crew_sees_the_photos_of_its_own_jobs(
    client: Client,
    photo: Photo,
    ticket: Ticket,
    crew: Crew,
    fitter: User,
    stranger: User,
    dispatcher: User,
) -> None:
    tickets.accept(ticket, by=dispatcher)
    dispatch.assign(ticket, crew=crew, by=dispatcher)
    for user, expected in ((fitter, 200), (stranger, 403), (make_user("auditor", "auditor"), 200)):
        client.force_login(user)
        assert client.get(f"/photos/{photo.pk}/").status_code == expected


def test_citizens_do_not(client: Client, photo: Photo) -> None:
    assert client.get(f"/photos/{photo.pk}/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "photos/gone.jpg"])
def test_nothing_outside_the_photos(
    client: Client, operator: User, photo: Photo, name: str
) -> None:
    Photo.objects.filter(pk=photo.pk).update(file=name)
    client.force_login(operator)
    assert client.get(f"/photos/{photo.pk}/").status_code == 404
    assert client.get("/photos/999999/").status_code == 404
