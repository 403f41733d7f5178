"""Calls that we owe to people."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from common.models import Role, User
from hotline import call_backs
from hotline.models import Call, CallBack, Recording
from notifications.models import Contact
from tests.people import make_user
from tickets.models import Ticket

LIST = "/console/call-backs/"


@pytest.fixture
def owed(caller: Contact, ticket: Ticket, now: datetime) -> CallBack:
    due = now - timedelta(minutes=30)
    return call_backs.owe(
        caller, ticket=ticket, reason=CallBack.Reason.NOT_ARRIVED, now=now, due=due
    )


def test_it_works(client: Client, operator: User, ticket: Ticket, owed: CallBack) -> None:
    client.force_login(operator)
    page = client.get(LIST).content.decode()
    assert "+1 415-555-0101" in page and "a text did not arrive" in page
    assert ticket.number in page and "Overdue" in page


def test_the_first_to_say_what_came_of_it_is_right(
    client: Client, operator: User, dispatcher: User, owed: CallBack
) -> None:
    for user, outcome in ((operator, "reached"), (dispatcher, "wrong_number")):
        client.force_login(user)
        client.post(f"{LIST}{owed.pk}/done/", {"outcome": outcome})
    owed.refresh_from_db()
    assert (owed.outcome, owed.done_by) == ("reached", operator)
    page = client.get(LIST).content.decode()
    assert "No call is owed to anybody" in page


@pytest.mark.parametrize("outcome", ["", "nonsense", "\0"])
def test_an_outcome_that_nobody_offers(
    client: Client, operator: User, owed: CallBack, outcome: str
) -> None:
    client.force_login(operator)
    page = client.post(f"{LIST}{owed.pk}/done/", {"outcome": outcome}, follow=True)
    assert "Choose what came of the call." in page.content.decode()
    owed.refresh_from_db()
    assert owed.done_at is None


def test_somebody_is_to_be_called_about_a_ticket(
    client: Client, operator: User, ticket: Ticket, caller: Contact
) -> None:
    client.force_login(operator)
    page = client.get(f"/console/tickets/{ticket.number}/").content.decode()
    assert f'action="{LIST}owe/"' in page and "gets texts" in page
    for _ in range(2):
        sent = client.post(f"{LIST}owe/", {"contact": caller.pk, "ticket": ticket.number})
        assert sent.headers["Location"] == f"/console/tickets/{ticket.number}/"
    assert CallBack.objects.get().reason == CallBack.Reason.ASKED
    page = client.get(f"/console/tickets/{ticket.number}/").content.decode()
    assert "A call to them is on the list" in page
    assert "A call to +1 •••-•••-••01 is to be made" in page


@pytest.mark.parametrize("wrong", [{"contact": "x"}, {"contact": "9" * 30}, {"ticket": "\0"}, {}])
def test_a_call_to_nobody(
    client: Client, operator: User, ticket: Ticket, caller: Contact, wrong: dict[str, str]
) -> None:
    right = {"contact": str(caller.pk), "ticket": ticket.number} if wrong else {}
    client.force_login(operator)
    page = client.post(f"{LIST}owe/", right | wrong, follow=True)
    assert page.status_code == 200 and "no number" in page.content.decode()
    assert not CallBack.objects.exists()


def test_a_spoken_message_of_a_hidden_number(
    client: Client, operator: User, now: datetime, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    call = Call.objects.create(number="", rang_at=now, missed_at=now)
    said = Recording.objects.create(call=call, sid="RE1", seconds=9, recorded_at=now)
    call_backs.owe(None, reason=CallBack.Reason.MESSAGE, now=now, call=call)
    client.force_login(operator)
    page = client.get(LIST).content.decode()
    assert "left a spoken message" in page and "not fetched yet" in page
    assert client.get(f"/console/recordings/{said.pk}/").status_code == 404
    said.file.save("RE1.mp3", ContentFile(b"ID3"))
    assert f'src="/console/recordings/{said.pk}/"' in client.get(LIST).content.decode()
    sound = client.get(f"/console/recordings/{said.pk}/")
    assert sound.headers["Content-Type"] == "audio/mpeg" and b"".join(sound) == b"ID3"


@pytest.mark.parametrize("role", Role.values)
def test_who_may_look_and_who_may_call(
    client: Client, owed: CallBack, ticket: Ticket, caller: Contact, role: str
) -> None:
    client.force_login(make_user("somebody", role))
    response = client.get(LIST)
    assert response.status_code == (403 if role == Role.CREW else 200)
    may_call = role not in (Role.CREW, Role.AUDITOR)
    assert ("415-555-0101" in response.content.decode()) is may_call
    done = client.post(f"{LIST}{owed.pk}/done/", {"outcome": "reached"})
    assert done.status_code == (302 if may_call else 403)


def test_a_long_list_costs_few_queries(
    client: Client, operator: User, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        one = Contact.objects.create(phone=f"+141555501{n:02}", created_at=now)
        call_backs.owe(one, reason=CallBack.Reason.MISSED, now=now)
    client.force_login(operator)
    with django_assert_max_num_queries(8):
        assert len(client.get(LIST).context["rows"]) == 30
