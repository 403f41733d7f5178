from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from common.models import User
from tickets.models import Ticket

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
