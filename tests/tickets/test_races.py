"""Two people at the same moment, each on a connection of their own."""

import threading
from datetime import datetime
from functools import partial

import pytest
from django.db import connection, transaction

from common.models import User
from dispatch.models import WorkOrder
from hotline.models import Report
from hotline.services import take_report
from notifications.models import Message
from tests.people import NEIGHBOUR, say
from tests.races import at_once, wait_until_blocked
from tests.tickets.lives import another_ticket
from tickets import services as tickets
from tickets.models import Category, Ticket, TicketEvent, Unit
from tickets.services import MoveNotAllowed

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_accept_one_wins_and_the_other_hears_it(
    ticket: Ticket, operator: User, dispatcher: User
) -> None:
    copies = [Ticket.objects.get(pk=ticket.pk) for _ in range(2)]
    results = at_once(
        lambda: tickets.accept(copies[0], by=operator),
        lambda: tickets.accept(copies[1], by=dispatcher),
    )
    (won,) = [r for r in results if isinstance(r, TicketEvent)]
    (lost,) = [r for r in results if isinstance(r, MoveNotAllowed)]
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.moves) == (won.actor, 2)
    assert ticket.number in str(lost)


def test_a_move_waits_for_whoever_holds_the_ticket(
    ticket: Ticket, operator: User, dispatcher: User
) -> None:
    done = threading.Event()

    def second() -> None:
        try:
            tickets.accept(Ticket.objects.get(pk=ticket.pk), by=dispatcher)
        except MoveNotAllowed:
            done.set()
        finally:
            connection.close()

    with transaction.atomic():
        tickets.reject(ticket, reason="Not ours.", by=operator)
        thread = threading.Thread(target=second)
        thread.start()
        wait_until_blocked()
        assert not done.is_set()
    thread.join(timeout=10)
    assert done.is_set()
    ticket.refresh_from_db()
    assert ticket.status == "rejected"


def test_twenty_notes_get_twenty_places_in_the_history(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    def note() -> TicketEvent:
        return tickets.record(Ticket.objects.get(pk=ticket.pk), "note", by=operator, now=now)

    at_once(*[note] * 20)
    seqs = ticket.events.order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, 22))
    assert Ticket.objects.get(pk=ticket.pk).last_seq == 21


def test_two_merges_crosswise_leave_one_root(
    ticket: Ticket, lights_out: Category, operator: User
) -> None:
    other = another_ticket(lights_out)
    results = at_once(
        lambda: tickets.merge(ticket, into=other, by=operator),
        lambda: tickets.merge(other, into=ticket, by=operator),
    )
    assert sorted(type(r).__name__ for r in results) == ["MoveNotAllowed", "TicketEvent"]
    assert sorted(Ticket.objects.values_list("status", flat=True)) == ["merged", "received"]


def test_two_neighbours_who_join_at_once_follow_it_once_each(
    ticket: Ticket, lights_out: Category, now: datetime
) -> None:
    def join(phone: str) -> Report:
        return take_report(say(lights_out, phone), now=now, join=ticket)

    phones = [NEIGHBOUR, NEIGHBOUR, "+14155550103", "+14155550103"]
    results = at_once(*[partial(join, phone) for phone in phones])
    assert all(isinstance(r, Report) for r in results), results
    assert ticket.subscribers.count() == 3
    assert Message.objects.filter(kind="join").count() == 2


def insert_order(ticket: Ticket) -> WorkOrder:
    unit = ticket.unit
    assert unit
    return WorkOrder.objects.create(ticket=ticket, kind="repair", unit=unit)


@pytest.mark.parametrize("order_first", [True, False])
def test_an_order_and_the_end_of_its_ticket_never_both_commit(
    order_first: bool, ticket: Ticket, lighting: Unit, operator: User
) -> None:
    tickets.accept(ticket, by=operator)
    refused: list[Exception] = []

    def order() -> None:
        insert_order(Ticket.objects.get(pk=ticket.pk))

    def end() -> None:
        tickets.answer(Ticket.objects.get(pk=ticket.pk), how="desk", words="", by=operator)

    def second() -> None:
        try:
            (end if order_first else order)()
        except Exception as error:
            refused.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        (order if order_first else end)()
        thread = threading.Thread(target=second)
        thread.start()
        wait_until_blocked()
    thread.join(timeout=10)
    assert len(refused) == 1
    ticket.refresh_from_db()
    assert (ticket.status, WorkOrder.objects.count()) == (
        ("accepted", 1) if order_first else ("resolved", 0)
    )
