"""What cannot be true is refused at its field; what else was typed stays."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from dispatch import equipment
from dispatch.models import Crew, Equipment, EquipmentUse, Item, MaterialUse, WorkOrder
from tests.crew.conftest import Send, text
from tickets.models import Photo


@pytest.mark.parametrize(
    ("quantity", "why"),
    [
        ("", "This field is required."),
        ("many", "Please write a number"),
        ("0", "more than nothing"),
        ("-3", "more than nothing"),
        ("NaN", "Please write a number"),
        ("1e9", "less than or equal to"),
        ("1,000", "Is that a thousand?"),
        ("2.0001", "3 decimal places"),
    ],
)
def test_a_bad_quantity(
    send: Send, on_scene: WorkOrder, materials: object, quantity: str, why: str
) -> None:
    answer = send("material", code="cable", quantity=quantity)

    assert answer.status_code == 422
    assert why in text(answer)
    assert not MaterialUse.objects.exists()
    if quantity:
        assert f'value="{quantity}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "read"),
    [("12,5", "12.500"), (" 3 ", "3.000"), ("12，5", "12.500"), ("７０", "70.000")],
)
def test_a_quantity_as_people_type_it(
    send: Send, on_scene: WorkOrder, materials: object, typed: str, read: str
) -> None:
    assert send("material", code="cable", quantity=typed).status_code == 302

    assert str(MaterialUse.objects.get().quantity) == read


def test_half_a_lamp_head(send: Send, on_scene: WorkOrder, materials: object) -> None:
    answer = send("material", code="lamp-head", quantity="2.5")

    assert "This is counted in whole pieces." in text(answer)


def test_material_nobody_has(send: Send, on_scene: WorkOrder, materials: object) -> None:
    assert send("material", code="gold", quantity="1").status_code == 422


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (-1, -2, "The end must be later"),
        (-1, -1, "The end must be later"),
        (-1, 3, "That is still to come."),
        (-400, -1, "That is more than a week."),
    ],
)
def test_times_that_cannot_be(
    send: Send, on_scene: WorkOrder, lift: Equipment, now: datetime, start: int, end: int, why: str
) -> None:
    def at(hours: int) -> str:
        return f"{timezone.localtime(now + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"

    answer = send("equipment", code="LIFT-01", start=at(start), end=at(end))

    assert answer.status_code == 422
    assert why in text(answer)
    assert not EquipmentUse.objects.exists()


def test_the_likely_times_are_filled_in_and_accepted(
    send: Send, on_scene: WorkOrder, crew: Crew, lift: Equipment, phone: Client
) -> None:
    equipment.hand_out(lift, crew=crew, at=timezone.now())
    form = phone.get(f"/crew/jobs/{on_scene.pk}/").context["job"].forms["equipment"]
    times = {name: form[name].value() for name in ("start", "end")}
    filled = {name: f"{at:%Y-%m-%dT%H:%M}" for name, at in times.items()}

    assert form["code"].value() == "LIFT-01"  # the crew has it in hand
    assert send("equipment", code="LIFT-01", **filled).status_code == 302


@pytest.mark.parametrize("content", [b"", b"no picture at all", b"\xff\xd8\xff\xe0 cut short"])
def test_a_photo_that_is_none(send: Send, on_scene: WorkOrder, content: bytes) -> None:
    file: ContentFile[bytes] = ContentFile(content, name="lamp.jpg")
    answer = send("photo", moment="after", photo=file)

    assert answer.status_code == 422
    assert "This file is not a photo we can read" in text(answer)
    assert not Photo.objects.exists()


def test_a_very_long_finding(send: Send, on_scene: WorkOrder) -> None:
    assert send("finding", words="x" * 4001).status_code == 422


def test_the_refused_form_is_open_and_keeps_its_id(
    send: Send, on_scene: WorkOrder, materials: dict[str, Item]
) -> None:
    op = str(UUID(int=7))
    answer = send("material", op=op, code="cable", quantity="many")
    job = answer.context["job"]

    assert job.wrong == "material"
    assert op in answer.content.decode()
