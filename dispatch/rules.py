"""Which moves of a work order are legal, and how it may end: the tables."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class OrderStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    DISPATCHED = "dispatched", _("Sent to the crew")
    ACCEPTED = "accepted", _("Accepted by the crew")
    EN_ROUTE = "en_route", _("On the way")
    ON_SCENE = "on_scene", _("On scene")
    DONE = "done", _("Done")
    CANNOT_COMPLETE = "cannot_complete", _("Could not be completed")
    DECLINED = "declined", _("Declined")
    RECALLED = "recalled", _("Recalled")
    PREEMPTED = "preempted", _("Pre-empted")


O = OrderStatus  # noqa: E741 - the table below reads better

LIVE = (O.PLANNED, O.DISPATCHED, O.ACCEPTED, O.EN_ROUTE, O.ON_SCENE)
ON_THE_MOVE = (O.DISPATCHED, O.ACCEPTED, O.EN_ROUTE, O.ON_SCENE)

# to → from. A crew without signal may report only the last of several steps: milestones move
# forward past the ones that were not pressed (docs/decisions/0003).
ORDER_RULES: dict[str, frozenset[str]] = {
    O.DISPATCHED: frozenset({O.PLANNED}),
    O.ACCEPTED: frozenset({O.DISPATCHED}),
    O.DECLINED: frozenset({O.DISPATCHED}),
    O.EN_ROUTE: frozenset({O.DISPATCHED, O.ACCEPTED}),
    O.ON_SCENE: frozenset({O.DISPATCHED, O.ACCEPTED, O.EN_ROUTE}),
    O.DONE: frozenset(ON_THE_MOVE),
    O.CANNOT_COMPLETE: frozenset(ON_THE_MOVE),
    O.RECALLED: frozenset(LIVE),
    O.PREEMPTED: frozenset({O.ACCEPTED, O.EN_ROUTE, O.ON_SCENE}),
}


class Kind(models.TextChoices):
    INSPECT = "inspect", _("Inspect")
    MAKE_SAFE = "make_safe", _("Make safe")
    REPAIR = "repair", _("Repair")
    VERIFY = "verify", _("Verify")


class Outcome(models.TextChoices):
    RESTORED = "restored", _("Restored: it works again")
    SAFE_ONLY = "safe_only", _("Made safe only")
    INSPECTED = "inspected", _("Inspected")
    NOTHING_FOUND = "nothing_found", _("Nothing found")
    NOT_OURS = "not_ours", _("Not ours")
    WAITING = "waiting", _("Waiting for somebody")


# After these the repair is still to be done: a planned order takes it up, so that no ticket
# comes to rest with nobody's name on it.
NEEDS_FOLLOW_UP = frozenset({Outcome.SAFE_ONLY, Outcome.INSPECTED})


@dataclass(frozen=True)
class Reason:
    text: str | Promise
    waits: bool = False  # the ticket waits for somebody outside
    follow_up: bool = True  # another order takes the job up


# Why a crew could not finish, or what a ticket waits for.
REASONS: dict[str, Reason] = {
    "no_access": Reason(_("No access")),
    "wrong_location": Reason(_("Wrong location")),
    "no_fault_found": Reason(_("No fault found"), follow_up=False),
    "not_ours": Reason(_("Not ours"), follow_up=False),
    "duplicate": Reason(_("Done by another order"), follow_up=False),
    "waiting_utility": Reason(_("Waiting for the utility"), waits=True),
    "waiting_parts": Reason(_("Waiting for parts"), waits=True),
    "other_vehicle": Reason(_("Needs another vehicle or skill")),
    "traffic_permit": Reason(_("Needs traffic management or a permit"), waits=True),
    "unsafe": Reason(_("Unsafe now (live line, weather)")),
    "hours_exhausted": Reason(_("Crew hours exhausted")),
    "made_safe_only": Reason(_("Made safe only")),
    "citizen": Reason(_("Waiting for the citizen"), waits=True),
}
