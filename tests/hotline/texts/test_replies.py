"""What we answer: two segments at most, in both languages, whatever the town calls its problems."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from common.models import User
from hotline.replies import reply
from hotline.standings import find_standings
from notifications.models import Contact, Message
from notifications.segments import count_segments
from tests.hotline.texts.conftest import Phone, solve
from tests.people import CALLER
from tickets.models import Category, Status, Ticket

FOLDER = Path(settings.BASE_DIR) / "templates" / "texts"
NAMES = sorted({path.name.split(".")[0] for path in FOLDER.glob("reply_*.txt")})
MANDARIN = re.compile(r"[\u4e00-\u9fff]")


def test_every_reply_is_there_in_both_languages() -> None:
    for name in NAMES:
        for language, _ in settings.LANGUAGES:
            words = (FOLDER / f"{name}.{language}.txt").read_text("utf-8")
            assert bool(MANDARIN.search(words)) == (language == "zh-hans"), name


def test_every_reply_is_used_and_every_used_one_is_there() -> None:
    code = Path(settings.BASE_DIR, "hotline").glob("text*.py")
    used = {name for path in code for name in re.findall(r'"(reply_\w+)"', path.read_text("utf-8"))}
    assert used == set(NAMES)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("category", ["Street light out", "Ünlit lamp, broken pole and cable " * 3])
@pytest.mark.parametrize("name", NAMES)
def test_it_fits_two_segments(
    ticket: Ticket,
    another: Callable[[], Ticket],
    phone: Phone,
    operator: User,
    now: datetime,
    name: str,
    category: str,
    language: str,
) -> None:
    Category.objects.update(name_en=category[:120], name_zh="路灯、灯杆及地下供电电缆故障维修" * 5)
    for _ in range(3):
        solve(another(), by=operator, now=now)
    phone.speaks(language)
    contact = Contact.objects.get(phone=CALLER)
    text = phone.writes("ok")
    text.contact = contact
    own = find_standings(contact, now=phone.clock)
    reply(text, name, now=phone.clock, about=own[0], those=own)
    message = Message.objects.latest("pk")
    assert message.kind == name and message.segments <= 2, message.body
    assert "{{" not in message.body and "{%" not in message.body and "  " not in message.body


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_where_it_stands_fits_in_every_state(
    ticket: Ticket, phone: Phone, status: str, language: str
) -> None:
    (own,) = find_standings(Contact.objects.get(phone=CALLER), now=phone.clock)
    own.ticket.status = status
    phone.speaks(language)
    text = phone.writes("ok")
    reply(text, "reply_status", now=phone.clock, about=own)
    body = Message.objects.latest("pk").body
    assert count_segments(body) <= 2 and body.startswith(ticket.number)


def test_china_gets_no_link(ticket: Ticket, phone: Phone) -> None:
    Contact.objects.update(phone="+8613800000000")
    phone.number = "+8613800000000"
    phone.heard  # noqa: B018
    phone.writes("STATUS")
    (said,) = phone.heard
    assert ticket.number in said and "http" not in said
