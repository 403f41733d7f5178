"""What citizens answered, in the life of a ticket: their texts, their verdict, calls owed them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from console.queue.dossier import Dossier
from console.queue.entry import Entry
from console.queue.masking import mask_address, mask_phone
from hotline.models import CallBack, Feedback, InboundText


def tell(dossier: Dossier) -> Iterator[Entry]:
    reported = {voice.report.pk for voice in dossier.voices}
    for text in dossier.inbound:
        if text.report_id not in reported:  # else it is told as a report
            yield _inbound(text)
    yield from map(_verdict, dossier.feedback)
    for owed in dossier.call_backs:
        yield from _call_back(owed)


def _inbound(text: InboundText) -> Entry:
    return Entry(
        at=text.received_at,
        recorded_at=text.received_at,
        drawing="text",
        title=_("Text from %(phone)s") % {"phone": mask_phone(text.number)},
        kind="inbound",
        public=text.body,
        details=[str(text.get_state_display())],
        href=reverse("console:contact", args=[text.contact_id]) if text.contact_id else "",
    )


def _verdict(feedback: Feedback) -> Entry:
    return Entry(
        at=feedback.given_at,
        recorded_at=feedback.given_at,
        drawing="user",
        title=_("What the citizen thinks of it"),
        kind="inbound",
        details=list(_opinions(feedback)),
    )


def _opinions(feedback: Feedback) -> Iterator[str]:
    if feedback.contacted is not None:
        yield _("was told about it") if feedback.contacted else _("was told nothing")
    if feedback.resolved is not None:
        yield _("says that it is fixed") if feedback.resolved else _("says that it is not fixed")
    if feedback.satisfied:
        yield _("%(points)d of 5 points") % {"points": feedback.satisfied}


def _call_back(owed: CallBack) -> Iterator[Entry]:
    """When it was promised, and when it was made."""
    whom = mask_address(owed.contact.phone or "") if owed.contact else ""
    reason = str(owed.get_reason_display())
    title = _("A call to %(phone)s is to be made") % {"phone": whom or "–"}
    yield Entry(
        owed.created_at,
        owed.created_at,
        "phone",
        title,
        "event",
        details=[reason],
        href=reverse("console:call_backs"),
    )
    if owed.done_at:
        yield Entry(
            owed.done_at,
            owed.done_at,
            "phone",
            _("%(phone)s was called") % {"phone": whom or "–"},
            "event",
            who=str(owed.done_by or ""),
            details=[str(owed.get_outcome_display())] if owed.outcome else [],
        )
