"""Every button of the phone: it counts once, whatever the net does to it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from common.models import User
from crew import forms
from dispatch import services as dispatch
from dispatch.models import Crew, Equipment, EquipmentUse, Item, MaterialUse, Operation, WorkOrder
from tests.crew.conftest import Send, picture, text
from tickets.models import Photo, Ticket, TicketEvent


def status(order: WorkOrder) -> str:
    order.refresh_from_db()
    return order.status


def test_it_works(send: Send, job: WorkOrder, phone: Client) -> None:
    answer = send("accept")

    assert answer["Location"] == f"/crew/jobs/{job.pk}/"
    assert "The desk sees that it is yours." in text(phone.get(answer["Location"]))
    assert status(job) == "accepted"


def test_the_newspaper_case(
    send: Send,
    job: WorkOrder,
    on_scene: WorkOrder,
    lift: Equipment,
    materials: dict[str, Item],
) -> None:
    send("equipment", code="LIFT-01", start="2026-07-31T15:00", end="2026-07-31T18:00")
    send("material", code="lamp-head", quantity="3")
    send("material", code="cable", quantity="70,5")
    send("photo", moment="after", photo=picture())
    answer = send("done", outcome="restored", reason="waiting_parts")

    assert answer["Location"] == "/crew/"
    assert (status(job), job.outcome, job.reason) == ("done", "restored", "")
    assert job.verified_at
    assert Ticket.objects.get().status == "resolved"
    assert [str(m.quantity) for m in MaterialUse.objects.order_by("pk")] == ["3.000", "70.500"]
    assert EquipmentUse.objects.get().period.lower == datetime(2026, 7, 31, 7, tzinfo=UTC)


def test_a_double_tap_counts_once(send: Send, on_scene: WorkOrder, materials: object) -> None:
    op = str(uuid4())
    for _ in range(3):
        answer = send("material", op=op, code="cable", quantity="70")
        assert answer.status_code == 302

    assert MaterialUse.objects.count() == 1


def test_two_taps_at_one_instant_count_once(
    send: Send, on_scene: WorkOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second looked for the first one's time before that was written."""
    op, known = str(uuid4()), forms._known_time
    assert send("finding", op=op, words="A branch.").status_code == 302
    looks = iter([lambda _op: None, known])
    monkeypatch.setattr(forms, "_known_time", lambda op: next(looks)(op))
    assert send("finding", op=op, words="A branch.").status_code == 302
    assert on_scene.ticket.events.filter(kind="order_finding").count() == 1


def test_the_same_photo_sent_twice_counts_once(send: Send, on_scene: WorkOrder) -> None:
    op = str(uuid4())
    for _ in range(2):
        assert send("photo", op=op, moment="after", photo=picture()).status_code == 302

    assert Photo.objects.count() == 1


def test_the_same_id_with_other_words_is_refused_in_words(
    send: Send, on_scene: WorkOrder, materials: object
) -> None:
    op = str(uuid4())
    send("material", op=op, code="cable", quantity="70")
    answer = send("material", op=op, code="cable", quantity="7")

    assert answer.status_code == 409
    assert "What was sent first is kept" in text(answer)
    assert MaterialUse.objects.get().quantity == 70


def test_it_happened_when_the_button_was_pressed(send: Send, job: WorkOrder, now: datetime) -> None:
    pressed = now - timedelta(minutes=40)
    send("accept", occurred_at=pressed.isoformat())

    assert TicketEvent.objects.get(kind="order_accepted").occurred_at == pressed


@pytest.mark.parametrize(
    "nonsense", ["", "yesterday", "0001-01-01T00:00+14:00", "2026-13-01T00:00Z"]
)
def test_without_a_sensible_time_it_happened_now(
    send: Send, job: WorkOrder, now: datetime, nonsense: str
) -> None:
    assert send("accept", occurred_at=nonsense).status_code == 302

    assert TicketEvent.objects.get(kind="order_accepted").occurred_at >= now


def test_a_late_fact_is_recorded_and_flagged(
    send: Send, on_scene: WorkOrder, dispatcher: User, phone: Client
) -> None:
    dispatch.recall(on_scene, reason="Somebody else is nearer.", by=dispatcher)
    send("done", outcome="restored")

    assert status(on_scene) == "recalled"
    assert not TicketEvent.objects.get(kind="order_done").applied
    assert "Recorded. The dispatcher will look at it." in text(phone.get("/crew/"))


def test_a_command_that_comes_too_late_is_refused(
    send: Send, job: WorkOrder, dispatcher: User, phone: Client
) -> None:
    dispatch.recall(job, reason="Somebody else is nearer.", by=dispatcher)
    answer = send("accept")

    assert "The order is now “Recalled”." in text(phone.get(answer["Location"]))
    assert status(job) == "recalled"


def test_declining_asks_why(send: Send, job: WorkOrder) -> None:
    assert send("decline", words=" ").status_code == 422
    assert status(job) == "dispatched"

    send("decline", words="No ladder.")
    assert status(job) == "declined"
    assert Ticket.objects.get().status == "accepted"
    assert TicketEvent.objects.get(kind="order_declined").words.internal == "No ladder."


def test_it_cannot_be_completed_for_a_reason(send: Send, on_scene: WorkOrder) -> None:
    assert send("cannot_complete", reason="too_tired").status_code == 422
    send("cannot_complete", reason="other_vehicle", words="A bigger lift.")

    assert (status(on_scene), on_scene.reason) == ("cannot_complete", "other_vehicle")
    assert WorkOrder.objects.without_crew().count() == 1


def test_waiting_needs_its_reason(send: Send, on_scene: WorkOrder) -> None:
    answer = send("done", outcome="waiting")
    assert answer.status_code == 422
    assert "Please say what the job waits for." in text(answer)

    send("done", outcome="waiting", reason="waiting_utility")
    assert Ticket.objects.get().status == "waiting"


def test_made_safe_is_one_press(send: Send, on_scene: WorkOrder, phone: Client) -> None:
    send("made_safe")

    assert TicketEvent.objects.filter(kind="order_made_safe").count() == 1
    page = phone.get(f"/crew/jobs/{on_scene.pk}/").content.decode()
    assert 'value="made_safe"' not in page


def test_a_foreign_crew_finds_nothing(
    send: Send, job: WorkOrder, phone: Client, other_crew: Crew
) -> None:
    phone.force_login(User.objects.get(username="second"))

    assert send("accept").status_code == 404
    assert not Operation.objects.exists()


def test_an_unknown_operation_is_no_operation(send: Send, job: WorkOrder) -> None:
    assert send("repaint").status_code == 400


@pytest.mark.parametrize("op", ["", "not-a-uuid"])
def test_without_an_id_nothing_is_recorded(send: Send, job: WorkOrder, op: str) -> None:
    answer = send("accept", op=op)

    assert answer.status_code == 422
    assert "Open the job again" in text(answer)
    assert not Operation.objects.exists()
