"""What a person can do to a ticket from its page. A new action is one class, listed here."""

from __future__ import annotations

from common.models import User
from console.queue.actions import course, triage
from console.queue.actions.base import Action
from console.queue.offers import Offers
from tickets.models import Ticket

# In the order of the page: the usual next step of each status comes first.
ACTIONS: dict[str, type[Action]] = {
    action.name: action
    for action in (
        triage.Accept,
        course.MarkRead,
        course.Resume,
        course.Close,
        triage.Unmerge,
        course.Correct,
        course.Reopen,
        triage.Answer,
        course.Hold,
        triage.Reject,
        triage.Merge,
        triage.Transfer,
        triage.Recategorise,
        course.Recall,
        course.Note,
    )
}


def legal_actions(ticket: Ticket, user: User) -> list[type[Action]]:
    """What this person may do to the ticket as it is now."""
    return [a for a in ACTIONS.values() if a.offered(ticket) and user.role not in a.not_for]


def offered_forms(offers: Offers, user: User, *, refused: Action | None = None) -> list[Action]:
    """A form for each of them; the one that was just refused, with what was typed into it."""
    legal = legal_actions(offers.ticket, user)
    return [
        refused if refused and action is type(refused) else action(offers=offers)
        for action in legal
    ]
