"""Receipts come at the very moment in which the answers are written down."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime

import pytest
from django.db import connections, transaction
from django.utils import timezone

from notifications import outbox
from notifications.claim import Claimed, Result, claim, record
from notifications.models import Attempt, Message
from notifications.receipts import take_receipt
from tests.notifications.conftest import text
from tests.races import wait_until_blocked


def accept(*texts: Claimed) -> None:
    record(Result(one.lease, "accepted", "sent", sid=f"SM{one.id}") for one in texts)
    connections.close_all()


def tell(one: Claimed) -> None:
    told = {"sid": f"SM{one.id}", "status": "delivered", "code": ""}
    take_receipt("printing", token=one.lease.hex, now=timezone.now(), **told)
    connections.close_all()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("held", [0, 1])
def test_a_receipt_and_the_answer_never_wait_for_each_other(now: datetime, held: int) -> None:
    for phone in ("+14155550101", "+14155550102"):
        contact = outbox.find_or_add_contact(phone, name="", language="en", now=now)
        outbox.enqueue([text(contact, phone)], now=now)
    texts = claim("printing", most=2, night=False)
    with ThreadPoolExecutor() as threads:
        with transaction.atomic():
            Message.objects.select_for_update().get(pk=texts[held].id)
            answers = threads.submit(accept, *texts)
            wait_until_blocked()
            receipt = threads.submit(tell, texts[1 - held])
            wait([receipt], timeout=1.5)  # longer than the database lets a deadlock be
        answers.result()
        receipt.result()
    assert Attempt.objects.filter(outcome="accepted").count() == 2
    assert Message.objects.get(pk=texts[1 - held].id).status == "delivered"
