"""docs/follow-a-ticket.md, executable: the newspaper case, from the call to the last text."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from common.models import User
from dispatch import operations
from dispatch import services as dispatch
from dispatch.models import Crew, Equipment, Item, StockLevel, WorkOrder
from dispatch.operations import Op
from hotline.services import take_emergency
from notifications import delivery
from notifications.models import Message
from tests.people import CALLER, bodies, say
from tickets import services as tickets
from tickets.models import Category, TicketEvent


def test_the_newspaper_case(
    lights_out: Category,
    operator: User,
    dispatcher: User,
    fitter: User,
    crew: Crew,
    lift: Equipment,
    materials: dict[str, Item],
    now: datetime,
) -> None:
    evening, next_day = now - timedelta(hours=23), now - timedelta(minutes=210)

    def does(order: WorkOrder, kind: str, at: datetime, **payload: Any) -> None:
        op = Op(uuid4(), kind, order.pk, at, payload)
        assert operations.apply(op, by=fitter, now=at)["status"] == "applied"
        assert operations.apply(op, by=fitter, now=at)["status"] == "applied"  # sent twice
        worker_sends(at)

    def worker_sends(at: datetime) -> None:
        delivery.drain()
        Message.objects.filter(sent_at__gt=at).update(sent_at=at)  # the clock of the story

    # A caller reports dark street lights; staff go at once.
    report = take_emergency(say(lights_out, dangerous=True), crew=crew, by=operator, now=evening)
    ticket = report.ticket
    worker_sends(evening)
    first = WorkOrder.objects.get(ticket=ticket)
    does(first, "accept", evening + timedelta(minutes=5))
    does(first, "on_scene", evening + timedelta(minutes=30))
    does(first, "finding", evening + timedelta(minutes=40), words="Transformer burnt out.")
    does(first, "made_safe", evening + timedelta(minutes=60))
    does(first, "done", evening + timedelta(minutes=70), outcome="safe_only")
    ticket.refresh_from_db()
    assert ticket.status == "accepted"

    # The next day a crew goes out with one lift truck: three lamp heads, 70 m of cable.
    repair = dispatch.assign(ticket, crew=crew, by=dispatcher, now=next_day, equipment=[lift])
    worker_sends(next_day)
    does(repair, "en_route", next_day + timedelta(minutes=10))
    does(repair, "on_scene", next_day + timedelta(minutes=30))
    lifted = {"start": next_day.isoformat(), "end": (next_day + timedelta(hours=3)).isoformat()}
    does(repair, "equipment", next_day + timedelta(hours=3), code="LIFT-01", **lifted)
    does(repair, "material", next_day + timedelta(hours=3), code="lamp-head", quantity="3")
    does(repair, "material", next_day + timedelta(hours=3), code="cable", quantity="70")
    does(repair, "done", next_day + timedelta(hours=3, minutes=15), outcome="restored")

    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    levels = StockLevel.objects.filter(place=crew.truck)
    assert {x.item.code: x.quantity for x in levels} == {"lamp-head": 7, "cable": 130}
    tickets.close(ticket, by=None, now=now)
    worker_sends(now)

    # The caller heard of every step, once.
    said = bodies(to=CALLER)
    steps = ("assigned", "is safe", "assigned", "on its way", "solved", "closed")
    assert [step in text for step, text in zip(steps, said, strict=True)] == [True] * 6
    assert all(ticket.number in text for text in said)
    assert "Reply 1" in said[4]
    assert set(Message.objects.values_list("status", flat=True)) == {"sent"}
    on_scene = TicketEvent.objects.filter(ticket=ticket, kind="order_on_scene")
    assert min(e.occurred_at for e in on_scene) == evening + timedelta(minutes=30)
