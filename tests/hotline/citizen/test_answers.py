"""Fixed or not, how satisfied, messages or none: on the citizen's own page, without a text."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from common.models import User
from hotline.models import Feedback
from hotline.services import take_report
from notifications import consent
from tests.hotline.citizen.test_track import own, page
from tests.hotline.texts.conftest import Phone, join, solve
from tests.people import CALLER, NEIGHBOUR, say
from tickets import services as tickets
from tickets.models import Subscriber, Ticket


@pytest.fixture
def solved(ticket: Ticket, operator: User, now: datetime) -> Ticket:
    tickets.answer(ticket, how="desk", words="The lamp was changed.", by=operator, now=now)
    return ticket


def status(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).status


def test_yes_closes_it(client: Client, solved: Ticket) -> None:
    token = own(solved)
    assert "Is it fixed?" in page(client, token)
    answer = client.post(f"/t/{token}/answer/", {"fixed": "yes"}, follow=True)
    assert "Thank you. The report is closed." in answer.content.decode()
    assert status(solved) == "closed"


def test_no_opens_it_again_with_what_is_still_wrong(client: Client, solved: Ticket) -> None:
    said = {"fixed": "no", "words": "The second lamp is still dark.\0"}
    answer = client.post(f"/t/{own(solved)}/answer/", said, follow=True)
    assert "We look at it again." in answer.content.decode()
    assert status(solved) == "accepted"


def test_said_twice_is_said_once(client: Client, solved: Ticket) -> None:
    token = own(solved)
    for _ in range(3):
        assert client.post(f"/t/{token}/answer/", {"fixed": "no"}).status_code == 302
    assert status(solved) == "accepted"
    assert Ticket.objects.get().events.filter(kind="reopen").count() == 1


def test_whoever_only_looks_on_is_not_asked(client: Client, solved: Ticket) -> None:
    assert "Is it fixed?" not in page(client, solved.token)
    assert client.post(f"/t/{solved.token}/answer/", {"fixed": "yes"}).status_code == 404
    assert status(solved) == "resolved"


def test_a_figure_from_one_to_five(client: Client, solved: Ticket) -> None:
    token = own(solved)
    client.post(f"/t/{token}/answer/", {"fixed": "yes"})
    assert "How satisfied are you?" in page(client, token)
    client.post(f"/t/{token}/rating/", {"satisfied": "4"})
    assert Feedback.objects.get().satisfied == 4


@pytest.mark.django_db(transaction=True)
def test_what_is_not_over_is_not_rated(client: Client, solved: Ticket) -> None:
    token = own(solved)
    assert "How satisfied are you?" not in page(client, token)
    answer = client.post(f"/t/{token}/rating/", {"satisfied": "1"}, follow=True)
    assert "It cannot be rated now." in answer.content.decode()
    assert not Feedback.objects.exists()


def test_whoever_agreed_need_not_wait_for_the_others(
    client: Client, ticket: Ticket, operator: User, now: datetime
) -> None:
    join(ticket, NEIGHBOUR, now=now)
    solve(ticket, by=operator, now=now)
    token = own(ticket)
    client.post(f"/t/{token}/answer/", {"fixed": "yes"})
    assert status(ticket) == "resolved" and "How satisfied are you?" in page(client, token)
    client.post(f"/t/{token}/rating/", {"satisfied": "5"})
    assert Feedback.objects.get().satisfied == 5


@pytest.mark.django_db(transaction=True)
def test_what_was_over_long_ago_is_not_rated(
    client: Client, ticket: Ticket, operator: User, now: datetime
) -> None:
    before = now - timedelta(days=31)
    solve(ticket, by=operator, now=before)
    tickets.close(ticket, by=None, now=before)
    token = own(ticket)
    assert "How satisfied are you?" not in page(client, token)
    client.post(f"/t/{token}/rating/", {"satisfied": "1"})
    assert not Feedback.objects.exists()


def test_page_and_texts_write_one_row_of_a_merged_report(
    client: Client, ticket: Ticket, operator: User, now: datetime
) -> None:
    other = take_report(say(ticket.category, NEIGHBOUR), now=now).ticket
    tickets.merge(other, into=ticket, by=operator, now=now)
    solve(ticket, by=operator, now=now)
    token = own(other, NEIGHBOUR)
    client.post(f"/t/{token}/answer/", {"fixed": "yes"})
    Phone(NEIGHBOUR, timezone.now()).writes("yes")
    client.post(f"/t/{token}/rating/", {"satisfied": "4"})
    kept = Feedback.objects.get()
    assert (kept.ticket, kept.resolved, kept.satisfied) == (ticket, True, 4)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("answer", {"fixed": "perhaps"}),
        ("answer", {}),
        ("rating", {"satisfied": "6"}),
        ("rating", {"satisfied": "½"}),
    ],
)
def test_nonsense_changes_nothing(
    where: str, said: dict[str, str], client: Client, solved: Ticket
) -> None:
    assert client.post(f"/t/{own(solved)}/{where}/", said).status_code == 404
    assert (status(solved), Feedback.objects.count()) == ("resolved", 0)


def test_no_more_messages_and_messages_again(client: Client, ticket: Ticket) -> None:
    token = own(ticket)
    client.post(f"/t/{token}/news/", {"wanted": "no"})
    assert consent.opted_out([CALLER]) == {CALLER}
    assert "Send me messages again" in page(client, token)
    client.post(f"/t/{token}/news/", {"wanted": "yes"})
    assert consent.opted_out([CALLER]) == set()
    assert Subscriber.objects.get().ticket == ticket
