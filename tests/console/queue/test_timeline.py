"""The life of a ticket as one list."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.test import Client

from common.models import User
from console.queue.entry import Entry
from dispatch import operations
from dispatch import services as dispatch
from dispatch.models import Crew, WorkOrder
from dispatch.operations import Op
from hotline import call_backs, feedback
from hotline.services import take_report
from notifications.models import Contact
from tests.people import CALLER, say
from tickets import services as tickets
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


def test_what_many_were_told_at_once_is_one_line(
    client: Client, operator: User, ticket: Ticket, now: datetime
) -> None:
    for n in range(5):
        take_report(say(ticket.category, f"+1415555011{n}"), now=now, join=ticket)
    later = now + timedelta(minutes=5)
    tickets.reject(ticket, reason="Private ground.", by=operator, now=later)
    client.force_login(operator)
    lines = [entry for entry in told(client, ticket) if entry.kind == "text"]
    assert [line.title for line in lines][-1] == "Text to 6 citizens"
    assert lines[-1].details == ["6 queued"] and "Private ground." in lines[-1].public
    response = client.get(f"/console/tickets/{ticket.number}/")
    assert "and 1 more" not in response.content.decode()
    shown = client.get(lines[-1].href).context["lines"]
    assert {line.message.kind for line in shown} == {"reject"} and len(shown) == 6


def test_a_text_to_a_crew_looks_different(
    client: Client, operator: User, dispatcher: User, crew: Crew, ticket: Ticket
) -> None:
    crew.phone = "+14155550177"
    crew.save()
    tickets.accept(ticket, by=operator)
    dispatch.assign(ticket, crew=crew, by=dispatcher)
    client.force_login(operator)
    texts = [entry for entry in told(client, ticket) if entry.kind.endswith("text")]
    kinds = {entry.title: (entry.kind, entry.drawing) for entry in texts}
    assert kinds["Text to the crew, +1 •••-•••-••77"] == ("crew-text", "truck")
    assert kinds["Text to +1 •••-•••-••01"] == ("text", "text")


def test_what_citizens_answered(
    client: Client, operator: User, ticket: Ticket, now: datetime
) -> None:
    caller = Contact.objects.get(phone=CALLER)
    tickets.answer(ticket, how="desk", words="It is new.", by=operator, now=now)
    feedback.give_verdict(ticket, caller, fixed=True, now=now + timedelta(hours=1))
    feedback.rate(ticket, caller, satisfied=4, now=now + timedelta(hours=1))
    call = call_backs.owe(caller, ticket=ticket, reason="asked", now=now)
    call_backs.finish(call, by=operator, now=now + timedelta(hours=2), outcome="reached")
    client.force_login(operator)
    entries = {entry.title: entry for entry in told(client, ticket)}
    assert entries["What the citizen thinks of it"].details == [
        "says that it is fixed",
        "4 of 5 points",
    ]
    assert entries["A call to +1 •••-•••-••01 is to be made"].details == ["asked to be called"]
    assert entries["+1 •••-•••-••01 was called"].details == ["spoken to"]
    assert "everybody says that it is fixed" in entries["Closed"].details


def test_who_is_told_and_who_is_not_reached(
    client: Client, operator: User, ticket: Ticket, now: datetime
) -> None:
    for n in range(9):
        take_report(say(ticket.category, f"+1415555011{n}"), now=now, join=ticket)
    Contact.objects.filter(phone="+14155550118").update(untextable="landline")
    client.force_login(operator)
    response = client.get(f"/console/tickets/{ticket.number}/")
    listeners = response.context["dossier"].listeners
    assert listeners[0].reach.state == "landline" and len(listeners) == 10
    page = response.content.decode()
    assert "A landline gets no texts. Please ring." in page and "and 4 more" in page
