"""What may identify a citizen is listed once, and no public page shows another citizen's."""

from datetime import datetime

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from common.models import User
from hotline.models import Report
from hotline.personal_data import PERSONAL
from hotline.services import Caller, take_report
from tests.people import CALLER, NEIGHBOUR, say
from tickets import services as tickets
from tickets.models import Category, Subscriber

OURS = ("notifications", "tickets", "hotline", "dispatch")
# Free text and numbers that are the city's own, or codes.
IMPERSONAL = {
    "Message.dedupe_key Message.topic Message.kind Message.language Message.error Message.status",
    "Message.staff_phone Crew.phone Crew.language Crew.code Member.name",
    "WorkOrder.instructions Occupancy.note GatewayHealth.name Wording.words",
}


def test_every_registered_column_exists() -> None:
    for model, columns in PERSONAL.items():
        for column in columns:
            model._meta.get_field(column)


def test_every_free_text_is_registered_or_known_to_be_harmless() -> None:
    harmless = {name for line in IMPERSONAL for name in line.split()}
    registered = {f"{m.__name__}.{c}" for m, columns in PERSONAL.items() for c in columns}
    texts = {
        f"{model.__name__}.{field.name}"
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.TextField | models.EmailField | models.FileField)
        or field.name in ("phone", "number", "name")
    }
    texts.discard("Ticket.number")  # made by us, told to everybody
    assert texts <= registered | harmless


@pytest.mark.parametrize("path", ["/t/{token}/", "/", "/services/", "/map/layers.json"])
def test_a_public_page_shows_nobody_elses_words_name_or_number(
    path: str, client: Client, lights_out: Category, operator: User, now: datetime
) -> None:
    caller = Caller(phone=CALLER, name="canary name", language="en")
    report = take_report(say(lights_out, caller=caller, words="canary words"), now=now)
    other = Caller(phone=NEIGHBOUR, name="Neighbour", language="en")
    take_report(say(lights_out, caller=other, words="mine"), now=now, join=report.ticket)
    tickets.record(report.ticket, "note", by=operator, now=now, internal="canary note")
    token = Subscriber.objects.get(contact__phone=NEIGHBOUR).token
    page = client.get(path.format(token=token)).content.decode()
    assert "canary" not in page
    assert CALLER[-7:] not in page.replace(" ", "")
    assert Report.objects.count() == 2
