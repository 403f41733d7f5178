"""Which moves of a ticket are legal: the one table. The database holds it too, as a CHECK."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    ASSIGNED = "assigned", _("Crew assigned")
    IN_PROGRESS = "in_progress", _("Work in progress")
    WAITING = "waiting", _("Waiting")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Rejected")
    MERGED = "merged", _("Merged")


S = Status
NOWHERE = ""  # a ticket before it was opened
OPEN = (S.RECEIVED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.WAITING)


@dataclass(frozen=True)
class Rule:
    from_: frozenset[str]
    to: str


def _rule(to: str, *from_: str) -> Rule:
    return Rule(frozenset(from_), to)


RULES: dict[str, Rule] = {
    "open": _rule(S.RECEIVED, NOWHERE),
    "accept": _rule(S.ACCEPTED, S.RECEIVED),
    "reject": _rule(S.REJECTED, S.RECEIVED, S.ACCEPTED, S.WAITING),
    "merge": _rule(S.MERGED, S.RECEIVED, S.ACCEPTED, S.WAITING),
    "unmerge": _rule(S.ACCEPTED, S.MERGED),
    "answer": _rule(S.RESOLVED, S.RECEIVED, S.ACCEPTED, S.WAITING),
    "assign": _rule(S.ASSIGNED, S.ACCEPTED, S.WAITING),
    "start": _rule(S.IN_PROGRESS, S.ASSIGNED),
    "recall": _rule(S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS),
    "resolve": _rule(S.RESOLVED, S.ASSIGNED, S.IN_PROGRESS),
    "hold": _rule(S.WAITING, S.RECEIVED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS),
    "resume": _rule(S.ACCEPTED, S.WAITING),
    "close": _rule(S.CLOSED, S.RESOLVED),
    "reopen": _rule(S.ACCEPTED, S.RESOLVED, S.CLOSED, S.REJECTED),
    "correct": _rule(S.ACCEPTED, S.RESOLVED),
}

# Entered and left only by dispatch.settle, which reads what the orders of the ticket say.
SETTLED = frozenset({"assign", "start", "recall", "resolve"})

# A decision of a person that makes the outcomes recorded before it history.
FRESH_START = frozenset({"reopen", "correct", "resume", "unmerge"})
