"""What Twilio is asked about texts it may have taken, and what its answers prove."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.gateways import Found, Refusal, Verdict
from notifications.gateways import twilio as module
from notifications.gateways.twilio import Twilio
from tests.notifications.gateways.conftest import ACCOUNT, SID, text_of
from tests.notifications.gateways.server import Asked, Behaviour, Server, says

STARTED = datetime(2026, 7, 31, 11, 10, tzinfo=UTC)


def known(number: int, after: float = 1, **more: Any) -> dict[str, Any]:
    """A text as Twilio lists it, so many seconds after we started."""
    created = STARTED + timedelta(seconds=after)
    return {
        "sid": f"SM{number:032}",
        "body": text_of().body,
        "direction": "outbound-api",
        "status": "sent",
        "num_segments": "1",
        "error_code": None,
        "date_created": created.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        **more,
    }


def pages(*lists: list[dict[str, Any]]) -> Any:
    """A list over several pages, each naming the next one, as Twilio does."""

    def behave(asked: Asked) -> Behaviour:
        number = int(asked.query.get("Page", 0))
        path = asked.target.partition("?")[0]
        more = f"{path}?PageSize=100&Page={number + 1}" if number + 1 < len(lists) else None
        return says(200, {"messages": lists[number], "next_page_uri": more, "page": number})

    return behave


def test_it_finds_a_text_whose_answer_was_lost(server: Server, twilio: Twilio) -> None:
    server.behave = pages(
        [
            known(9, 5, status="delivered"),
            known(8, 4, body="Ticket 26-0004218-1: we have your report."),
            known(7, 3, direction="inbound"),
            known(6, 3, direction="outbound-reply"),
            known(5, -59, status="failed", error_code=30006),
            known(4, -61),
        ]
    )
    assert twilio.look_up(text_of(), since=STARTED) == [
        Found(f"SM{5:032}", "failed", "30006"),
        Found(f"SM{9:032}", "delivered"),
    ]
    (asked,) = server.asked
    assert asked.query == {"To": "+14155550123", "PageSize": "100"}


def test_it_reads_on_until_everything_is_too_old(server: Server, twilio: Twilio) -> None:
    newer = [known(n, 60, body="Something else.") for n in range(30, 40)]
    server.behave = pages(newer, [known(3), known(2, -900)], [known(1, -1000)], [known(0, -2000)])
    assert [one.sid for one in twilio.look_up(text_of(), since=STARTED)] == [f"SM{3:032}"]
    assert len(server.asked) == 3


def test_a_list_without_end_proves_nothing(server: Server, twilio: Twilio) -> None:
    server.behave = pages(*([known(n, 60, body="Something else.")] for n in range(20)))
    with pytest.raises(Refusal) as refusal:
        twilio.look_up(text_of(), since=STARTED)
    assert refusal.value.verdict is Verdict.AMBIGUOUS
    assert len(server.asked) <= module.MOST_PAGES + 1


@pytest.mark.parametrize(
    "told",
    [
        {"messages": [7]},
        {"messages": None},
        {"texts": [], "letters": []},
    ],
)
def test_a_list_that_makes_no_sense_is_no_empty_list(
    server: Server, twilio: Twilio, told: object
) -> None:
    server.always(says(200, told))
    with pytest.raises(Refusal) as refusal:
        twilio.look_up(text_of(), since=STARTED)
    assert refusal.value.verdict is Verdict.AMBIGUOUS


@pytest.mark.parametrize("status", [401, 429, 500])
def test_a_list_that_is_refused_is_no_empty_list(
    server: Server, twilio: Twilio, status: int
) -> None:
    server.always(says(status, {"code": 1, "message": "no"}))
    with pytest.raises(Refusal) as refusal:
        twilio.look_up(text_of(), since=STARTED)
    assert refusal.value.http_status == status


@pytest.mark.parametrize(
    ("theirs", "ours", "same"),
    [
        ("Sent from your Twilio trial account - The light is on.", "The light is on.", True),
        ("The light is on. ", "The light is on.", True),
        ("The light\nis  on.", "The light is on.", True),
        ("The light is off.", "The light is on.", False),
        ("", "The light is on.", False),
    ],
)
def test_the_same_words_are_known_again(theirs: str, ours: str, same: bool) -> None:
    assert module.same_words(theirs, ours) is same


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("queued", "sent"),
        ("accepted", "sent"),
        ("sent", "sent"),
        ("partially_delivered", "sent"),
        ("a word of next year", "sent"),
        ("delivered", "delivered"),
        ("read", "delivered"),
        ("undelivered", "undelivered"),
        ("failed", "failed"),
        ("canceled", "failed"),
    ],
)
def test_it_tells_where_a_text_is(server: Server, twilio: Twilio, theirs: str, ours: str) -> None:
    server.always(says(200, known(1, status=theirs, error_code=30003)))
    assert twilio.fetch(SID) == Found(f"SM{1:032}", ours, "30003")
    assert server.asked[0].target == f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{SID}.json"


def test_a_text_that_it_does_not_know_is_no_fault_of_the_account(
    server: Server, twilio: Twilio
) -> None:
    server.always(says(404, {"code": 20404, "message": "not found"}))
    with pytest.raises(Refusal) as refusal:
        twilio.fetch(SID)
    assert refusal.value.verdict is Verdict.PERMANENT


def test_its_password_goes_nowhere_else(server: Server, twilio: Twilio) -> None:
    """A list may name any address as its next page; only the path of it is followed."""
    elsewhere: dict[str, Any] = {"messages": [known(1)], "next_page_uri": None}
    elsewhere["meta"] = {"key": "messages", "next_page_url": "https://evil.example.org/next?Page=1"}
    server.behave = lambda asked: says(
        200, elsewhere if "Page" not in asked.query else {"messages": []}
    )
    twilio.look_up(text_of(), since=STARTED)
    assert server.asked[1].target == "/next?Page=1"
