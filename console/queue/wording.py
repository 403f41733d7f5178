"""How the history says what happened: a sentence and a drawing for each kind of event."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# kind: (drawing, words). The words may name what `timeline` knows: crew, job, from, to, into.
EVENTS: dict[str, tuple[str, str | Promise]] = {
    "open": ("plus", _("Ticket opened")),
    "join": ("phone", _("One more report of it")),
    "accept": ("check", _("Accepted")),
    "reject": ("cross", _("Rejected")),
    "answer": ("check", _("Answered without a crew")),
    "merge": ("on", _("Merged into %(into)s")),
    "unmerge": ("back", _("A ticket of its own again")),
    "repoint": ("on", _("Now merged into %(into)s")),
    "recategorise": ("list", _("Category changed: %(from)s → %(to)s")),
    "transfer": ("team", _("Handed over: %(from)s → %(to)s")),
    "assign": ("truck", _("A crew has it")),
    "start": ("tool", _("Work has begun")),
    "recall": ("back", _("No crew has it any more")),
    "resolve": ("check", _("Resolved")),
    "hold": ("clock", _("On hold")),
    "resume": ("on", _("Taken up again")),
    "close": ("check", _("Closed")),
    "reopen": ("back", _("Reopened")),
    "correct": ("back", _("Resolved by mistake: corrected")),
    "note": ("text", _("Note")),
    "write": ("text", _("Wrote to a citizen")),
    "citizen_wrote": ("text", _("A citizen wrote")),
    "plan": ("list", _("Job planned: %(job)s")),
    "dispatch": ("truck", _("Sent to %(crew)s: %(job)s")),
    "recall_order": ("back", _("Taken back from %(crew)s: %(job)s")),
    "preempt": ("alert", _("%(crew)s was called away to an emergency")),
    "order_accepted": ("check", _("%(crew)s takes the job")),
    "order_declined": ("cross", _("%(crew)s declines the job")),
    "order_en_route": ("truck", _("%(crew)s is on the way")),
    "order_on_scene": ("pin", _("%(crew)s is on scene")),
    "order_made_safe": ("check", _("Made safe")),
    "order_finding": ("eye", _("Found on scene")),
    "order_equipment": ("truck", _("Equipment used")),
    "order_material": ("tool", _("Material used")),
    "order_photo": ("camera", _("Photo")),
    "order_done": ("check", _("%(crew)s is done: %(outcome)s")),
    "order_cannot_complete": ("cross", _("%(crew)s could not finish: %(reason)s")),
}

FLAGS: dict[str, str | Promise] = {
    "late": _("reported late"),
    "after_the_end": _("after the ticket was over"),
    "outside_districts": _("Outside all districts"),
    "disputed": _("disputed"),
    "closed_before_opened": _("Closed before it was opened"),
    "closed_without_time": _("Closed at an unknown time"),
    "opened_in_future": _("Opened in the future"),
    "default_point": _("Only a default point"),
    "bad_point": _("Its point is not on the map"),
    "no_place": _("No place given"),
    "duplicate": _("Marked as a duplicate"),
    "reopened": _("Was reopened"),
    "text_cut": _("Text was cut"),
    "damaged_text": _("Text is damaged"),
    "citizen_wrote": _("A citizen wrote"),
}

HOW: dict[str, str | Promise] = {
    "desk": _("by the desk"),
    "outside": _("by somebody outside"),
    "imported": _("imported"),
    "crew": _("by the crew"),
    "citizen": _("by a citizen"),
    "agreed": _("everybody says that it is fixed"),
    "silence": _("nobody objected in time"),
}


def flag(code: str) -> str:
    """A flag in words; one that has none yet is shown as it is written."""
    return str(FLAGS.get(code, code.replace("_", " ")))
