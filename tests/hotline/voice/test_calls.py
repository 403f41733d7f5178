"""A call comes in: greeted in two languages, rung through to the desk, or asked for a message."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from common.models import User
from hotline import call_backs
from hotline.models import Call, CallBack, Recording
from notifications.models import Contact
from tests.hotline.signed import post_signed
from tests.hotline.voice.conftest import DESK, VOICE, Line, new_line
from tests.people import CALLER
from tickets.models import Ticket

RECORDING: dict[str, Any] = {
    "RecordingSid": "RE" + "b" * 32,
    "RecordingDuration": "17",
    "RecordingUrl": "http://evil",
}
STEPS = ["", "language", "dialled", "recorded", "recording", "desk", "status"]


def test_it_works(line: Line, ticket: Ticket) -> None:
    """From the first ring to the last word."""
    line.tells()
    assert line.verbs == ["Gather", "Redirect"]
    assert "hotline" in line.words and "市民热线" in line.words and "按2" in line.words
    call = line.call
    assert (call.number, call.contact) == (CALLER, Contact.objects.get(phone=CALLER))
    assert not Call.objects.ringing(timezone.now())  # they still listen to the menu

    line.follows("Gather", Digits="2")
    (number,) = line.said.iter("Number")  # type: ignore[union-attr]
    assert number.text == DESK
    assert list(Call.objects.ringing(timezone.now())) == [call]
    assert line.call.language == "zh-hans"

    child: dict[str, Any] = {
        "ParentCallSid": line.sid,
        "CallSid": "CA" + "c" * 32,
        "CallStatus": "in-progress",
    }
    line.tells("desk", status=204, **child)
    assert line.call.answered_at and not Call.objects.ringing(timezone.now())

    line.tells("dialled?language=zh-hans", DialCallStatus="completed", DialCallDuration="60")
    assert line.verbs == ["Hangup"]
    line.tells("status", status=204, CallStatus="completed", SequenceNumber="3")
    assert line.call.ended_at
    assert not CallBack.objects.exists()


def test_nobody_answers_and_the_caller_leaves_a_message(line: Line) -> None:
    line.tells()
    line.follows("Gather", Digits="1")
    line.follows("Dial", DialCallStatus="no-answer")
    assert line.verbs == ["Say", "Record"]
    record = next(line.said.iter("Record"))  # type: ignore[union-attr]
    assert (record.get("maxLength"), record.get("finishOnKey")) == ("120", "#")
    assert not Call.objects.ringing(timezone.now())
    owed = CallBack.objects.get()
    assert (owed.reason, owed.contact.phone, owed.call) == ("missed", CALLER, line.call)  # type: ignore[union-attr]

    line.follows("Record", **RECORDING)
    assert "call you back" in line.words and line.verbs == ["Say", "Hangup"]
    line.tells("recording", status=204, RecordingStatus="completed", **RECORDING)
    line.tells("status", status=204, CallStatus="completed")
    kept = Recording.objects.get()
    assert (kept.call, kept.seconds, kept.sid) == (line.call, 17, RECORDING["RecordingSid"])
    owed = CallBack.objects.get()
    assert (owed.reason, owed.done_at) == ("message", None)


def test_a_caller_who_presses_nothing_is_spoken_to_as_we_know_them(
    line: Line, ticket: Ticket
) -> None:
    Contact.objects.update(language="zh-hans")
    line.tells()
    line.follows("Redirect")
    assert line.verbs == ["Dial"]
    assert line.call.language == "zh-hans"
    line.follows("Dial", DialCallStatus="busy")
    assert "提示音" in line.words


@pytest.mark.parametrize("digit", ["7", "#", "", "12", "一"])
def test_a_digit_that_means_nothing(line: Line, digit: str) -> None:
    line.tells()
    line.follows("Gather", Digits=digit)
    assert line.verbs == ["Dial"] and line.call.language == "en"


def test_without_a_desk_callers_leave_a_message_at_once(line: Line, settings: Any) -> None:
    settings.HOTLINE_DESK_NUMBER = []
    line.tells()
    line.follows("Gather", Digits="1")
    assert line.verbs == ["Say", "Record"]
    assert CallBack.objects.get().reason == "missed"


def test_several_phones_ring_at_once(line: Line, settings: Any) -> None:
    settings.HOTLINE_DESK_NUMBER = [DESK, "client:desk", "sip:desk@example.org"]
    line.tells("language", Digits="1")
    dial = next(line.said.iter("Dial"))  # type: ignore[union-attr]
    assert [(one.tag, one.text) for one in dial] == [
        ("Number", DESK),
        ("Client", "desk"),
        ("Sip", "sip:desk@example.org"),
    ]
    assert dial.get("timeout") == "20"


@pytest.mark.parametrize(
    "number", ["anonymous", "+266696687", "", "Restricted", "+1\x00", "7" * 60]
)
def test_a_hidden_number_leaves_a_message_all_the_same(line: Line, number: str) -> None:
    line.number = number
    line.tells()
    line.follows("Gather", Digits="1")
    assert line.call.number == "" and Call.objects.ringing(timezone.now()).exists()
    line.follows("Dial", DialCallStatus="no-answer")
    assert not CallBack.objects.exists()  # nobody to call
    for _ in range(2):
        line.tells("recording", status=204, RecordingStatus="completed", **RECORDING)
    owed = CallBack.objects.get()
    assert (owed.contact, owed.call, owed.reason) == (None, line.call, "message")


def test_whatever_comes_twice_counts_once(line: Line) -> None:
    for _ in range(2):
        line.tells()
        line.tells("language", Digits="1")
        line.tells("dialled?language=en", DialCallStatus="no-answer")
        line.tells("recorded?language=en", **RECORDING)
        line.tells("recording", status=204, RecordingStatus="completed", **RECORDING)
        line.tells("status", status=204, CallStatus="completed")
    assert (Call.objects.count(), Recording.objects.count(), CallBack.objects.count()) == (1, 1, 1)


def test_a_replay_owes_no_second_call(line: Line, operator: User) -> None:
    line.tells("recording", status=204, RecordingStatus="completed", **RECORDING)
    now = timezone.now()
    owed = CallBack.objects.get()
    call_backs.finish(owed, by=operator, now=now, outcome=CallBack.Outcome.REACHED)
    line.tells("recording", status=204, RecordingStatus="completed", **RECORDING)
    assert CallBack.objects.count() == 1


def test_the_last_comes_first(line: Line) -> None:
    """A message before its call, the end before the beginning: all of it is one call."""
    line.tells("recording", status=204, From="", RecordingStatus="completed", **RECORDING)
    line.tells("status", status=204, CallStatus="completed", SequenceNumber="4")
    line.tells("status", status=204, CallStatus="ringing", SequenceNumber="0")
    ended_at = line.call.ended_at
    line.tells()
    assert (Call.objects.count(), line.call.number, line.call.ended_at) == (1, CALLER, ended_at)
    assert not Call.objects.ringing(timezone.now())


def test_whoever_hangs_up_while_it_rings_is_called_back(line: Line) -> None:
    line.tells()
    line.follows("Gather", Digits="1")
    line.tells("status", status=204, CallStatus="completed")
    assert CallBack.objects.get().reason == "missed"


def test_whoever_hangs_up_during_the_greeting_is_not(line: Line) -> None:
    line.tells()
    line.tells("status", status=204, CallStatus="completed")
    assert not CallBack.objects.exists()


def test_news_of_the_answer_may_be_late(line: Line) -> None:
    line.tells("language", Digits="1")
    line.tells("status", status=204, CallStatus="completed")
    answered: dict[str, Any] = {
        "ParentCallSid": line.sid,
        "CallSid": "CA" + "d" * 32,
        "CallStatus": "in-progress",
    }
    line.tells("desk", status=204, **answered, Timestamp="Mon, 01 Jan 2024 10:00:00 +0000")
    owed = CallBack.objects.get()
    assert (owed.outcome, owed.done_by) == ("not_needed", None)
    assert line.call.answered_at == line.call.rang_at and line.call.missed_at is None


def test_two_missed_calls_of_one_person_are_one_call_back(line: Line) -> None:
    for one in (line, new_line(line.client)):
        one.tells("language", Digits="1")
        one.tells("dialled?language=en", DialCallStatus="no-answer")
    assert CallBack.objects.count() == 1


def test_a_call_does_not_ring_for_ever(line: Line) -> None:
    line.tells("language", Digits="1")
    assert not Call.objects.ringing(timezone.now() + timedelta(minutes=6))


@pytest.mark.parametrize("step", STEPS)
def test_forged_and_broken_requests(line: Line, step: str) -> None:
    path = f"{VOICE}/{step}/" if step else f"{VOICE}/"
    good = {"CallSid": line.sid, "From": CALLER}
    assert post_signed(line.client, path, good, sign="forged").status_code == 403
    assert line.client.post(path, good).status_code == 403
    assert line.client.get(path).status_code == 405
    for sid in ("", "C" * 65, "CA\x00"):
        assert post_signed(line.client, path, {**good, "CallSid": sid}).status_code == 400
    assert post_signed(line.client, path, {"From": CALLER}).status_code == 400
    assert not Call.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_nonsense_in_every_field_hurts_nobody(line: Line, step: str) -> None:
    fields = dict.fromkeys(
        ["Digits", "DialCallStatus", "DialCallDuration", "RecordingSid", "RecordingDuration"]
        + ["RecordingStatus", "CallStatus", "Timestamp", "SequenceNumber", "From"],
        "😀\x00" + "9" * 300,
    )
    path = f"{VOICE}/{step}?language=%00" if step else VOICE  # without a slash, too
    answer = post_signed(
        line.client, path, {"CallSid": line.sid, "ParentCallSid": line.sid} | fields
    )
    assert answer.status_code in (200, 204)
    assert not Recording.objects.exists()


def test_a_caller_gets_through_although_the_database_is_away(line: Line) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("the server has gone away")

    with connection.execute_wrapper(away):
        line.tells()
        line.follows("Gather", Digits="2")
        assert line.verbs == ["Dial"]
        line.follows("Dial", DialCallStatus="no-answer")
        assert "提示音" in line.words
        line.follows("Record", **RECORDING)
        assert line.verbs == ["Say", "Hangup"]
    # What the gateway says again is written down then.
    line.tells("recording", status=204, RecordingStatus="completed", **RECORDING)
    assert Recording.objects.get().call == line.call and CallBack.objects.get().call == line.call
