"""What the crew is told after it pressed a button."""

from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# After these the job is out of hand: back to the list.
LEAVES = frozenset({"decline", "done", "cannot_complete"})

APPLIED = {
    "accept": gettext_lazy("Accepted. The desk sees that it is yours."),
    "decline": gettext_lazy("Declined. The desk sends somebody else."),
    "en_route": gettext_lazy("On the way. Drive safely."),
    "on_scene": gettext_lazy("On scene."),
    "made_safe": gettext_lazy("Recorded: the place is safe."),
    "equipment": gettext_lazy("Equipment recorded."),
    "material": gettext_lazy("Material recorded."),
    "finding": gettext_lazy("Finding recorded."),
    "photo": gettext_lazy("Photo recorded."),
    "done": gettext_lazy("Finished. Thank you."),
    "cannot_complete": gettext_lazy("Recorded. The desk sees to what comes next."),
}


def say(kind: str, answer: dict[str, Any]) -> tuple[int, str]:
    """Level and words of the message for what dispatch.operations answered."""
    if answer["status"] == "applied":
        return messages.SUCCESS, str(APPLIED[kind])
    if answer["status"] == "flagged":
        return messages.WARNING, _("Recorded. The dispatcher will look at it.")
    return messages.ERROR, str(answer["why"])
