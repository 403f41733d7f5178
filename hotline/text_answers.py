"""What a text says of the sender's own tickets: a verdict, a rating, words.

What a digit answers depends on what was asked last: a verdict as long as one is awaited, then how
satisfied they are. Where several tickets could be meant, we ask which; nothing is guessed.
"""

from datetime import datetime

from hotline import feedback
from hotline.meanings import Meaning, Sort
from hotline.models import InboundText
from hotline.replies import reply, texts_lately
from hotline.standings import Standing
from tickets import feedback as tickets
from tickets.feedback import Result

State = InboundText.State

# A reopening and a closing are told to everybody; who closed it is thanked and asked instead.
REPLIES = {
    Result.SETTLED: "reply_settled",
    Result.CLOSED: "reply_closed",
    Result.OPEN: "reply_open",
}


def take_answer(
    text: InboundText, meaning: Meaning, standings: list[Standing], *, now: datetime
) -> None:
    """A verdict or a rating of one of these tickets; words where it cannot be either."""
    awaiting = [one for one in standings if one.awaits_verdict]
    rateable = [one for one in standings if one.may_be_rated]
    # In words, a verdict may come late, or be taken back.
    late = {Sort.YES: [one for one in rateable if not one.has_agreed], Sort.NO: rateable}
    if awaiting and meaning.fixed is None:
        _finish(text, awaiting[0], "reply_verdict_first", now=now)
    elif candidates := awaiting or late.get(meaning.sort, []):
        if len(candidates) > 1:
            ask_which(text, candidates, now=now)
        else:
            _take_verdict(text, candidates[0], fixed=bool(meaning.fixed), now=now)
    elif rateable and meaning.sort == Sort.DIGIT:
        _take_rating(text, rateable[0], meaning.digit, now=now)
    elif meaning.sort == Sort.YES and rateable:
        _finish(text, rateable[0], "", now=now)  # they said so before
    else:
        take_words(text, standings, now=now)


def take_words(text: InboundText, standings: list[Standing], *, now: datetime) -> None:
    """To the ticket they are about; to the desk where there is none."""
    expected = [one for one in standings if one.expects_words] or standings[:1]
    if len(expected) > 1:
        ask_which(text, expected, now=now)
    elif expected:
        add_words(text, expected[0], now=now)
    else:
        leave_to_desk(text, now=now)


def add_words(text: InboundText, about: Standing, *, now: datetime) -> None:
    """They see once an hour that their words arrived; staff see each."""
    tickets.add_words(
        about.ticket, words=text.body, media=text.media, said_at=text.received_at, now=now
    )
    told = texts_lately(text, now=now, ticket=about.ticket, meaning=Sort.WORDS)
    _finish(text, about, "" if told else "reply_noted", now=now)


def leave_to_desk(text: InboundText, *, now: datetime) -> None:
    """A draft: somebody reads it, and makes a report of it."""
    told = texts_lately(text, now=now, state=State.WAITING)
    text.state = State.WAITING
    text.save(update_fields=["state"])
    if not told:
        reply(text, "reply_draft", now=now)


def ask_which(text: InboundText, candidates: list[Standing], *, now: datetime) -> None:
    """It waits for a number; a second one that needs it is not asked for once more."""
    asked = texts_lately(text, now=now, state=State.ASKED)
    text.state = State.ASKED
    text.save(update_fields=["state"])
    if not asked:
        reply(text, "reply_which", those=candidates, now=now)


def _take_verdict(text: InboundText, about: Standing, *, fixed: bool, now: datetime) -> None:
    assert text.contact
    result = feedback.give_verdict(
        about.ticket, text.contact, fixed=fixed, words=text.body.strip(), now=now
    )
    if result == Result.TOO_LATE:
        leave_to_desk(text, now=now)
    else:
        _finish(text, about, REPLIES.get(result, ""), now=now)


def _take_rating(text: InboundText, about: Standing, satisfied: int, *, now: datetime) -> None:
    assert text.contact
    first = feedback.rate(about.ticket, text.contact, satisfied=satisfied, now=now)
    _finish(text, about, "reply_rated" if first else "", now=now)


def _finish(text: InboundText, about: Standing, answer: str, *, now: datetime) -> None:
    text.state, text.ticket = State.DONE, about.ticket
    text.save(update_fields=["state", "ticket"])
    if answer:
        reply(text, answer, about=about, now=now)
