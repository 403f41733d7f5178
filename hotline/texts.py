"""What citizens send by text: kept first, understood next, each once.

A text that was kept is never lost: whatever cannot be understood, or fails on the way, waits for
the desk. What an answer says of a ticket is in text_answers.py.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.transactions import all_or_nothing
from dispatch.models import Crew
from hotline.meanings import Meaning, Sort, known_to_gateway, read
from hotline.models import InboundText
from hotline.replies import reply
from hotline.standings import Standing, find_standings
from hotline.text_answers import leave_to_desk, take_answer, take_words
from notifications import consent
from notifications.models import Contact, Message

logger = logging.getLogger(__name__)

State = InboundText.State
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
TWICE = timedelta(seconds=30)  # the same words again within this: said twice, meant once
HASTE = timedelta(seconds=5)  # nobody reads a text and answers it sooner
LEFT = timedelta(minutes=1)  # whoever kept it would have understood it by now
PATIENCE = timedelta(hours=24)  # until a person looks at what we asked about in vain


@dataclass(frozen=True)
class Incoming:
    """A text as the gateway tells of it."""

    sid: str
    number: str
    body: str
    media: int = 0
    keyword: str = ""  # STOP, START or HELP, where the gateway has already answered it


def take_text(incoming: Incoming, *, now: datetime) -> None:
    """Keep it and do what it asks for. The same sid again does nothing."""
    text = InboundText(
        provider_sid=incoming.sid,
        number=incoming.number,
        body=incoming.body.replace("\0", ""),
        media=incoming.media,
        keyword=incoming.keyword,
        received_at=now,
    )
    InboundText.objects.bulk_create([text], ignore_conflicts=True)
    understand_all(incoming.number, now=now)


def understand_all(number: str, *, now: datetime) -> None:
    """What this number sent and nobody has understood yet; at the worst the desk reads it."""
    try:
        _understand_all(number, now=now)
    except Exception:  # it is kept, and the gateway would only say it again
        logger.exception("a text could not be understood")
        new = InboundText.objects.filter(number=number, state=State.NEW)
        new.update(state=State.WAITING)


def sweep(*, now: datetime) -> int:
    """Texts whose process died before it understood them; questions that nobody answered."""
    asked = InboundText.objects.filter(state=State.ASKED, received_at__lt=now - PATIENCE)
    waiting = asked.update(state=State.WAITING)
    left = InboundText.objects.filter(state=State.NEW, received_at__lt=now - LEFT)
    numbers = set(left.values_list("number", flat=True)[:100])
    for number in numbers:
        understand_all(number, now=now)
    return waiting + len(numbers)


def is_citizen(number: str) -> bool:
    """Not a short code or a name, which nobody can answer; not a crew, whose number is its own."""
    return bool(E164.fullmatch(number)) and not Crew.objects.filter(phone=number).exists()


@all_or_nothing
def _understand_all(number: str, *, now: datetime) -> None:
    """One after the other: whoever comes second waits here, and finds nothing left to do."""
    new = InboundText.objects.filter(number=number, state=State.NEW).order_by("pk")
    for text in new.select_for_update(no_key=True):
        meaning = read(text.body)
        text.meaning = sort_of(text, meaning)
        if not is_citizen(number):
            _keep_for_desk(text)
        elif _said_before(text):
            _be_done(text, Sort.REPEAT)
        else:
            _understand(text, meaning, now=now)


def _understand(text: InboundText, meaning: Meaning, *, now: datetime) -> None:
    text.contact = Contact.objects.filter(phone=text.number).first()
    text.save(update_fields=["contact", "meaning"])
    if text.keyword == "START":  # its list has words such as YES, which mean something else, too
        consent.opt_in(text.number)
    standings = find_standings(text.contact, now=now) if text.contact else []
    TAKE[sort_of(text, meaning)](text, meaning, standings, now=now)


def sort_of(text: InboundText, meaning: Meaning) -> Sort:
    """What its words mean together with what came along with them."""
    if text.keyword == "STOP":
        return Sort.STOP
    if text.media and meaning.sort in (Sort.BLANK, Sort.THANKS):
        return Sort.WORDS  # a picture says more
    return meaning.sort


def _stop(text: InboundText, meaning: Meaning, own: list[Standing], *, now: datetime) -> None:
    """In silence: whoever wants no texts gets none that says so. The gateway may say it."""
    consent.opt_out(text.number, source="text", now=now)
    _be_done(text)


def _start(text: InboundText, meaning: Meaning, own: list[Standing], *, now: datetime) -> None:
    consent.opt_in(text.number)
    _be_done(text)
    if not (text.keyword or known_to_gateway(text.body)):
        reply(text, "reply_started", now=now)


def _help(text: InboundText, meaning: Meaning, own: list[Standing], *, now: datetime) -> None:
    _be_done(text)
    if not text.keyword:
        reply(text, "reply_help", now=now)


def _misread(text: InboundText, meaning: Meaning, own: list[Standing], *, now: datetime) -> None:
    _be_done(text)
    reply(text, "reply_read_again", now=now)


def _let_be(text: InboundText, meaning: Meaning, own: list[Standing], *, now: datetime) -> None:
    """Thanks, or nothing at all."""
    _be_done(text)


def _tell_status(
    text: InboundText, meaning: Meaning, own: list[Standing], *, now: datetime
) -> None:
    """Of their own tickets, and of nobody else's."""
    _be_done(text)
    expected = [one for one in own if one.expects_words] or own[:1]
    if len(expected) > 1:
        reply(text, "reply_statuses", those=expected, now=now)
    elif expected:
        reply(text, "reply_status", about=expected[0], now=now)
    else:
        reply(text, "reply_none", now=now)


def _take_number(
    text: InboundText, meaning: Meaning, own: list[Standing], *, now: datetime
) -> None:
    """The ticket that earlier texts are about, if we asked; else the question where it stands."""
    about = next((one for one in own if meaning.number in one.numbers), None)
    text.ticket = about.ticket if about else None
    _be_done(text)
    if about is None:
        reply(text, "reply_not_told", now=now)
        return
    earlier = _asked_about(text)
    for one in earlier:
        said = read(one.body)
        TAKE[sort_of(one, said)](one, said, [about], now=now)
    if not earlier:
        reply(text, "reply_status", about=about, now=now)


def _take_new(text: InboundText, meaning: Meaning, own: list[Standing], *, now: datetime) -> None:
    """What they wrote before is about none of their tickets: the desk makes a report of it."""
    said = InboundText.objects.filter(number=text.number, received_at__gt=now - PATIENCE)
    added = said.filter(state=State.DONE, meaning=Sort.WORDS).order_by("pk").last()
    earlier = _asked_about(text) or ([added] if added else [])
    _be_done(text)
    for one in earlier:
        leave_to_desk(one, now=now)
    if not earlier:
        reply(text, "reply_help", now=now)


def _asked_about(text: InboundText) -> list[InboundText]:
    """Earlier ones that wait for what this one says."""
    asked = InboundText.objects.filter(number=text.number, state=State.ASKED).order_by("pk")
    return list(asked.select_for_update(no_key=True))


def _take_words(text: InboundText, meaning: Meaning, own: list[Standing], *, now: datetime) -> None:
    take_words(text, own, now=now)


TAKE: dict[str, Callable[..., None]] = {
    Sort.STOP: _stop,
    Sort.START: _start,
    Sort.HELP: _help,
    Sort.MISREAD: _misread,
    Sort.THANKS: _let_be,
    Sort.BLANK: _let_be,
    Sort.STATUS: _tell_status,
    Sort.NUMBER: _take_number,
    Sort.NEW: _take_new,
    Sort.DIGIT: take_answer,
    Sort.YES: take_answer,
    Sort.NO: take_answer,
    Sort.WORDS: _take_words,
}


def _said_before(text: InboundText) -> bool:
    earlier = InboundText.objects.filter(
        number=text.number, pk__lt=text.pk, received_at__gte=text.received_at - TWICE
    )
    last = earlier.order_by("pk").last()
    if last is None or last.body != text.body or text.media:
        return False
    return text.meaning != Sort.DIGIT or not _was_asked_since(last, text)


def _was_asked_since(last: InboundText, text: InboundText) -> bool:
    """Whether our reply to the last one was there to be read: a digit answers that one, then."""
    replies = Message.objects.filter(contact__phone=text.number, kind__startswith="reply_")
    read_by = text.received_at - HASTE
    return replies.filter(created_at__gte=last.received_at, sent_at__lte=read_by).exists()


def _keep_for_desk(text: InboundText) -> None:
    text.state = State.DONE if text.meaning == Sort.BLANK else State.WAITING
    text.save(update_fields=["state", "meaning"])


def _be_done(text: InboundText, meaning: str = "") -> None:
    text.state, text.meaning = State.DONE, meaning or text.meaning
    text.save(update_fields=["state", "meaning", "ticket"])
