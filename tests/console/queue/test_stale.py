"""A page that is older than the ticket: said in words, nothing changed, nothing typed is lost."""

from typing import Any

from django.test import Client

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew
from tickets import services as tickets
from tickets.models import Ticket, TicketEvent


def test_somebody_else_was_faster(
    act: Any, operator: User, dispatcher: User, ticket: Ticket
) -> None:
    seen = ticket.last_seq
    tickets.answer(ticket, how="desk", words="Switched on.", by=dispatcher)
    response = act(operator, ticket, "reject", reason="Not the city's lamp.", seen=seen)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else was faster" in page and "Resolved" in page
    assert "Not the city&#x27;s lamp." in page  # kept, although there is no such form any more
    assert ticket.status == "resolved"


def test_a_move_that_would_still_be_legal_is_not_made_blindly(
    act: Any, operator: User, dispatcher: User, ticket: Ticket
) -> None:
    seen = ticket.last_seq
    tickets.accept(ticket, by=dispatcher)
    response = act(operator, ticket, "reject", reason="Private ground.", seen=seen)
    assert response.status_code == 409 and ticket.status == "accepted"
    assert response.context["opened"] == "reject"  # the words are still in the form
    again = act(operator, ticket, "reject", reason="Private ground.")
    assert again.status_code == 302 and ticket.status == "rejected"


def test_a_note_minds_no_move(act: Any, operator: User, dispatcher: User, ticket: Ticket) -> None:
    seen = ticket.last_seq
    tickets.accept(ticket, by=dispatcher)
    response = act(operator, ticket, "note", note="She rang again.", readers="internal", seen=seen)
    assert response.status_code == 302


def test_a_double_click_changes_nothing_more(
    act: Any, client: Client, operator: User, ticket: Ticket
) -> None:
    for action, fields in (
        ("note", {"note": "Once.", "readers": "internal"}),
        ("accept", {"category": ticket.category.code, "priority": "normal"}),
        ("reject", {"reason": "Private ground."}),
    ):
        seen = ticket.last_seq
        for _ in range(2):
            response = act(operator, ticket, action, seen=seen, **fields)
            assert response.status_code == 302, action
        assert TicketEvent.objects.filter(ticket=ticket, kind=action).count() == 1
    page = client.get(f"/console/tickets/{ticket.number}/").content.decode()
    assert "Somebody else was faster" not in page


def test_an_empty_form_for_what_is_over(act: Any, operator: User, ticket: Ticket) -> None:
    tickets.reject(ticket, reason="Private ground.", by=operator)
    response = act(operator, ticket, "answer", how="desk", answer="", seen=1)
    assert response.status_code == 422
    assert "Somebody else was faster" in response.content.decode()


def test_a_crew_that_was_recalled_already(
    act: Any, dispatcher: User, supervisor: User, ticket: Ticket, crew: Crew
) -> None:
    tickets.accept(ticket, by=dispatcher)
    order = dispatch.assign(ticket, crew=crew, by=dispatcher)
    seen = Ticket.objects.get(pk=ticket.pk).last_seq
    dispatch.recall(order, reason="Storm.", by=supervisor)
    response = act(
        dispatcher, ticket, "recall_order", order=order.pk, reason="Needed elsewhere.", seen=seen
    )
    assert response.status_code == 409 and "The order is now" in response.content.decode()
    missing = act(dispatcher, ticket, "recall_order", order=99999, reason="Gone.")
    assert missing.status_code == 422
