"""What texts, their states and their fates are called on the staff's screens."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from notifications.waits import Why

REPLY = "reply"  # and an underscore: what of many things we replied

# What each kind of text tells. One that has no words yet is shown by its code.
KINDS: dict[str, str | Promise] = {
    "open": pgettext_lazy("kind of text", "Received"),
    "join": pgettext_lazy("kind of text", "One more report received"),
    "assign": pgettext_lazy("kind of text", "Crew assigned"),
    "order_en_route": pgettext_lazy("kind of text", "Crew on the way"),
    "order_made_safe": pgettext_lazy("kind of text", "Made safe"),
    "hold": pgettext_lazy("kind of text", "Delayed"),
    "resolve": pgettext_lazy("kind of text", "Solved"),
    "answer": pgettext_lazy("kind of text", "Answered"),
    "close": pgettext_lazy("kind of text", "Closed"),
    "reopen": pgettext_lazy("kind of text", "Reopened"),
    "reject": pgettext_lazy("kind of text", "Rejected"),
    "merge": pgettext_lazy("kind of text", "Joined with others"),
    REPLY: pgettext_lazy("kind of text", "Reply to a text"),
    "written": pgettext_lazy("kind of text", "Written by a person"),
    "crew_order": pgettext_lazy("kind of text", "New job, to the crew"),
    "crew_recall": pgettext_lazy("kind of text", "Job taken back, to the crew"),
}

# What keeps a queued text; %(time)s where a moment is known.
WAITS: dict[Why, str | Promise] = {
    Why.NEWS: _("It waits a little for more news, so that one text can tell all: until %(time)s."),
    Why.AGAIN: _("It did not go; the next try is at %(time)s."),
    Why.TOO_LATE: _("It came too late to be worth sending and will be withdrawn."),
    Why.NO_GATEWAY: _("Nothing is set up under the name of its gateway. Look at the settings."),
    Why.BROKEN: _("Its gateway is out of order; the next try of the way is at %(time)s."),
    Why.PAUSE: _("Its gateway asked for a pause until %(time)s."),
    Why.NIGHT: _("Night: it goes at %(time)s."),
    Why.DOUBT: _("Another text to this person is in doubt; first that must be known."),
    Why.ANOTHER: _("Another text to this person is on its way at this moment."),
    Why.ENOUGH: _("Four texts an hour are enough for one person: it goes at %(time)s."),
    Why.TURN: _("It is due and goes with the next handful."),
}

# Who said that somebody wants no texts. Gateways go by their own names.
SOURCES: dict[str, str | Promise] = {
    "text": _("by a text of theirs"),
    "operator": _("on the phone"),
    "web": _("on the web page"),
    "twilio": _("known from the gateway Twilio"),
    "json": _("known from the gateway JSON"),
}

GATEWAYS: dict[str, str | Promise] = {
    "twilio": _("Twilio"),
    "json": _("JSON gateway"),
    "mail": _("E-mail"),
    "printing": _("Printed to the log"),
    "": _("none"),
}

# What our own code writes down as errors of a text; the gateways' are in their tables.
ERRORS = (
    gettext_noop("the gateway's answer was lost"),
    gettext_noop("no answer was recorded"),
)


def kind(code: str) -> str:
    known = REPLY if code.startswith(f"{REPLY}_") else code
    return str(KINDS.get(known, code.replace("_", " ")))


def gateway(name: str) -> str:
    return str(GATEWAYS.get(name, name))


def source(code: str) -> str:
    return str(SOURCES.get(code, code))


def error(text: str) -> str:
    """What went wrong, in the reader's language; the gateway's own code in front stays."""
    code, _space, words = text.partition(" ")
    if words and code.isascii() and any(character.isdigit() for character in code):
        return f"{code} {gettext(words)}"
    return gettext(text) if text else ""
