"""Every row is visited once, whatever the times are, in both directions."""

from datetime import datetime, timedelta

import pytest
from django.db.models import F
from django.http import QueryDict
from django.test import Client

from common.models import User
from console.queue.filters import MOST_URGENT, NEWEST
from console.queue.paging import Keyset, Page
from hotline.services import take_report
from tests.people import say
from tickets.models import Category, Ticket


@pytest.fixture
def crowd(lights_out: Category, now: datetime) -> list[int]:
    """Twenty-three tickets: many of the same second, some without a promise."""
    for i in range(23):
        moment = now - timedelta(hours=i // 5)
        take_report(say(lights_out, phone=""), now=now, occurred_at=moment)
    without = Ticket.objects.order_by("pk").values_list("pk", flat=True)[::3]
    Ticket.objects.filter(pk__in=list(without)).update(due_at=None)
    return list(Ticket.objects.values_list("pk", flat=True))


def turn(keyset: Keyset, size: int, address: str = "") -> Page[Ticket]:
    return keyset.page(Ticket.objects.all(), QueryDict(address.lstrip("?")), size)


@pytest.mark.parametrize("keyset", [NEWEST, MOST_URGENT])
@pytest.mark.parametrize("size", [1, 4, 7, 23, 50])
def test_there_and_back(keyset: Keyset, size: int, crowd: list[int]) -> None:
    pages = [turn(keyset, size)]
    while pages[-1].older:
        pages.append(turn(keyset, size, pages[-1].older))
    there = [row.pk for page in pages for row in page.rows]
    assert sorted(there) == sorted(crowd) and not pages[0].newer

    back = [pages[-1]]
    while back[-1].newer:
        back.append(turn(keyset, size, back[-1].newer))
    assert [row.pk for page in reversed(back) for row in page.rows] == there
    assert back[-1].older == pages[0].older


def test_the_newest_leads_or_the_most_urgent_and_no_promise_comes_last(crowd: list[int]) -> None:
    everything = Ticket.objects.all()
    assert turn(NEWEST, 50).rows == list(everything.newest_first())
    urgent = everything.order_by(F("due_at").asc(nulls_last=True), "pk")
    assert turn(MOST_URGENT, 50).rows == list(urgent)


def test_nothing_in_front_of_the_cursor_is_the_first_page(crowd: list[int]) -> None:
    first = turn(NEWEST, 4)
    again = turn(NEWEST, 4, f"before=9999-01-01T00:00:00Z~{max(crowd)}")
    assert again.rows == first.rows


@pytest.mark.parametrize(
    "cursor",
    ["after=x", "after=2026-99-99T00:00:00Z~1", "after=~", "before=Z~99999999999999999999"],
)
def test_a_cursor_nobody_gave_out_is_the_beginning(crowd: list[int], cursor: str) -> None:
    assert turn(NEWEST, 4, cursor).rows == turn(NEWEST, 4).rows


def test_the_filter_stays_in_the_address(
    client: Client, operator: User, lights_out: Category, now: datetime
) -> None:
    for _ in range(101):
        take_report(say(lights_out, phone=""), now=now)
    client.force_login(operator)
    page = client.get(f"/console/?tab=triage&category={lights_out.pk}").context["page"]
    assert f"category={lights_out.pk}" in page.older and "tab=triage" in page.older
    second = client.get(f"/console/{page.older}").context["page"]
    assert len(second.rows) == 1 and not second.older and second.newer
