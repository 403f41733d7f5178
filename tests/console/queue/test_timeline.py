"""The life of a ticket as one list."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.test import Client

from common.models import User
from console.queue.timeline import Entry
from dispatch import operations
from dispatch.models import WorkOrder
from dispatch.operations import Op
from tickets.models import Ticket


def told(client: Client, ticket: Ticket) -> list[Entry]:
    entries: list[Entry] = client.get(f"/console/tickets/{ticket.number}/").context["entries"]
    return entries


def test_its_whole_life_in_one_place(client: Client, operator: User, repaired: Ticket) -> None:
    client.force_login(operator)
    entries = told(client, repaired)
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    titles = [entry.title for entry in entries]
    for title in (
        "Reported: Phone",
        "Accepted",
        "Sent to Lights-1: Make safe",
        "Lights-1 is on scene",
        "Found on scene",
        "Made safe",
        "Equipment used",
        "Material used",
        "Lights-1 is done: Restored: it works again",
    ):
        assert title in titles, titles
    assert "Job planned: Make safe" not in titles and "A crew has it" not in titles  # folded
    details = [detail for entry in entries for detail in entry.details]
    assert "3 × Lamp head" in details and "70 m Cable" in details
    assert any(detail.startswith("Aerial lift truck (LIFT-01), ") for detail in details)


def test_where_each_step_brought_the_ticket(
    client: Client, operator: User, repaired: Ticket
) -> None:
    client.force_login(operator)
    by_title = {entry.title: entry for entry in told(client, repaired)}
    assert by_title["Reported: Phone"].status == "received"
    assert by_title["Sent to Lights-1: Make safe"].status == "assigned"
    assert by_title["Lights-1 is on scene"].status == "in_progress"
    assert by_title["Lights-1 is done: Restored: it works again"].status == "resolved"
    assert by_title["Lights-1 is on scene"].learnt_later
    assert by_title["Found on scene"].internal == "Transformer burnt out."
    assert not by_title["Accepted"].learnt_later


def test_texts_show_their_state(client: Client, operator: User, ticket: Ticket) -> None:
    client.force_login(operator)
    texts = [entry for entry in told(client, ticket) if entry.kind == "text"]
    assert [(text.status, text.title) for text in texts] == [("queued", "Text to +1 •••-•••-••01")]


def test_late_facts_are_marked(
    client: Client, operator: User, fitter: User, repaired: Ticket, now: datetime
) -> None:
    order = WorkOrder.objects.get(ticket=repaired)
    late = Op(uuid4(), "en_route", order.pk, now - timedelta(minutes=110))
    assert operations.apply(late, by=fitter, now=now)["status"] == "flagged"
    client.force_login(operator)
    entry = next(e for e in told(client, repaired) if e.title == "Lights-1 is on the way")
    assert "reported late" in entry.flags and any("not applied" in flag for flag in entry.flags)
