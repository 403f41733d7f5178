"""What the log of texts can be narrowed to, and what is said of a search that cannot be."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from common.models import Role, User
from tests.console.texts.conftest import Text
from tests.console.texts.test_log import kinds
from tests.people import make_user
from tickets.models import Ticket


@pytest.fixture
def two(text: Text, now: datetime) -> None:
    """A solved one through Twilio, three weeks old, and a reply of today in Chinese."""
    old = now - timedelta(days=21)
    text("delivered", gateway="twilio", at=old, sent_at=old, segments=2, created_at=old)
    text("sent", kind="reply_status", language="zh-hans", sent_at=now)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["open", "reply_status", "resolve"]),
        ("?kind=reply", ["reply_status"]),
        ("?kind=resolve&since=2020-01-01", ["resolve"]),
        ("?kind=resolve", []),  # only the last days, as the page says
        ("?language=zh-hans", ["reply_status"]),
        ("?gateway=printing", ["open", "reply_status"]),
        ("?q={number}", ["open", "reply_status", "resolve"]),
        ("?q=%2B1+415-555-0101&status=delivered", ["resolve"]),
    ],
)
def test_it_is_narrowed_down(
    client: Client, operator: User, ticket: Ticket, two: None, query: str, found: list[str]
) -> None:
    client.force_login(operator)
    assert sorted(kinds(client, query.format(number=ticket.number))) == found


def test_a_search_without_a_first_day_looks_at_the_last_days_and_says_so(
    client: Client, operator: User, two: None
) -> None:
    client.force_login(operator)
    assert "Only the last 7 days" in client.get("/console/texts/?kind=resolve").content.decode()
    assert "Only the last 7 days" not in client.get("/console/texts/").content.decode()


def test_between_two_days(client: Client, operator: User, two: None, now: datetime) -> None:
    client.force_login(operator)
    day = timezone.localdate(now - timedelta(days=21))
    assert kinds(client, f"?since={day}&until={day}") == ["resolve"]
    assert kinds(client, f"?until={day}&status=delivered") == ["resolve"]
    assert kinds(client, f"?until={day - timedelta(days=1)}&status=delivered") == []


def test_what_was_sent_is_added_up(
    client: Client, operator: User, two: None, now: datetime
) -> None:
    client.force_login(operator)
    day = timezone.localdate(now - timedelta(days=21))
    page = client.get(f"/console/texts/?since={day}&until={day}")
    assert page.context["segments"] == 2 and page.context["day"] == {"texts": 1, "segments": 2}
    assert "1 texts, 2 segments" in page.content.decode()
    assert client.get("/console/texts/").context["segments"] == 3


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-02-31",
        "since=9999-12-31",
        "until=0001-01-01",
        "since=x&until=%00",
        "since=2026-07-31&until=2026-07-30",
        "kind=nonsense",
        "gateway=%00",
        "language=tlh",
        "q=%00",
        "q=" + "9" * 300,
    ],
)
def test_nonsense_is_answered_with_a_sentence(
    client: Client, operator: User, ticket: Ticket, query: str
) -> None:
    client.force_login(operator)
    page = client.get(f"/console/texts/?{query}")
    assert page.status_code == 200 and page.context["form"].errors and not page.context["lines"]
    assert 'class="errorlist' in page.content.decode()


@pytest.mark.parametrize("cursor", ["after=x", "before=2026-01-01T00:00:00Z~9~9", "after=Z~1"])
def test_a_place_in_the_list_that_nobody_gave(
    client: Client, operator: User, ticket: Ticket, cursor: str
) -> None:
    client.force_login(operator)
    assert client.get(f"/console/texts/?{cursor}").status_code == 200


def test_an_auditor_looks_for_tickets_not_for_people(client: Client, ticket: Ticket) -> None:
    client.force_login(make_user("auditor", Role.AUDITOR))
    assert kinds(client, f"?q={ticket.number}") == ["open"]
    page = client.get("/console/texts/?q=%2B1+415-555-0101")
    assert not page.context["lines"] and "are hidden here" in page.content.decode()


def test_every_search_costs_few_queries(
    client: Client, operator: User, two: None, django_assert_max_num_queries: Any
) -> None:
    client.force_login(operator)
    today = timezone.localdate()
    with django_assert_max_num_queries(8):
        client.get(
            f"/console/texts/?q=%2B1+415-555-0101&since={today}&until={today}"
            "&status=sent&kind=reply&gateway=printing&language=zh-hans"
        )
