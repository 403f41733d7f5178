"""The kinds of texts whose words a city may change, and what each kind can and must say.

The words themselves are in templates/texts/<kind>.<language>.txt, or in a Wording that stands for
them. A fact is a plain string, but for `reply`: whether this person's answer would reach us.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FACTS: dict[str, str | Promise] = {
    "number": _("the ticket number"),
    "category": _("what it is about"),
    "address": _("where it is; empty where only the map knows"),
    "reason": _("the public reason or answer; may be empty"),
    "into": _("the number under which the work goes on"),
    "job": _("what the crew is to do"),
    "link": _("the citizen's own link; empty for numbers that get no links"),
    "reply": _("only for {% if reply %}: whether an answer by text would reach us"),
}
MAY_BE_MISSING = ("address", "reason", "link", "reply")


@dataclass(frozen=True)
class Kind:
    title: str | Promise
    sent: str | Promise  # when
    facts: tuple[str, ...]
    required: tuple[str, ...] = ("number", "link")
    # Which facts give way where two segments are too few, and in which order.
    shrinks: tuple[str, ...] = ("address", "category", "reason")


_USUAL = ("number", "category", "address", "link")
_REASONED = ("number", "category", "reason", "link")

KINDS: dict[str, Kind] = {
    "received": Kind(
        pgettext_lazy("kind of text", "Received"),
        _("At once, to everybody who reports something."),
        _USUAL,
    ),
    "scheduled": Kind(
        pgettext_lazy("kind of text", "Scheduled"),
        _("When a crew is given the job."),
        _USUAL,
    ),
    "on_the_way": Kind(
        pgettext_lazy("kind of text", "Crew on the way"),
        _("When the crew sets out. Not worth sending four hours later."),
        _USUAL,
    ),
    "made_safe": Kind(
        pgettext_lazy("kind of text", "Made safe"),
        _("When the crew reports that there is no danger any more."),
        _USUAL,
    ),
    "delayed": Kind(
        pgettext_lazy("kind of text", "Delayed"),
        _("When the work has to wait for somebody or something."),
        _REASONED,
    ),
    "resolved": Kind(
        pgettext_lazy("kind of text", "Resolved"),
        _("When the problem is solved. Asks whether it really is."),
        (*_REASONED, "reply"),
        ("number", "link", "reply"),
    ),
    "closed": Kind(
        pgettext_lazy("kind of text", "Closed"),
        _("When everybody agreed, or nobody objected in time."),
        _USUAL,
    ),
    "reopened": Kind(
        pgettext_lazy("kind of text", "Reopened"),
        _("When somebody says that it is not solved after all."),
        _USUAL,
    ),
    "rejected": Kind(
        pgettext_lazy("kind of text", "Rejected"),
        _("When the city cannot act on it."),
        _REASONED,
        ("number", "link", "reason"),
    ),
    "merged": Kind(
        pgettext_lazy("kind of text", "Merged"),
        _("When many people reported the same problem and it goes on under one number."),
        ("number", "into", "category", "address", "link"),
        ("number", "into", "link"),
    ),
    "crew_order": Kind(
        pgettext_lazy("kind of text", "Job for a crew"),
        _("When a crew with a phone number of its own is sent."),
        ("number", "job", "category", "address"),
        ("number",),
        ("category", "address"),  # a crew can look up the kind; it must find the place
    ),
    "crew_recall": Kind(
        pgettext_lazy("kind of text", "Crew recalled"),
        _("When a crew is not to go after all."),
        ("number", "job", "category", "address"),
        ("number",),
        ("category", "address"),
    ),
}
