"""Where does it stand? STOP. Help! And what happens when several reports could be meant."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from common.models import User
from common.numbers import ticket_number
from hotline import texts
from hotline.models import Feedback, InboundText
from notifications import consent
from notifications.models import Contact, Message
from tests.hotline.texts.conftest import Phone, fresh, join, solve
from tests.people import CALLER
from tickets import services as tickets
from tickets.models import Ticket

Another = Callable[[], Ticket]
DAY = timedelta(days=1)


def test_where_it_stands(ticket: Ticket, phone: Phone, operator: User, now: datetime) -> None:
    phone.heard  # noqa: B018
    phone.writes("STATUS")
    (said,) = phone.heard
    assert said.startswith(f"{ticket.number}: We have your report.") and "/t/" in said
    tickets.accept(ticket, by=operator, now=now)
    phone.writes(ticket.number.replace("-", " "))
    assert "planned" in phone.heard[0]
    phone.speaks("zh-hans")
    phone.writes("进度？")
    assert phone.heard[0].startswith(f"{ticket.number}：")
    solve(ticket, by=operator, now=now)
    phone.heard  # noqa: B018
    phone.writes("状态")
    assert "未解决请回复2" in phone.heard[0]


def test_it_is_told_to_its_subscribers_only(
    ticket: Ticket, stranger_phone: Phone, neighbour: Phone, another: Another
) -> None:
    """A number that exists and one that does not are the same to a stranger."""
    for phone in (stranger_phone, neighbour):
        phone.writes(ticket.number)
        phone.writes(ticket_number(2026, 999_999))
        first, second = phone.heard
        assert first == second and "cannot tell" in first


def test_a_merged_report_is_known_by_both_numbers(
    ticket: Ticket, another: Another, phone: Phone, operator: User, now: datetime
) -> None:
    other = another()
    tickets.merge(other, into=ticket, by=operator, now=now)
    phone.heard  # noqa: B018
    phone.writes(other.number)
    phone.writes(ticket.number)
    assert [said.split(":")[0] for said in phone.heard] == [ticket.number] * 2


def test_a_misread_number_is_nobodys(ticket: Ticket, phone: Phone) -> None:
    phone.heard  # noqa: B018
    wrong = ticket.number[:-1] + str((int(ticket.number[-1]) + 1) % 10)
    text = phone.writes(wrong)
    assert "read it again" in phone.heard[0]
    assert (text.state, text.meaning) == ("done", "misread")


def test_several_reports_at_one_glance(ticket: Ticket, another: Another, phone: Phone) -> None:
    numbers = [ticket.number, *(another().number for _ in range(4))]
    phone.heard  # noqa: B018
    phone.writes("STATUS")
    (said,) = phone.heard
    assert [number in said for number in numbers] == [False, False, True, True, True]


def test_nothing_is_known_of_a_stranger(stranger_phone: Phone, db: None) -> None:
    stranger_phone.writes("进度")
    assert "没有反映记录" in stranger_phone.heard[0]


@pytest.mark.parametrize("word", ["STOP", "退订", "停止", "TD", "Unsubscribe."])
def test_stop_is_obeyed_in_silence(
    ticket: Ticket, phone: Phone, operator: User, now: datetime, word: str
) -> None:
    solve(ticket, by=operator, now=now)
    phone.heard  # noqa: B018
    text = phone.writes(word)
    assert phone.heard == [] and text.meaning == "stop"
    assert consent.opted_out([CALLER]) == {CALLER}
    assert set(Message.objects.values_list("status", flat=True)) == {"suppressed"}


def test_stop_is_obeyed_from_a_stranger(stranger_phone: Phone, db: None) -> None:
    stranger_phone.writes("STOP")
    assert consent.opted_out([stranger_phone.number])
    assert not Contact.objects.exists()


def test_the_gateways_own_list_of_words_counts(ticket: Ticket, phone: Phone) -> None:
    phone.writes("Arrête", keyword="STOP")
    assert consent.opted_out([CALLER])


def test_texts_again(ticket: Ticket, phone: Phone, now: datetime) -> None:
    phone.speaks("zh-hans")
    consent.opt_out(CALLER, source="text", now=now)
    phone.heard  # noqa: B018
    phone.writes("恢复")
    assert not consent.opted_out([CALLER])
    assert "已恢复" in phone.heard[0]
    consent.opt_out(CALLER, source="text", now=now)
    phone.writes("START")  # the gateway answers this one itself
    assert phone.heard == [] and not consent.opted_out([CALLER])


def test_yes_may_be_on_the_gateways_list_and_is_an_answer_all_the_same(
    ticket: Ticket, phone: Phone, operator: User, now: datetime
) -> None:
    consent.opt_out(CALLER, source="text", now=now)
    solve(ticket, by=operator, now=now)
    phone.writes("YES", keyword="START")
    assert fresh(ticket).status == "closed"
    assert not consent.opted_out([CALLER])


def test_help(ticket: Ticket, phone: Phone) -> None:
    phone.heard  # noqa: B018
    phone.writes("帮助")
    phone.writes("INFO")
    phone.writes("HELP", keyword="HELP")  # the gateway has answered
    said = phone.heard
    assert len(said) == 2 and all("12345" in one and "STATUS" in one for one in said)


def test_thanks_are_not_answered(ticket: Ticket, phone: Phone) -> None:
    phone.heard  # noqa: B018
    for words in ("Thanks!", "好的", "谢谢", "ok", " "):
        assert phone.writes(words).state == "done"
    assert phone.heard == []
    assert not ticket.events.filter(kind="citizen_wrote").exists()
    phone.writes("Thanks", media=1)
    assert ticket.events.filter(kind="citizen_wrote").exists()


def test_which_one_is_asked_and_the_number_answers(
    ticket: Ticket, another: Another, phone: Phone
) -> None:
    other = another()
    phone.heard  # noqa: B018
    first = phone.writes("Sparks are flying!")
    second = phone.writes("Quick!")
    (asked,) = phone.heard  # once
    assert ticket.number in asked and other.number in asked and "Which" in asked
    assert {first.state, second.state} == {"asked"}

    phone.writes(other.number)
    (noted,) = phone.heard
    assert other.number in noted
    words = [e.words.internal for e in other.events.filter(kind="citizen_wrote").order_by("seq")]
    assert words == ["Sparks are flying!", "Quick!"]
    assert not ticket.events.filter(kind="citizen_wrote").exists()


def test_a_picture_without_words_waits_for_its_number_too(
    ticket: Ticket, another: Another, phone: Phone
) -> None:
    other = another()
    for number, picture in enumerate((phone.writes("", media=1), phone.writes("ok", media=2)), 1):
        assert (picture.state, picture.meaning, picture.media) == ("asked", "words", number)
    phone.writes(other.number)
    kept = other.events.filter(kind="citizen_wrote").order_by("seq")
    assert [event.data["media"] for event in kept] == [1, 2]


def test_a_picture_without_words_may_be_about_something_new(ticket: Ticket, phone: Phone) -> None:
    picture = phone.writes("", media=1)
    phone.writes("NEW")
    assert list(InboundText.objects.waiting()) == [picture]


def test_it_may_be_none_of_them(ticket: Ticket, another: Another, phone: Phone) -> None:
    another()
    earlier = [phone.writes("The bin on Shenma Avenue is full."), phone.writes("And smells.")]
    phone.heard  # noqa: B018
    phone.writes("NEW")
    assert list(InboundText.objects.waiting()) == earlier
    assert len(phone.heard) == 1
    assert not ticket.events.filter(kind="citizen_wrote").exists()


def test_it_may_not_be_about_the_one_it_was_added_to(ticket: Ticket, phone: Phone) -> None:
    text = phone.writes("The bin on Shenma Avenue is full.")
    assert "reply NEW" in phone.heard[-1] and text.state == "done"
    phone.writes("新问题")
    assert list(InboundText.objects.waiting()) == [text]
    assert "somebody will read it" in phone.heard[0]


def test_new_about_nothing_is_helped(ticket: Ticket, phone: Phone) -> None:
    phone.heard  # noqa: B018
    phone.writes("new")
    assert "STATUS" in phone.heard[0] and not InboundText.objects.waiting()


def test_of_two_solved_ones_the_number_says_which(
    ticket: Ticket, another: Another, phone: Phone, operator: User, now: datetime
) -> None:
    other = another()
    for one in (ticket, other):
        solve(one, by=operator, now=now)
    phone.heard  # noqa: B018
    phone.writes("2")
    assert "Which" in phone.heard[0]
    assert [fresh(one).status for one in (ticket, other)] == ["resolved", "resolved"]
    phone.writes(other.number)
    assert [fresh(one).status for one in (ticket, other)] == ["resolved", "accepted"]
    phone.writes("1")  # the other one is meant: nothing else is asked for
    assert fresh(ticket).status == "closed"


def test_a_foreign_or_misread_number_answers_nothing(
    ticket: Ticket, another: Another, phone: Phone
) -> None:
    another()
    text = phone.writes("Sparks are flying!")
    phone.heard  # noqa: B018
    phone.writes(ticket_number(2026, 999_999))
    assert "cannot tell" in phone.heard[0]
    text.refresh_from_db()
    assert text.state == "asked"


def test_a_question_nobody_answers_goes_to_the_desk(
    ticket: Ticket, another: Another, phone: Phone
) -> None:
    another()
    text = phone.writes("Sparks are flying!")
    texts.sweep(now=phone.clock + timedelta(hours=23))
    assert not InboundText.objects.waiting()
    texts.sweep(now=phone.clock + timedelta(hours=25))
    assert list(InboundText.objects.waiting()) == [text]


def test_how_satisfied(ticket: Ticket, phone: Phone, operator: User, now: datetime) -> None:
    solve(ticket, by=operator, now=now)
    phone.heard  # noqa: B018
    phone.writes("4")
    assert "first" in phone.heard[0]  # the verdict first
    phone.writes("1")
    phone.heard  # noqa: B018
    phone.writes("1", later=timedelta(seconds=5))  # sent twice: no rating
    assert phone.heard == [] and Feedback.objects.get().satisfied is None
    phone.writes("2")  # by now it is one
    assert Feedback.objects.get().satisfied == 2
    assert "Thank you" in phone.heard[0]
    phone.writes("5", later=DAY)
    assert (Feedback.objects.get().satisfied, phone.heard) == (5, [])
    assert fresh(ticket).status == "closed"
    text = phone.writes("3", later=40 * DAY)
    assert Feedback.objects.get().satisfied == 5 and text.state == "waiting"


@pytest.mark.parametrize(("seconds", "rated"), [(4, None), (20, 1)])
def test_a_one_answers_the_question_that_was_read(
    ticket: Ticket, phone: Phone, operator: User, now: datetime, seconds: int, rated: int | None
) -> None:
    """The verdict “1”, then the rating “1”; sooner than anybody reads, it is the same one twice."""
    solve(ticket, by=operator, now=now)
    phone.writes("1")
    asked = Message.objects.filter(kind="reply_closed")
    assert asked.update(status="sent", sent_at=phone.clock + timedelta(seconds=1)) == 1
    phone.writes("1", later=timedelta(seconds=seconds))
    assert Feedback.objects.get().satisfied == rated


def test_a_ticket_closed_by_silence_can_be_rated(
    ticket: Ticket, phone: Phone, operator: User, now: datetime
) -> None:
    solve(ticket, by=operator, now=now)
    tickets.close(ticket, by=None, now=now)
    phone.writes("3")
    assert Feedback.objects.get().satisfied == 3


def test_a_digit_about_an_open_ticket_is_words(ticket: Ticket, phone: Phone) -> None:
    assert phone.writes("3").ticket == ticket
    assert ticket.events.get(kind="citizen_wrote").words.internal == "3"


def test_the_neighbour_is_not_asked_for_my_verdict(
    ticket: Ticket, neighbour: Phone, phone: Phone, operator: User, now: datetime
) -> None:
    join(ticket, neighbour.number, now=now)
    solve(ticket, by=operator, now=now)
    neighbour.writes("2")
    assert fresh(ticket).status == "accepted"
    text = phone.writes("1")  # too late: it is being worked on
    assert fresh(ticket).status == "accepted" and text.state == "done"
