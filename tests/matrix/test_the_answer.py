"""The failure matrix: whatever the gateway answers, or does not, it is said once."""

from collections.abc import Iterator

import pytest

from notifications.models import Message
from tests.matrix.conftest import prepare
from tests.matrix.texts import queue, settled
from tests.matrix.town import Town

REFUSED = ["error_before", "hang_before", "close_before"]
ACCEPTED = ["error_after", "hang_after", "close_after", "reset_after", "truncated", "late"]
NUMBERS = {kind: f"+14155550{140 + place}" for place, kind in enumerate(REFUSED + ACCEPTED)}


@pytest.fixture(scope="module")
def texts(running: Town) -> Iterator[dict[str, Message]]:
    """One person meets each fault, once; what became of their texts, by the fault."""
    prepare(running)
    running.gateway.faults(
        *({"kind": kind, "to": f"{to[1:]}$", "count": 1} for kind, to in NUMBERS.items()),
        {"kind": "callback_lost"},
    )
    queued = queue(*NUMBERS.values())
    yield dict(zip(NUMBERS, settled(*queued), strict=True))


@pytest.mark.parametrize("fault", REFUSED)
def test_in_doubt_and_not_accepted(fault: str, texts: dict[str, Message], running: Town) -> None:
    said = running.gateway.texts(NUMBERS[fault])
    assert (texts[fault].resent, texts[fault].doubled, len(said)) == (True, False, 1)


@pytest.mark.parametrize("fault", ACCEPTED)
def test_in_doubt_and_accepted(fault: str, texts: dict[str, Message], running: Town) -> None:
    said = running.gateway.texts(NUMBERS[fault])
    assert (texts[fault].resent, texts[fault].doubled, len(said)) == (False, False, 1)
