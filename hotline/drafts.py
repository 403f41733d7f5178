"""Texts that only a person can deal with: the desk makes a report of each, or puts it aside."""

from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from common.models import User
from common.transactions import all_or_nothing
from hotline.models import InboundText, Report
from hotline.services import Said, take_report
from hotline.texts import is_citizen
from tickets import feedback as tickets
from tickets.models import Channel, Ticket

State = InboundText.State


class NotWaiting(Exception):
    """Somebody else has dealt with it already."""


@all_or_nothing
def make_report(
    inbound: InboundText,
    said: Said,
    *,
    by: User,
    now: datetime,
    join: Ticket | None = None,
) -> Report:
    """The report it was meant as; the citizen is told its number. They said it when they wrote it.

    Twice the same text is one report. Raises NotWaiting where it was put aside.
    """
    text = _lock(inbound)
    if text.state == State.REPORTED and text.report:
        return text.report
    _require_waiting(text)
    phone = text.number if is_citizen(text.number) else said.caller.phone
    said = replace(
        said,
        channel=Channel.TEXT,
        caller=replace(said.caller, phone=phone),
        sender_key=uuid5(NAMESPACE_URL, f"text:{text.provider_sid}"),
    )
    report = take_report(said, by=by, now=now, occurred_at=text.received_at, join=join)
    text.report, text.ticket, text.contact = report, report.ticket, report.contact
    _settle(text, State.REPORTED, by=by, now=now)
    return report


@all_or_nothing
def attach(inbound: InboundText, ticket: Ticket, *, by: User, now: datetime) -> None:
    """Its words belong to a ticket we know. Raises NotWaiting."""
    text = _lock(inbound)
    _require_waiting(text)
    event = tickets.add_words(
        ticket, words=text.body, media=text.media, said_at=text.received_at, now=now
    )
    text.ticket = event.ticket
    _settle(text, State.DONE, by=by, now=now)


@all_or_nothing
def dismiss(inbound: InboundText, *, by: User, now: datetime, reason: str) -> None:
    """Nothing comes of it; `reason` is an InboundText.Dismissal. Raises NotWaiting."""
    text = _lock(inbound)
    _require_waiting(text)
    text.dismissal = InboundText.Dismissal(reason)
    _settle(text, State.DISMISSED, by=by, now=now)


def _lock(inbound: InboundText) -> InboundText:
    return InboundText.objects.select_for_update(no_key=True).get(pk=inbound.pk)


def _require_waiting(text: InboundText) -> None:
    if text.state not in (State.WAITING, State.ASKED):
        raise NotWaiting(text.provider_sid)


def _settle(text: InboundText, state: str, *, by: User, now: datetime) -> None:
    text.state, text.handled_by, text.handled_at = state, by, now
    text.save()
