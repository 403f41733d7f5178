"""The failure matrix: the worker is killed between its claim and its record.

One kill for all of these rows, each with a person of its own.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from notifications.models import Message
from tests.matrix.conftest import prepare
from tests.matrix.database import locked
from tests.matrix.texts import queue, settled, status, tries
from tests.matrix.town import Town, until

NOT_CALLED = "+14155550150"  # claimed, and the gateway not spoken to
NOT_DELIVERED = "+14155550151"  # the gateway never saw the whole request
TOLD = "+14155550152"  # a receipt comes, the lists are blind
LISTED = "+14155550153"  # in the lists, receipts are lost
BLIND = "+14155550154"  # neither, until it is too late
LATE = 8.0  # seconds: the lease, the last look and the second try are over by then

FAULTS: list[dict[str, Any]] = [
    {"kind": "hang_before", "to": "51$", "count": 1},
    *({"kind": "hang_after", "to": f"{last}$", "count": 1} for last in (52, 53, 54)),
    *({"kind": "unlisted", "to": f"{last}$", "count": 1} for last in (52, 54)),
    {"kind": "callback_lost", "to": "53$"},
    {"kind": "callback_late", "to": "54$", "seconds": LATE, "count": 2},
]


@pytest.fixture(scope="module")
def texts(running: Town) -> Iterator[dict[str, Message]]:
    """What became of them after the kill."""
    prepare(running)
    gateway = running.gateway
    gateway.faults(*FAULTS, sent_after=0.5)
    queued = queue(NOT_DELIVERED, TOLD, LISTED, BLIND)
    until(lambda: gateway.summary()["requests"].get("create") == 4)
    until(lambda: gateway.summary()["accepted"] == 3)
    with locked("notifications_suppression") as lock:
        queued += queue(NOT_CALLED)
        until(lock.holds_somebody_up)
        running.kill_workers()
    running.start_worker()
    yield {message.recipient: message for message in settled(*queued)}
    gateway.faults()


def test_the_gateway_was_not_called(texts: dict[str, Message], running: Town) -> None:
    text = texts[NOT_CALLED]
    assert (text.resent, text.doubled, len(running.gateway.texts(NOT_CALLED))) == (True, False, 1)


def test_the_request_was_not_delivered(texts: dict[str, Message], running: Town) -> None:
    text = texts[NOT_DELIVERED]
    assert (text.resent, text.doubled, len(running.gateway.texts(NOT_DELIVERED))) == (
        True,
        False,
        1,
    )


def test_accepted_and_a_receipt_says_so(texts: dict[str, Message], running: Town) -> None:
    text = texts[TOLD]
    assert (text.status, text.resent, len(running.gateway.texts(TOLD))) == ("delivered", False, 1)


def test_accepted_and_the_list_says_so(texts: dict[str, Message], running: Town) -> None:
    text = texts[LISTED]
    assert (text.status, text.resent, len(running.gateway.texts(LISTED))) == ("delivered", False, 1)


def test_accepted_and_nobody_says_so_in_time(texts: dict[str, Message], running: Town) -> None:
    """The residual: two at most, and we say so as soon as we know."""
    text = texts[BLIND]
    assert (text.resent, len(running.gateway.texts(BLIND))) == (True, 2)
    until(lambda: status(text) and text.doubled)
    assert [attempt.sid for attempt in tries(text)] == [
        accepted["sid"] for accepted in running.gateway.texts(BLIND)
    ]
