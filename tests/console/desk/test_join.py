"""Is it known already? Open tickets nearby, by the point or by words; one button joins."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from common.models import User
from hotline import calls
from hotline.models import Call, Report
from hotline.services import Caller, take_report
from tests.console.desk.conftest import wrong
from tests.people import CALLER, NEIGHBOUR, bodies, say
from tickets import services as tickets
from tickets.models import Category, Ticket, Unit
from tickets.nearby import nearby, significant_words
from tickets.services import Location

HERE = Location(lon=125.4, lat=43.83, address="Chuangye Avenue / Shenma Avenue")


def test_it_works(desk: Client, typed: Callable[..., Any], ticket: Ticket) -> None:
    call = typed(phone="+1 415 555 0102", lon="125.4005", lat="43.8302")
    panel = desk.post("/desk/nearby/", call).content.decode()
    assert all(said in panel for said in (ticket.number, "All the lamps", "46 m", "1 report"))
    desk.post("/desk/", call | {"join": ticket.number})
    assert Ticket.objects.count() == 1
    assert Report.objects.filter(ticket=ticket).count() == 2
    assert Call.objects.get().outcome == "joined"
    assert ticket.number in bodies(to=NEIGHBOUR)[0]
    assert "2 reports" in desk.post("/desk/nearby/", call).content.decode()


def test_a_join_needs_no_more_than_the_caller(
    desk: Client, typed: Callable[..., Any], ticket: Ticket
) -> None:
    desk.post("/desk/", typed(category="", address="", words="", join=ticket.number))
    assert Report.objects.filter(ticket=ticket).count() == 2


def test_a_join_goes_to_the_root(
    desk: Client, typed: Callable[..., Any], ticket: Ticket, lights_out: Category, operator: User
) -> None:
    root = take_report(say(lights_out, NEIGHBOUR), now=ticket.opened_at).ticket
    tickets.merge(ticket, into=root, by=operator)
    desk.post("/desk/", typed(join=ticket.number))
    assert Report.objects.latest("pk").ticket == root


def test_what_was_closed_meanwhile_is_said(
    desk: Client, typed: Callable[..., Any], ticket: Ticket, operator: User
) -> None:
    tickets.reject(ticket, reason="Not ours.", by=operator)
    page = desk.post("/desk/", typed(join=ticket.number))
    assert list(wrong(page)) == ["join"]
    assert "no longer open" in page.content.decode()
    assert not Call.objects.exists()


def test_what_is_closed_at_the_same_moment_becomes_a_new_ticket(
    desk: Client,
    typed: Callable[..., Any],
    ticket: Ticket,
    operator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_call = calls.take_call

    def somebody_was_quicker(*args: Any, **kwargs: Any) -> Report:
        tickets.reject(ticket, reason="Not ours.", by=operator)
        return take_call(*args, **kwargs)

    monkeypatch.setattr(calls, "take_call", somebody_was_quicker)
    answer = desk.post("/desk/", typed(join=ticket.number), follow=True)
    assert "was closed meanwhile: this is a new ticket" in answer.content.decode()
    assert Ticket.objects.count() == 2


def test_within_250_metres_the_nearest_first(lights_out: Category, now: datetime) -> None:
    metre = 1 / 111_320
    for north in (300, 200, 20):
        place = Location(lon=125.4, lat=43.83 + north * metre)
        take_report(say(lights_out, location=place), now=now)
    assert [found.metres for found in nearby(lights_out, HERE)] == [20, 200]


def test_without_a_point_the_words_must_all_be_there(lights_out: Category, now: datetime) -> None:
    for address in ("Chuangye Avenue 12", "Corner Shenma and Chuangye", "创业大街与神马大街交叉口"):
        take_report(say(lights_out, location=Location(address=address)), now=now)

    def known(address: str) -> set[str]:
        found = nearby(lights_out, Location(address=address))
        return {f.ticket.address for f in found}

    assert known("near chuangye ave") == {"Chuangye Avenue 12", "Corner Shenma and Chuangye"}
    assert known("Chuangye / Shenma") == {"Corner Shenma and Chuangye"}
    assert known("神马大街和创业大街路口") == {"创业大街与神马大街交叉口"}
    assert known("the street") == known("12") == known("") == known("100%") == set()
    pointed = nearby(lights_out, Location(lon=0, lat=0, address="Chuangye"))
    assert len(pointed) == 2  # the ones without a point may be here too


def test_names_that_hold_a_connecting_character_stay_whole() -> None:
    assert significant_words("和平大街和创业大街附近") == ["和平大街", "创业大街"]


def test_the_same_kind_leads_and_its_group_follows(lighting: Unit, now: datetime) -> None:
    group = Category.objects.create(code="lighting", name_en="Lights", is_group=True)
    dark, pole, other = (
        Category.objects.create(code=code, name_en=code, parent=parent)
        for code, parent in (("dark", group), ("pole", group), ("pothole", None))
    )
    for kind in (dark, pole, other):
        take_report(say(kind, location=HERE), now=now)
    assert [f.ticket.category for f in nearby(pole, HERE)] == [pole, dark]


def test_a_known_caller_is_shown(
    desk: Client, lights_out: Category, ticket: Ticket, now: datetime
) -> None:
    caller = {"phone": "+1 (415) 555-0101"}
    panel = desk.post("/desk/caller/", caller).content.decode()
    assert ticket.number in panel and "1 report so far" in panel
    said = say(lights_out, caller=Caller(CALLER, "王丽", "zh-hans"))
    take_report(said, now=now)
    panel = desk.post("/desk/caller/", caller).content.decode()
    assert 'data-known-name="王丽"' in panel and 'data-known-language="zh-hans"' in panel
    stranger = desk.post("/desk/caller/", {"phone": NEIGHBOUR}).content.decode()
    assert "First report from this number." in stranger
    assert desk.post("/desk/caller/", {"phone": "+1 415"}).content.strip() == b""
