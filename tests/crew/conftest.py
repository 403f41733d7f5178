import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, WorkOrder
from tickets import services as tickets
from tickets.models import Ticket

Send = Callable[..., Any]  # the test client's answer


@pytest.fixture
def job(ticket: Ticket, crew: Crew, operator: User, dispatcher: User, now: datetime) -> WorkOrder:
    """A repair that was sent to the lighting crew."""
    tickets.accept(ticket, by=operator, now=now)
    return dispatch.assign(
        ticket, crew=crew, by=dispatcher, now=now, instructions="The key is at the school."
    )


@pytest.fixture
def phone(client: Client, fitter: User, settings: Settings, tmp_path: Path) -> Client:
    """The fitter's phone, signed in."""
    settings.MEDIA_ROOT = tmp_path
    client.force_login(fitter)
    return client


@pytest.fixture
def send(phone: Client, job: WorkOrder) -> Send:
    """Press a button on the job's page: send("on_scene"), send("material", code=…, quantity=…)."""

    def press(kind: str, **fields: Any) -> Any:
        data = {"op": str(uuid4()), "kind": kind, **fields}
        return phone.post(f"/crew/jobs/{job.pk}/operations/", data)

    return press


@pytest.fixture
def on_scene(send: Send, job: WorkOrder) -> WorkOrder:
    for step in ("accept", "en_route", "on_scene"):
        assert send(step).status_code == 302
    job.refresh_from_db()
    return job


def picture(name: str = "lamp.png", colour: str = "orange") -> ContentFile[bytes]:
    file: ContentFile[bytes] = ContentFile(b"", name=name)
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    file.seek(0)
    return file


def text(answer: Any) -> str:
    """What a reader sees, without the tags."""
    page: str = answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
