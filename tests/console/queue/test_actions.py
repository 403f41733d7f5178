"""Each action of the ticket page, through its form."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from common.models import Role, User
from console.queue.actions import ACTIONS, legal_actions
from dispatch import services as dispatch
from dispatch.models import Crew, WorkOrder
from hotline.services import take_report
from tests.people import NEIGHBOUR, say
from tickets import services as tickets
from tickets.models import Category, Ticket, TicketEvent, Unit


def last_event(ticket: Ticket) -> TicketEvent:
    return TicketEvent.objects.select_related("words").filter(ticket=ticket).latest("seq")


@pytest.fixture
def accepted(ticket: Ticket, operator: User) -> Ticket:
    tickets.accept(ticket, by=operator)
    return ticket


@pytest.fixture
def resolved(accepted: Ticket, operator: User) -> Ticket:
    tickets.answer(accepted, how="desk", words="It is on again.", by=operator)
    return accepted


def test_accept(act: Any, operator: User, ticket: Ticket, power: Unit) -> None:
    response = act(
        operator, ticket, "accept", category=ticket.category.code, priority="high", unit="power"
    )
    assert response.headers["Location"] == f"/console/tickets/{ticket.number}/"
    assert (ticket.status, ticket.priority, ticket.unit) == ("accepted", "high", power)
    assert ticket.owner == operator


def test_accept_as_another_kind(act: Any, operator: User, ticket: Ticket, power: Unit) -> None:
    kind = Category.objects.create(code="cable", name_en="Cable down")
    assert act(operator, ticket, "accept", category="cable", priority="low").status_code == 302
    assert ticket.category == kind and ticket.unit and ticket.unit.is_default


def test_reject_says_why(act: Any, operator: User, ticket: Ticket) -> None:
    assert act(operator, ticket, "reject", reason="Private ground.").status_code == 302
    assert ticket.status == "rejected"
    assert last_event(ticket).words.public == "Private ground."


def test_answer(act: Any, operator: User, ticket: Ticket) -> None:
    act(operator, ticket, "answer", how="outside", answer="The utility repaired it.")
    assert ticket.status == "resolved"
    assert last_event(ticket).data == {"how": "outside"}


def test_hold_and_resume(act: Any, operator: User, accepted: Ticket) -> None:
    until = timezone.localtime() + timedelta(days=2)
    act(
        operator,
        accepted,
        "hold",
        reason="waiting_utility",
        waiting_for="Power company",
        reference="K-17",
        until=until.strftime("%Y-%m-%dT%H:%M"),
    )
    assert accepted.status == "waiting" and accepted.waiting_until
    assert abs(accepted.waiting_until - until) < timedelta(minutes=1)
    assert last_event(accepted).data == {"waiting_for": "Power company", "reference": "K-17"}
    act(operator, accepted, "resume")
    assert accepted.status == "accepted" and accepted.waiting_until is None


def test_close_and_reopen(act: Any, operator: User, resolved: Ticket) -> None:
    act(operator, resolved, "close")
    assert resolved.status == "closed"
    act(operator, resolved, "reopen", reason="Dark again, says the caller.")
    assert resolved.status == "accepted"
    assert last_event(resolved).words.internal == "Dark again, says the caller."


def test_correct_is_for_dispatchers(
    act: Any, operator: User, dispatcher: User, resolved: Ticket
) -> None:
    assert act(operator, resolved, "correct", reason="Wrong ticket.").status_code == 403
    assert resolved.status == "resolved"
    act(dispatcher, resolved, "correct", reason="Wrong ticket.")
    assert resolved.status == "accepted"


def test_merge_and_unmerge(act: Any, operator: User, ticket: Ticket, lights_out: Category) -> None:
    root = take_report(say(lights_out, phone=NEIGHBOUR), now=timezone.now()).ticket
    act(operator, ticket, "merge", into=root.number.replace("-", " "))
    assert ticket.merged_into == root
    act(operator, ticket, "unmerge")
    assert ticket.status == "accepted" and ticket.merged_into is None


def test_recategorise_transfer_and_note(
    act: Any, operator: User, accepted: Ticket, power: Unit
) -> None:
    Category.objects.create(code="cable", name_en="Cable down")
    act(operator, accepted, "recategorise", category="cable")
    assert accepted.category.code == "cable"
    act(operator, accepted, "transfer", unit="power", reason="It is their cable.")
    assert accepted.unit == power
    act(operator, accepted, "note", note="Caller is deaf, text only.", readers="internal")
    assert last_event(accepted).words.internal == "Caller is deaf, text only."
    act(operator, accepted, "note", note="We look at it on Monday.", readers="public")
    assert last_event(accepted).words.public == "We look at it on Monday."
    assert accepted.status == "accepted"


def test_recall_a_crew(
    act: Any, operator: User, dispatcher: User, accepted: Ticket, crew: Crew
) -> None:
    order = dispatch.assign(accepted, crew=crew, by=dispatcher)
    accepted.refresh_from_db()
    said = {"order": order.pk, "reason": "Needed elsewhere."}
    assert act(operator, accepted, "recall_order", **said).status_code == 403
    assert act(dispatcher, accepted, "recall_order", **said).status_code == 302
    assert accepted.status == "accepted"
    assert WorkOrder.objects.get(pk=order.pk).status == "recalled"


@pytest.mark.parametrize(
    ("action", "fields", "wrong"),
    [
        ("accept", {"category": "nonsense", "priority": "normal"}, "category"),
        ("accept", {"category": "street-light-out", "priority": "at once"}, "priority"),
        ("reject", {"reason": "  "}, "reason"),
        ("reject", {"reason": "x" * 10_000_000}, "reason"),
        ("answer", {"how": "magic", "answer": "Done."}, "how"),
        (
            "hold",
            {"reason": "citizen", "waiting_for": "them", "until": "2020-01-01T10:00"},
            "until",
        ),
        ("hold", {"reason": "boredom", "waiting_for": "them", "until": "soon"}, "reason"),
        ("merge", {"into": "26-0000001-0"}, "into"),
        ("merge", {"into": "street light"}, "into"),
        ("transfer", {"unit": "nobody", "reason": "Not ours."}, "unit"),
        ("recategorise", {"category": "street-light-out"}, "category"),
        ("note", {"note": "a\x00b", "readers": "internal"}, "note"),
        ("note", {"note": "hm", "readers": "everybody"}, "readers"),
    ],
)
def test_wrong_input_is_named_at_its_field(
    act: Any, operator: User, ticket: Ticket, action: str, fields: dict[str, Any], wrong: str
) -> None:
    response = act(operator, ticket, action, **fields)
    assert response.status_code == 422
    shown = {form.name: form for form in response.context["forms"]}[action]
    assert wrong in shown.errors and response.context["opened"] == action
    assert ticket.status == "received" and ticket.last_seq == 1


def test_a_ticket_is_not_merged_into_itself_or_into_a_merged_one(
    act: Any, operator: User, ticket: Ticket, lights_out: Category
) -> None:
    first, second = (take_report(say(lights_out), now=timezone.now()).ticket for _ in "ab")
    tickets.merge(second, into=first, by=operator)
    assert "ticket itself" in act(operator, ticket, "merge", into=ticket.number).content.decode()
    answer = act(operator, ticket, "merge", into=second.number).content.decode()
    assert f"Use {first.number}" in answer


def test_only_what_is_legal_now_is_offered(ticket: Ticket, operator: User) -> None:
    def offered() -> set[str]:
        return {action.name for action in legal_actions(ticket, operator)}

    always = {"note"}
    triage = {"reject", "answer", "hold", "merge", "transfer", "recategorise"} | always
    assert offered() == triage | {"accept"}
    for status, expected in {
        "accepted": triage,
        "assigned": {"transfer", "recategorise"} | always,
        "waiting": (triage - {"hold"}) | {"resume"},
        "resolved": {"close", "reopen"} | always,
        "closed": {"reopen"} | always,
        "merged": {"unmerge"} | always,
    }.items():
        ticket.status = status
        assert offered() == expected, status


def test_who_may_act(act: Any, ticket: Ticket, stranger: User, operator: User) -> None:
    assert act(stranger, ticket, "accept").status_code == 403
    auditor = User.objects.create_user("auditor", role=Role.AUDITOR)
    assert act(auditor, ticket, "accept").status_code == 403
    assert act(operator, ticket, "explode").status_code == 404
    assert set(ACTIONS) >= {"accept", "recall_order"}
