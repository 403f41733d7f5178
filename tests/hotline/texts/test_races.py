"""Two answers at once, the same one twice, an answer while staff decide: one result, no error."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from common.models import User
from hotline import drafts
from hotline.models import Feedback, InboundText, Report
from hotline.texts import Incoming, take_text
from notifications.models import Message
from tests.hotline.texts.conftest import Phone, fresh, join, solve
from tests.people import CALLER, NEIGHBOUR, say
from tests.races import at_once, wait_until_blocked
from tickets import services as tickets
from tickets.models import Category, Ticket, TicketEvent
from tickets.services import MoveNotAllowed

pytestmark = pytest.mark.django_db(transaction=True)
LATER = timedelta(minutes=5)


def says(number: str, body: str, sid: str, now: datetime) -> None:
    take_text(Incoming(sid=sid, number=number, body=body), now=now + LATER)


def kinds(ticket: Ticket) -> list[str]:
    return list(
        TicketEvent.objects.filter(ticket=ticket).order_by("seq").values_list("kind", flat=True)
    )


@pytest.mark.parametrize("body", ["1", "2"])
def test_the_gateway_repeats_itself_at_once(
    ticket: Ticket, operator: User, now: datetime, body: str
) -> None:
    solve(ticket, by=operator, now=now)
    said = at_once(*[lambda: says(CALLER, body, "SM1", now)] * 8)
    assert said == [None] * 8
    assert InboundText.objects.get().state == "done"
    assert kinds(ticket)[-1] in ("close", "reopen") and len(kinds(ticket)) == 3
    assert Message.objects.filter(kind__in=("reply_closed", "reopen")).count() == 1


def test_a_person_taps_twice(ticket: Ticket, operator: User, now: datetime) -> None:
    solve(ticket, by=operator, now=now)
    at_once(lambda: says(CALLER, "1", "SM1", now), lambda: says(CALLER, "1", "SM2", now))
    assert fresh(ticket).status == "closed"
    assert sorted(InboundText.objects.values_list("meaning", flat=True)) == ["digit", "repeat"]
    assert Feedback.objects.get().satisfied is None


def test_two_say_yes_at_once_and_it_is_closed_once(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    join(ticket, NEIGHBOUR, now=now)
    solve(ticket, by=operator, now=now)
    said = at_once(
        lambda: says(CALLER, "1", "SM1", now), lambda: says(NEIGHBOUR, "yes", "SM2", now)
    )
    assert said == [None, None]
    assert fresh(ticket).status == "closed" and kinds(ticket).count("close") == 1


def test_a_yes_and_a_no_at_once_is_a_no(ticket: Ticket, operator: User, now: datetime) -> None:
    join(ticket, NEIGHBOUR, now=now)
    solve(ticket, by=operator, now=now)
    at_once(lambda: says(CALLER, "1", "SM1", now), lambda: says(NEIGHBOUR, "2", "SM2", now))
    assert fresh(ticket).status == "accepted" and "close" not in kinds(ticket)
    assert not InboundText.objects.exclude(state="done").exists()


@pytest.mark.parametrize("body", ["1", "2", "Still dark!"])
@pytest.mark.parametrize("decision", ["reopen", "close", "correct"])
def test_an_answer_while_staff_decide(
    ticket: Ticket, operator: User, now: datetime, body: str, decision: str
) -> None:
    solve(ticket, by=operator, now=now)
    copy = Ticket.objects.get(pk=ticket.pk)

    def decide() -> object:
        why = {} if decision == "close" else {"reason": "We looked again."}
        return getattr(tickets, decision)(copy, by=operator, now=now + LATER, **why)

    answered, decided = at_once(lambda: says(CALLER, body, "SM1", now), decide)
    assert answered is None
    assert isinstance(decided, TicketEvent | MoveNotAllowed)
    assert InboundText.objects.get().state == "done"
    assert fresh(ticket).status in ("closed", "accepted")
    moves = [kind for kind in kinds(ticket) if kind in ("close", "reopen", "correct")]
    assert len(moves) in (1, 2) and len(set(moves)) == len(moves)


def test_while_staff_hold_the_ticket_the_answer_waits(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    """Decided on what is true when the lock comes free, not on what was read before."""
    solve(ticket, by=operator, now=now)

    def answer() -> None:
        says(CALLER, "2", "SM1", now)
        connection.close()

    with transaction.atomic():
        tickets.reopen(ticket, reason="A call.", by=operator, now=now + LATER)
        thread = threading.Thread(target=answer)
        thread.start()
        wait_until_blocked()
    thread.join(timeout=10)
    assert kinds(ticket).count("reopen") == 1
    assert InboundText.objects.get().state == "done"


def test_two_at_the_desk_make_one_report_of_a_text(
    lights_out: Category, operator: User, dispatcher: User, now: datetime
) -> None:
    says("+14155550177", "The lamp is dark", "SM1", now)
    text = InboundText.objects.get()
    results = at_once(
        lambda: drafts.make_report(text, say(lights_out), by=operator, now=now + LATER),
        lambda: drafts.make_report(text, say(lights_out), by=dispatcher, now=now + LATER),
        lambda: drafts.dismiss(text, by=dispatcher, now=now + LATER, reason="spam"),
    )
    assert all(isinstance(r, Report | drafts.NotWaiting | None) for r in results), results
    assert Report.objects.count() <= 1
    assert InboundText.objects.get().state in ("reported", "dismissed")


def test_one_new_number_writes_ten_times_at_once(now: datetime, db: None) -> None:
    phone = Phone("+14155550177", now)
    said = at_once(*[lambda n=n: says(phone.number, f"Lamp {n}", f"SM{n}", now) for n in range(10)])
    assert said == [None] * 10
    assert InboundText.objects.waiting().count() == 10
    assert len(phone.heard) == 1
