"""What citizens read: in their language, short, unescaped, with the reason and the link."""

from collections.abc import Callable
from datetime import datetime

import pytest
from pytest_django import Settings

from common.models import User
from dispatch.rules import REASONS as REASONS_TO_WAIT
from notifications.kinds import KINDS
from notifications.models import Contact, Message
from notifications.reach import reach
from notifications.segments import BASIC, EXTENDED
from tests.people import bodies
from tests.tickets.lives import act
from tickets import services as tickets
from tickets.citizen_updates import TEXTS, WHY
from tickets.models import Category, Channel, Ticket, Unit
from tickets.services import Location
from tickets.workflow import move

ENGLISH, CHINESE, MAINLAND = "+14155550101", "+14155550102", "+8613800000000"
BASE = "https://hotline.a-city-with-a-really-long-name.example.gov.cn"  # sixty characters
Opened = Callable[..., Ticket]


@pytest.fixture
def long_names(lighting: Unit, settings: Settings) -> Category:
    settings.PUBLIC_BASE_URL = BASE
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


WAYS = {  # to each event that tells citizens something
    "open": [],
    "assign": ["accept", "assign"],
    "order_en_route": ["accept", "assign", "order_en_route"],
    "order_made_safe": ["accept", "assign", "order_made_safe"],
    "hold": ["hold"],
    "resolve": ["accept", "assign", "resolve"],
    "answer": ["answer"],
    "close": ["answer", "close"],
    "reject": ["reject"],
    "merge": ["merge"],
    "reopen": ["answer", "reopen"],
}
PUBLIC = frozenset({"answer", "reject", "hold"})


def happen(ticket: Ticket, action: str, *, reason: str, by: User, now: datetime) -> None:
    if action.startswith("order_"):
        tickets.record(ticket, action, by=by, now=now)
    elif action in PUBLIC:
        move(ticket, action, by=by, now=now, public=reason)
    else:
        act(ticket, action, by=by, now=now)


def test_every_event_of_the_table_is_among_them() -> None:
    assert {*WAYS, "join"} == set(TEXTS)
    assert {text.template for text in TEXTS.values()} <= set(KINDS)


@pytest.mark.parametrize("address", ["en", "zh-hans"])
@pytest.mark.parametrize(("phone", "language"), [(ENGLISH, "en"), (CHINESE, "zh-hans")])
@pytest.mark.parametrize("kind", WAYS)
def test_the_longest_text_takes_two_segments(
    kind: str,
    phone: str,
    language: str,
    address: str,
    long_names: Category,
    opened: Opened,
    operator: User,
    now: datetime,
) -> None:
    ticket = opened(long_names, phone, language, ADDRESSES[address])
    for action in WAYS[kind]:
        happen(ticket, action, reason=REASONS[language], by=operator, now=now)
    text = Message.objects.get(kind=kind, contact__phone=phone)
    assert text.segments <= 2, (text.segments, len(text.body), text.body)
    assert ticket.number in text.body
    assert f"{BASE}/t/" in text.body
    if language == address == "en":
        assert set(text.body) <= BASIC | EXTENDED, set(text.body) - BASIC


def test_a_mainland_number_gets_no_link_and_is_asked_nothing(
    long_names: Category, opened: Opened, operator: User, now: datetime
) -> None:
    ticket = opened(long_names, MAINLAND, "zh-hans")
    act(ticket, "answer", by=operator, now=now)
    received, solved = bodies(to=MAINLAND)
    assert received.startswith("已收到")
    assert "http" not in received + solved
    assert "回复" not in solved


@pytest.mark.parametrize(
    "reason",
    [
        "See https://rail.example.org/lamps?id=7 or ring them.",
        "请咨询铁路公司，网址WWW.rail.example.org/路灯。谢谢。",
        "请咨询：http://rail.example.org",
    ],
)
def test_what_staff_type_brings_no_link_to_a_mainland_number(
    reason: str, opened: Opened, lights_out: Category, operator: User
) -> None:
    ticket = opened(lights_out, MAINLAND, "zh-hans")
    tickets.reject(ticket, reason=reason, by=operator)
    (_, said) = bodies(to=MAINLAND)
    assert "example" not in said and "://" not in said
    assert ("ring them" in said) or ("请咨询" in said)


def test_who_can_answer_is_told_how(
    lights_out: Category, opened: Opened, operator: User, now: datetime
) -> None:
    for phone, language in ((ENGLISH, "en"), (CHINESE, "zh-hans")):
        act(opened(lights_out, phone, language), "answer", by=operator, now=now)
    assert "Reply 1 if it is fixed, 2 if not." in bodies(to=ENGLISH)[-1]
    assert "已解决请回复1，未解决请回复2。" in bodies(to=CHINESE)[-1]


def test_who_gets_mail_is_not_asked_to_answer_by_text(
    ticket: Ticket, operator: User, now: datetime
) -> None:
    Contact.objects.update(email="li.wei@example.org", untextable="landline")
    act(ticket, "answer", by=operator, now=now)
    body = Message.objects.get(kind="answer").body
    assert "/t/" in body
    assert "Reply" not in body


@pytest.mark.parametrize(("sender", "asked"), [("+14155550150", True), ("CityHall", False)])
def test_a_sender_of_letters_cannot_be_answered(
    sender: str, asked: bool, settings: Settings
) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "secret"
    settings.TWILIO_FROM, settings.TWILIO_MESSAGING_SERVICE_SID = sender, ""
    assert reach(ENGLISH).reply is asked
    assert reach(ENGLISH).link


def test_every_reason_to_wait_has_words_for_citizens(
    lights_out: Category, opened: Opened, operator: User, now: datetime
) -> None:
    assert {code for code, reason in REASONS_TO_WAIT.items() if reason.waits} == set(WHY)
    act(opened(lights_out, ENGLISH, "en"), "hold", by=operator, now=now)
    assert "Why: The utility company has to do its part first." in bodies(to=ENGLISH)[-1]
    act(opened(lights_out, CHINESE, "zh-hans"), "hold", by=operator, now=now)
    assert "原因：" in bodies(to=CHINESE)[-1]
    assert "utility" not in bodies(to=CHINESE)[-1]


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
