"""What citizens read: in their language, short, unescaped, with the reason and the link."""

from collections.abc import Callable
from datetime import datetime

import pytest
from pytest_django import Settings

from common.models import User
from notifications.models import Contact, Message
from notifications.segments import BASIC, EXTENDED
from tests.tickets.lives import act
from tickets import services as tickets
from tickets.models import Category, Channel, Ticket, Unit
from tickets.services import Location

ENGLISH, CHINESE, MAINLAND = "+14155550101", "+14155550102", "+8613800000000"
Opened = Callable[..., Ticket]


@pytest.fixture
def long_names(lighting: Unit, settings: Settings) -> Category:
    settings.PUBLIC_BASE_URL = "https://hotline.long-city-name.example.gov"
    return Category.objects.create(
        code="long",
        name_en="Traffic signal or pedestrian crossing light not working at all",
        name_zh="道路交通信号灯、行人过街信号灯及配套控制设备故障或长时间不亮",
    )


@pytest.fixture
def opened(now: datetime) -> Opened:
    def open_for(category: Category, phone: str, language: str, address: str = "") -> Ticket:
        contact = Contact.objects.create(phone=phone, language=language, created_at=now)
        return tickets.open_ticket(
            category=category,
            location=Location(address=address),
            channel=Channel.PHONE,
            now=now,
            contact=contact,
        )

    return open_for


REASONS = {
    "en": "The lamp belongs to the railway company, which has been told and will repair it. " * 4,
    "zh-hans": "该路灯属于铁路公司管理，我们已经通知对方，由其负责安排人员进行维修处理。" * 4,
}
ADDRESSES = {
    "en": "In front of the east gate of building 12, 1288 North Chuangye Avenue, Hi-Tech Zone",
    "zh-hans": "高新技术产业开发区创业大街与神马大街交叉口东北角十二号楼东门前人行道旁边路灯杆下",
}


@pytest.mark.parametrize(("phone", "language"), [(ENGLISH, "en"), (CHINESE, "zh-hans")])
@pytest.mark.parametrize("kind", ["open", "assign", "resolve", "answer", "reject", "close"])
def test_the_longest_text_takes_two_segments(
    kind: str,
    phone: str,
    language: str,
    long_names: Category,
    opened: Opened,
    operator: User,
    now: datetime,
) -> None:
    ticket = opened(long_names, phone, language, ADDRESSES[language])
    reason = REASONS[language]
    if kind in ("assign", "resolve"):
        tickets.accept(ticket, by=operator, now=now)
        tickets.settle_to(ticket, "assign", by=operator, now=now)
    if kind == "resolve":
        tickets.settle_to(ticket, "resolve", by=operator, now=now)
    if kind in ("answer", "close"):
        tickets.answer(ticket, how="desk", words=reason, by=operator, now=now)
    if kind == "close":
        tickets.close(ticket, by=None, now=now)
    if kind == "reject":
        tickets.reject(ticket, reason=reason, by=operator, now=now)
    text = Message.objects.get(kind=kind)
    assert text.segments <= 2, (text.segments, len(text.body), text.body)
    assert ticket.number in text.body
    assert "https://" in text.body
    if language == "en":
        assert set(text.body) <= BASIC | EXTENDED, set(text.body) - BASIC


def test_a_mainland_number_gets_no_link(long_names: Category, opened: Opened) -> None:
    opened(long_names, MAINLAND, "zh-hans")
    body = Message.objects.get().body
    assert "http" not in body
    assert body.startswith("已收到")


def test_each_one_reads_it_in_the_language_they_chose(
    lights_out: Category, opened: Opened, operator: User, now: datetime
) -> None:
    ticket = opened(lights_out, ENGLISH, "en")
    tickets.subscribe(
        ticket,
        Contact.objects.create(phone=CHINESE, language="zh-hans", created_at=now),
        now=now,
    )
    tickets.answer(ticket, how="desk", words="", by=operator, now=now)
    english, chinese = Message.objects.filter(kind="answer").order_by("contact__phone")
    assert "Street light out" in english.body
    assert "路灯不亮" in chinese.body
    assert (english.language, chinese.language) == ("en", "zh-hans")


def test_nothing_is_escaped_as_in_a_page(
    lights_out: Category, opened: Opened, operator: User, now: datetime
) -> None:
    Category.objects.update(name_en="Lamp & pole <broken>")
    lights_out.refresh_from_db()
    ticket = opened(lights_out, ENGLISH, "en", 'O\'Farrell & "Main" <corner>')
    tickets.reject(ticket, reason="It's <not> ours & won't be.", by=operator, now=now)
    received, rejected = Message.objects.order_by("pk")
    assert 'Lamp & pole <broken>, O\'Farrell & "Main" <corner>' in received.body
    assert "It's <not> ours & won't be." in rejected.body


def test_the_reason_is_in_the_text(ticket: Ticket, operator: User, now: datetime) -> None:
    tickets.reject(ticket, reason="The lamp is private.", by=operator, now=now)
    assert "The lamp is private." in Message.objects.get(kind="reject").body


def test_two_people_have_two_links(ticket: Ticket, operator: User, now: datetime) -> None:
    other = Contact.objects.create(phone=CHINESE, created_at=now)
    tickets.subscribe(ticket, other, now=now)
    act(ticket, "answer", by=operator, now=now)
    tokens = list(ticket.subscribers.order_by("contact__pk").values_list("token", flat=True))
    texts = Message.objects.filter(kind="answer").order_by("contact__pk")
    assert [f"/t/{token}/" in text.body for token, text in zip(tokens, texts, strict=True)] == [
        True,
        True,
    ]
