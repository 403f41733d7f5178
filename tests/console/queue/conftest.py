from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from common.models import User
from dispatch import operations
from dispatch.models import Crew, Equipment, Item, WorkOrder
from dispatch.operations import Op
from hotline.services import take_emergency
from tests.people import say
from tickets.models import Category, Ticket

Act = Callable[..., Any]


@pytest.fixture
def act(client: Client) -> Act:
    """`act(user, ticket, "reject", reason=…)`: send that form, as from a page loaded just now."""

    def send(user: User, ticket: Ticket, action: str, **fields: Any) -> Any:
        client.force_login(user)
        seen = fields.pop("seen", Ticket.objects.get(pk=ticket.pk).last_seq)
        address = f"/console/tickets/{ticket.number}/{action}/"
        response = client.post(address, {"seen": seen} | fields)
        ticket.refresh_from_db()
        return response

    return send


@pytest.fixture
def repaired(
    lights_out: Category,
    operator: User,
    fitter: User,
    crew: Crew,
    lift: Equipment,
    materials: dict[str, Item],
    now: datetime,
) -> Ticket:
    """An emergency of two hours ago, repaired at once, typed in when the crew had signal again."""
    called = now - timedelta(hours=2)
    ticket = take_emergency(
        say(lights_out, dangerous=True), crew=crew, by=operator, now=called
    ).ticket
    order = WorkOrder.objects.get(ticket=ticket)
    used = {
        "start": (called + timedelta(minutes=30)).isoformat(),
        "end": (called + timedelta(minutes=80)).isoformat(),
    }
    for kind, minutes, payload in (
        ("accept", 5, {}),
        ("on_scene", 30, {}),
        ("finding", 40, {"words": "Transformer burnt out."}),
        ("made_safe", 60, {}),
        ("equipment", 80, {"code": "LIFT-01", **used}),
        ("material", 80, {"code": "lamp-head", "quantity": "3"}),
        ("material", 80, {"code": "cable", "quantity": "70"}),
        ("done", 90, {"outcome": "restored"}),
    ):
        op = Op(uuid4(), kind, order.pk, called + timedelta(minutes=minutes), payload)
        operations.apply(op, by=fitter, now=called + timedelta(minutes=91))
    ticket.refresh_from_db()
    return ticket
