"""What the gateways' codes mean: data, with a careful answer for whatever is not in the table.

Twilio changes and splits its codes without notice, so an unknown one never harms anybody: a text
that is refused with it waits for a person, one that came to nothing with it is left alone.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_noop

from notifications.gateways import Verdict

V = Verdict


@dataclass(frozen=True)
class Action:
    """What to do about a text that was taken and came to nothing. Mostly nothing: it is shown."""

    number: bool = False  # gets no texts, ever
    opted_out: bool = False
    account: bool = False  # somebody must look at our account
    retry_after: timedelta | None = None  # once; the first may still arrive, so not more often


@dataclass(frozen=True)
class Code:
    words: str
    refused: Verdict  # where it answers our request
    receipt: Action  # where it comes later, in a receipt


# The gateways' own words for the end of a text, as they become a MessageStatus.
ENDS = {
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}

NOTHING = Action()
NUMBER, OPTED_OUT, ACCOUNT = Action(number=True), Action(opted_out=True), Action(account=True)
LATER = Action(retry_after=timedelta(minutes=30))
TOMORROW = Action(retry_after=timedelta(hours=24))

# Words are the key under which screens find their translation. The names are those of the JSON
# gateway (docs/texts.md), the figures are Twilio's.
TABLE: list[tuple[str, Verdict, Action, str]] = [
    (
        "21211 21604 invalid_number no_recipient",
        V.NUMBER,
        NUMBER,
        gettext_noop("not a phone number"),
    ),
    ("21614 21635 30006 landline", V.NUMBER, NUMBER, gettext_noop("a landline gets no texts")),
    ("30005 unknown_number", V.NUMBER, NUMBER, gettext_noop("nobody has this number")),
    ("21610 opted_out", V.OPTED_OUT, OPTED_OUT, gettext_noop("this person wants no texts")),
    (
        "10001 20003 20005 20006 20008 20403 20404 unauthorised unauthorized",
        *(V.ACCOUNT, ACCOUNT),
        gettext_noop("the gateway refuses our account"),
    ),
    ("30002 90010 suspended", V.ACCOUNT, ACCOUNT, gettext_noop("our account is suspended")),
    (
        "21212 21603 21606 21659 21660 21661 21701 21702 21703 21704 21705 21706 21707 21708 21709"
        " no_sender",
        *(V.ACCOUNT, ACCOUNT),
        gettext_noop("the gateway refuses our sender"),
    ),
    (
        "21609 bad_callback",
        V.ACCOUNT,
        ACCOUNT,
        gettext_noop("the gateway refuses our address for receipts"),
    ),
    (
        "30032 30033 30034 30035",
        *(V.ACCOUNT, ACCOUNT),
        gettext_noop("our sender is not registered"),
    ),
    # These depend on where the text goes: one number abroad must not hold a whole city's texts.
    (
        "21408 21612 country no_route",
        V.PERMANENT,
        NOTHING,
        gettext_noop("no texts to this country from our sender"),
    ),
    ("21608", V.PERMANENT, NOTHING, gettext_noop("a trial account texts verified numbers only")),
    ("21602 21617 21619 no_body too_long", V.PERMANENT, NOTHING, gettext_noop("empty or too long")),
    ("20429 too_many", V.RETRY, LATER, gettext_noop("the gateway asked for a pause")),
    ("21611 30001 30022 queue_full", V.RETRY, LATER, gettext_noop("too many texts at the gateway")),
    ("30023 30027", V.RETRY, TOMORROW, gettext_noop("no more texts on this day")),
    ("20500 20503", V.AMBIGUOUS, LATER, gettext_noop("the gateway gave no clear answer")),
    ("30003 unreachable", V.PERMANENT, LATER, gettext_noop("the phone cannot be reached")),
    (
        "30008 30017 30410 30500 63010 63012 63017 63018",
        *(V.PERMANENT, LATER),
        gettext_noop("lost on the way"),
    ),
    ("30004 30007 blocked", V.PERMANENT, NOTHING, gettext_noop("blocked by the network")),
    ("30450 30454", V.PERMANENT, NOTHING, gettext_noop("held back for fear of fraud")),
    ("30036 expired", V.PERMANENT, NOTHING, gettext_noop("came too late to be worth it")),
]
CODES = {
    code: Code(words, refused, receipt)
    for codes, refused, receipt, words in TABLE
    for code in codes.split()
}

# Where there is no code, or an unknown one.
WORDS = {
    V.RETRY: gettext_noop("the gateway could not be reached"),
    V.AMBIGUOUS: gettext_noop("the gateway gave no clear answer"),
    V.PERMANENT: gettext_noop("the gateway refuses this text"),
    V.NUMBER: gettext_noop("this number gets no texts"),
    V.OPTED_OUT: gettext_noop("this person wants no texts"),
    V.ACCOUNT: gettext_noop("the gateway refuses our account or its settings"),
}


def judge(http_status: int, code: str) -> Verdict:
    """What an answer that is no success means for the text.

    Only a code of the gateway's own proves that the gateway has decided; a bare 4xx may come from
    anything in between.
    """
    if http_status == 429:
        return V.RETRY
    if http_status == 401:
        return V.ACCOUNT
    if not 400 <= http_status < 500:
        return V.AMBIGUOUS
    if code:
        return CODES[code].refused if code in CODES else V.PERMANENT
    return V.ACCOUNT if http_status in {402, 403, 404, 407} else V.AMBIGUOUS


def after_receipt(code: str) -> Action:
    """What to do about a text of which a receipt says that it came to nothing."""
    return CODES[code].receipt if code in CODES else NOTHING


def status_of(word: str) -> str:
    """Where a text is that a gateway has: whatever is no end is on its way."""
    return ENDS.get(word, "sent")


def describe(code: str) -> str:
    """The code in words, in English; screens translate them. Empty where it is not known."""
    return CODES[code].words if code in CODES else ""


def is_landline(code: str) -> bool:
    return describe(code) == describe("landline")
