"""A call with a report: what is written, what is said, and that it is written once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from common.models import User
from hotline.models import Call, Report
from tests.people import bodies
from tickets.models import Category, Question, Ticket


def test_it_works(desk: Client, typed: Callable[..., Any], operator: User, now: datetime) -> None:
    answer = desk.post("/desk/", typed(lon="125.4", lat="43.83"))
    call, report, ticket = Call.objects.get(), Report.objects.get(), Ticket.objects.get()
    assert answer.url == f"/desk/saved/{call.pk}/"  # type: ignore[attr-defined]
    assert (call.number, call.operator, call.outcome) == ("+14155550101", operator, "reported")
    assert call.rang_at == now - timedelta(seconds=90)
    assert call.answered_at == now - timedelta(seconds=85)
    assert call.ended_at is not None and call.ended_at >= now
    assert (report.call, report.ticket, report.taken_by) == (call, ticket, operator)
    assert report.words.internal == "All the lamps at the crossing are dark."
    assert (ticket.lon, ticket.lat, ticket.channel) == (125.4, 43.83, "phone")
    assert ticket.opened_at == report.said_at == call.rang_at  # the citizen's clock
    assert ticket.number in bodies()[0]
    page = desk.get(answer.url)  # type: ignore[attr-defined]
    assert ticket.number in page.content.decode()


def test_answers_are_kept(desk: Client, typed: Callable[..., Any], wire: Question) -> None:
    desk.post("/desk/", typed(**{"q.street-light-out.wire-in-reach": "no"}))
    assert Report.objects.get().answers == {"wire-in-reach": "no"}


def test_without_a_number_the_name_stays_with_the_words(
    desk: Client, typed: Callable[..., Any]
) -> None:
    desk.post("/desk/", typed(phone="", no_number="on"))
    report = Report.objects.get()
    assert report.contact is None
    assert report.words.internal == "All the lamps at the crossing are dark.\n— Wang Li"
    page = desk.get(f"/desk/saved/{report.call_id}/").content.decode()
    assert "None: the caller gave no number." in page


def test_a_form_sent_twice_is_one_call(desk: Client, typed: Callable[..., Any]) -> None:
    call = typed()
    first, second = desk.post("/desk/", call), desk.post("/desk/", call)
    assert first.url == second.url  # type: ignore[attr-defined]
    assert (Call.objects.count(), Report.objects.count(), Ticket.objects.count()) == (1, 1, 1)


def test_sent_again_with_other_words_it_asks(desk: Client, typed: Callable[..., Any]) -> None:
    call = typed()
    desk.post("/desk/", call)
    page = desk.post("/desk/", call | {"words": "And a pole leans."})
    assert page.status_code == 409
    assert Ticket.objects.get().number in page.content.decode()
    assert "And a pole leans." in page.content.decode()
    again = page.context["form"]["key"].value()
    assert again != call["key"]
    desk.post("/desk/", call | {"words": "And a pole leans.", "key": again})
    assert Report.objects.count() == 2


def test_a_form_that_lay_open_did_not_ring_so_long(
    desk: Client, typed: Callable[..., Any], now: datetime
) -> None:
    opened = now - timedelta(minutes=30)
    desk.post("/desk/", typed(rang_at=opened.isoformat(), waited=str(29 * 60)))
    call = Call.objects.get()
    assert call.rang_at == call.answered_at == opened + timedelta(minutes=29)


def test_times_that_cannot_be_are_now(
    desk: Client, typed: Callable[..., Any], now: datetime
) -> None:
    nonsense = ("", "yesterday", "2026-13-45T99:00:00Z", "2999-01-01T00:00:00Z", "2026-01-01T00:00")
    for rang_at in nonsense:
        desk.post("/desk/", typed(rang_at=rang_at, waited="-7", key=str(uuid4())))
    assert Call.objects.filter(rang_at__gte=now).count() == len(nonsense)


def test_a_call_without_a_report_is_one_button(
    desk: Client, typed: Callable[..., Any], operator: User
) -> None:
    half = typed(outcome="wrong_number", phone="", category="", address="", words="")
    for _twice in range(2):
        answer = desk.post("/desk/outcome/", half, follow=True)
    assert "Logged: Wrong number." in answer.content.decode()
    call = Call.objects.get()
    assert (call.outcome, call.number, call.operator) == ("wrong_number", "", operator)
    assert not Report.objects.exists()


def test_what_became_of_a_call_is_one_of_a_list(desk: Client, typed: Callable[..., Any]) -> None:
    page = desk.post("/desk/outcome/", typed(outcome="reported"))
    assert page.status_code == 422
    page = desk.post("/desk/outcome/", typed(outcome="information", phone="12"))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["phone"])
    assert not Call.objects.exists()


def test_the_wrong_button_can_be_made_good(desk: Client, typed: Callable[..., Any]) -> None:
    call = typed()
    desk.post("/desk/outcome/", call | {"outcome": "information"})
    desk.post("/desk/", call)
    assert Call.objects.get().outcome == "reported"
    desk.post("/desk/outcome/", call | {"outcome": "information"})
    assert Call.objects.get().outcome == "reported"


def test_the_page_asks_in_the_operators_language(
    desk: Client, operator: User, lights_out: Category, wire: Question
) -> None:
    operator.language = "zh-hans"
    operator.save()
    asked = desk.post("/desk/questions/", {"category": lights_out.code}).content.decode()
    assert wire.text_zh in asked
    assert "路灯不亮" in desk.get("/desk/").content.decode()


def test_only_the_desk_may(client: Client, fitter: User) -> None:
    assert client.get("/desk/").status_code == 302
    client.force_login(fitter)
    for address in ("", "caller/", "questions/", "nearby/", "emergency/", "outcome/"):
        assert client.post(f"/desk/{address}").status_code == 403
