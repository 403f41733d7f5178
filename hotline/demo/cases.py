"""What happens to go wrong in the demo town: who reports what, where and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hotline.demo.calendar import HOUR, rings_at
from hotline.demo.data import in_language, read, stories
from hotline.demo.streets import Spot
from hotline.demo.town import Town
from hotline.services import Caller, Said
from tickets.models import Channel, Question, Ticket

PERIOD = timedelta(days=60)
TODAY = 16 * HOUR
LONGEST_CALL = timedelta(minutes=8)  # so that every case is a ticket by now
SHARE_TODAY = 0.12
SHARE_DOUBLE = 0.05  # reported again without being recognised, merged later
SHARE_MISNAMED = 0.04  # the caller names another kind of the same group
SHARE_HIDDEN = 0.12  # no number is shown, or none is given
SHARE_CHINESE = 0.6
NUMBERS = 90  # of the hundred that are reserved for fiction; the rest belongs to crews
CHANNELS = {Channel.PHONE: 72, Channel.WEB: 24, Channel.PATROL: 4}
VOICES = {0: 82, 1: 9, 2: 5, 3: 3, 5: 1}  # further callers about the same problem


@dataclass
class Case:
    at: datetime  # when the phone rings, when the form is sent
    kind: str
    said_kind: str
    spot: Spot
    caller: Caller
    channel: str
    words: str
    answers: dict[str, Any]
    dangerous: bool
    voices: int
    double_of: Case | None = None
    ticket: Ticket | None = None  # once it is reported

    @property
    def language(self) -> str:
        return self.caller.language

    def said(self, town: Town) -> Said:
        return Said(
            category=town.kinds[self.said_kind],
            location=self.spot.location(self.language),
            words=self.words,
            channel=self.channel,
            caller=self.caller,
            answers=self.answers,
            dangerous=self.dangerous,
        )


def plan_cases(town: Town, many: int) -> list[Case]:
    """So many cases up to the present, the earliest first."""
    today = round(many * SHARE_TODAY)
    start, morning, end = town.now - PERIOD, town.now - TODAY, town.now - LONGEST_CALL
    cases = [_case(town, morning, end) for _ in range(today)]
    cases += [_case(town, start, morning) for _ in range(many - today)]
    planned: list[Case] = []
    for case in sorted(cases, key=lambda case: case.at):
        again = planned and town.chance(SHARE_DOUBLE)
        planned.append(_report_again(town, planned[-1], case.at) if again else case)
    return planned


def citizen(town: Town, number: int | None = None) -> Caller:
    """The person behind a number is always the same one."""
    number = town.random.randrange(NUMBERS) if number is None else number
    language = "zh-hans" if number < NUMBERS * SHARE_CHINESE else "en"
    names = read("staff.toml")["names"]["en" if language == "en" else "zh"]
    phone = f"+{read('town.toml')['zone']['first_phone'] + number}"
    return Caller(phone=phone, name=names[number % len(names)], language=language)


def _case(town: Town, start: datetime, end: datetime) -> Case:
    told = stories()
    kind = town.random.choices(list(told), [story.weight for story in told.values()])[0]
    channel = town.random.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    caller = Caller() if channel == Channel.PATROL else citizen(town)
    if town.chance(SHARE_HIDDEN):
        caller = replace(caller, phone="", name="")
    return _fill(
        town,
        at=rings_at(town.random, told[kind].when, start, end),
        kind=kind,
        spot=town.streets.anywhere(town.random),
        caller=caller,
        channel=channel,
        voices=town.random.choices(list(VOICES), list(VOICES.values()))[0],
    )


def _fill(town: Town, *, kind: str, caller: Caller, spot: Spot, **facts: Any) -> Case:
    """What this caller says of it, and answers when asked."""
    said_kind = _misnamed(town, kind) if town.chance(SHARE_MISNAMED) else kind
    words = town.random.choice(town.story(kind).words(caller.language))
    asked = town.questions[said_kind]
    answers = {
        q.code: _answer(town, q, said_kind, caller.language) for q in asked if _told(town, q)
    }
    return Case(
        kind=kind,
        said_kind=said_kind,
        spot=spot,
        caller=caller,
        words=words.format(street=in_language(spot.street, caller.language)),
        answers=answers,
        dangerous=any(q.means_danger(answers.get(q.code)) for q in asked),
        **facts,
    )


def _report_again(town: Town, earlier: Case, at: datetime) -> Case:
    """Another citizen meets the same problem, and the desk does not notice at first."""
    return _fill(
        town,
        at=at,
        kind=earlier.kind,
        spot=earlier.spot,
        caller=citizen(town),
        channel=Channel.WEB,
        voices=0,
        double_of=earlier,
    )


def _misnamed(town: Town, kind: str) -> str:
    parent = town.kinds[kind].parent_id
    return town.random.choice([c for c, k in town.kinds.items() if k.parent_id == parent])


def _told(town: Town, question: Question) -> bool:
    worded = question.kind == Question.Kind.TEXT
    return question.required or (not worded and town.chance(0.6))


def _answer(town: Town, question: Question, kind: str, language: str) -> Any:
    if question.kind == Question.Kind.YES_NO:
        likely = town.kinds[kind].priority == "emergency"
        danger = 0.4 if likely else 0.04 if question.danger_answer else 0.3
        return "yes" if town.chance(danger) else "no"
    if question.kind == Question.Kind.CHOICE:
        options = [option["code"] for option in question.options]
        weights = [1 if code == question.danger_answer else 12 for code in options]
        return town.random.choices(options, weights)[0]
    if question.kind == Question.Kind.NUMBER:
        return town.random.randint(1, 6)
    said = town.random.choice(town.story(kind).said)
    return in_language(said, language)
