"""Receipts are evidence: doubled, early, late and reordered ones move a text forward or nowhere."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from notifications import delivery
from notifications.claim import claim
from notifications.gateways import Refusal, Verdict
from notifications.models import Attempt, GatewayHealth, Importance, Message, Receipt
from notifications.receipts import take_receipt
from tests.notifications.conftest import Gateway

SID = "SM" + "1".zfill(32)


def told(message: Message, status: str, *, code: str = "", sid: str = SID, nth: int = 0) -> str:
    """The gateway tells us how far the text got; its status afterwards."""
    attempt = Attempt.objects.filter(message=message).order_by("pk")[nth]
    take_receipt(
        "printing",
        token=attempt.token.hex,
        sid=sid,
        status=status,
        code=code,
        now=timezone.now(),
    )
    message.refresh_from_db()
    return message.status


@pytest.fixture
def sent(queued: Message, gateway: Gateway) -> Message:
    delivery.drain()
    return queued


def test_a_text_arrives(sent: Message) -> None:
    assert told(sent, "sent") == "sent"
    assert told(sent, "delivered") == "delivered"
    assert sent.delivered_at


def test_a_receipt_costs_five_statements(
    sent: Message, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    token = tokens()[0]
    with django_assert_max_num_queries(5):
        take_receipt(
            "printing", token=token, sid=SID, status="delivered", code="", now=timezone.now()
        )


@pytest.mark.parametrize("late", ["queued", "sending", "sent", "undelivered", "failed", "nonsense"])
def test_receipts_only_move_forward(late: str, sent: Message) -> None:
    told(sent, "delivered")
    assert told(sent, late) == "delivered"
    assert told(sent, "delivered") == "delivered"
    assert Receipt.objects.filter(status="delivered").count() == 1


def test_a_receipt_that_overtakes_the_answer_is_not_undone(
    queued: Message, gateway: Gateway
) -> None:
    gateway.meanwhile = lambda: told(queued, "delivered")
    # The call runs in a thread: here it would see nothing of the test's transaction.
    claimed = claim("printing", most=1, night=False)
    gateway.meanwhile()
    delivery._write_down("printing", [delivery._call(claimed[0], delivery._clock() + 60, False)])
    queued.refresh_from_db()
    assert (queued.status, queued.doubled) == ("delivered", False)


def test_a_receipt_settles_what_nobody_could_tell(queued: Message, gateway: Gateway) -> None:
    gateway.error = Refusal("read timeout", Verdict.AMBIGUOUS)
    delivery.drain()
    assert told(queued, "delivered") == "delivered"
    assert Attempt.objects.get().sid == SID


def test_a_lost_delivery_is_tried_once_more_while_it_is_still_news(sent: Message) -> None:
    assert told(sent, "undelivered", code="30003") == "queued"
    assert sent.resent and sent.run_at > timezone.now()
    Message.objects.update(run_at=timezone.now())
    delivery.drain()
    second = "SM" + "2".zfill(32)
    assert told(sent, "undelivered", code="30003", sid=second, nth=1) == "undelivered"


@pytest.mark.parametrize("late", ["undelivered", "sent", "sending"])
def test_what_is_repeated_or_late_does_not_cost_the_second_try(late: str, sent: Message) -> None:
    told(sent, "undelivered", code="30003")
    assert told(sent, late, code="30003") == "queued"
    Message.objects.update(run_at=timezone.now())
    delivery.drain()
    assert told(sent, "undelivered", code="30003") == "sent"
    assert told(sent, "delivered", sid="SM" + "2".zfill(32), nth=1) == "delivered"


def test_what_arrived_after_all_is_not_tried_again(sent: Message, gateway: Gateway) -> None:
    told(sent, "undelivered", code="30003")
    assert told(sent, "delivered") == "delivered"
    delivery.drain()
    assert len(gateway.taken) == 1


def test_what_was_only_for_information_is_not_tried_again(sent: Message) -> None:
    Message.objects.update(importance=Importance.INFO)
    assert told(sent, "undelivered", code="30003") == "undelivered"


def test_a_landline_is_remembered(sent: Message) -> None:
    assert told(sent, "undelivered", code="30006") == "undelivered"
    assert sent.contact
    sent.contact.refresh_from_db()
    assert sent.contact.untextable == "landline"


def test_two_attempts_that_both_arrived_are_said_to_be_two(
    queued: Message, gateway: Gateway, now: datetime
) -> None:
    gateway.error = Refusal("read timeout", Verdict.AMBIGUOUS)
    delivery.drain()
    Message.objects.update(status="queued", run_at=now - timedelta(hours=1), look_at=None)
    gateway.error = None
    delivery.drain()
    told(queued, "delivered", sid="SM" + "9".zfill(32), nth=0)
    assert queued.doubled


def test_two_ids_for_one_attempt_are_two_texts(sent: Message) -> None:
    """Somebody on the way may have repeated the request."""
    told(sent, "delivered", sid="SM" + "9".zfill(32))
    assert sent.doubled


def test_what_never_arrived_and_was_sent_again_was_not_said_twice(sent: Message) -> None:
    told(sent, "undelivered", code="30003")
    Message.objects.update(run_at=timezone.now())
    delivery.drain()
    assert told(sent, "delivered", sid="SM" + "2".zfill(32), nth=1) == "delivered"
    assert not sent.doubled


def test_a_receipt_of_a_text_that_waits_for_its_second_try_stops_it(
    queued: Message, gateway: Gateway, now: datetime
) -> None:
    gateway.error = Refusal("read timeout", Verdict.AMBIGUOUS)
    delivery.drain()
    Message.objects.update(status="queued", run_at=timezone.now())
    assert told(queued, "sent") == "sent"
    gateway.error = None
    delivery.drain()
    assert len(gateway.taken) == 1


def test_a_receipt_for_no_text_of_ours_is_dropped(sent: Message) -> None:
    take_receipt("printing", token="0" * 32, sid="x", status="sent", code="", now=timezone.now())
    take_receipt("twilio", token=tokens()[0], sid="x", status="sent", code="", now=timezone.now())
    assert not Receipt.objects.exists()


def tokens() -> list[str]:
    return [attempt.token.hex for attempt in Attempt.objects.all()]


def test_an_account_that_was_suspended_holds_everything(sent: Message) -> None:
    assert told(sent, "failed", code="30002") == "failed"
    assert GatewayHealth.objects.get().reason == "30002 our account is suspended"
