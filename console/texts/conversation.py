"""Everything between us and one person, in its order: texts out and in, calls, calls we owe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from console.texts import wording
from console.texts.lists import tickets_of
from hotline.models import Call, CallBack, InboundText, Report
from notifications.models import Contact, Message
from tickets.models import Channel, Ticket

SIZE = 100


@dataclass(frozen=True)
class Said:
    """One line of the conversation. `side`: in, out, or mid where nobody's words are shown."""

    at: datetime
    side: str
    drawing: str
    title: str
    words: str = ""
    language: str = ""
    row: Message | None = None  # whose state is shown
    details: list[str] = field(default_factory=list)
    wrong: str = ""
    ticket: Ticket | None = None
    href: str = ""


@dataclass(frozen=True)
class Conversation:
    lines: list[Said]
    older: str  # where the page before this one ends; empty on the first


def read(contact: Contact, *, before: datetime | None) -> Conversation:
    """The last SIZE lines before a moment, the oldest first."""
    every = sorted(_lines(contact, before), key=lambda line: line.at)
    shown = every[-SIZE:]
    return Conversation(shown, older=shown[0].at.isoformat() if len(every) > SIZE else "")


def read_moment(typed: str) -> datetime | None:
    """What a link of ours says; nothing for anything else."""
    try:
        at = parse_datetime(typed)
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _lines(contact: Contact, before: datetime | None) -> Iterator[Said]:
    def last(rows: QuerySet[Any], column: str) -> list[Any]:
        found = rows.filter(contact=contact)
        if before:
            found = found.filter(**{f"{column}__lt": before})
        return list(found.order_by(f"-{column}", "-pk")[: SIZE + 1])

    about = Report.objects.select_related("ticket", "words")
    calls = last(Call.objects.select_related("operator"), "rang_at")
    brought = {report.call_id: report for report in about.filter(call__in=calls)}
    told = about.filter(call=None).exclude(channel=Channel.TEXT)  # those are their texts
    yield from _texts(last(Message.objects.all(), "created_at"))
    yield from map(_inbound, last(InboundText.objects.select_related("ticket"), "received_at"))
    yield from (_call(call, brought.get(call.pk)) for call in calls)
    yield from map(_report, last(told, "said_at"))
    yield from map(_owed, last(CallBack.objects.select_related("ticket", "done_by"), "created_at"))


def _texts(messages: Sequence[Message]) -> Iterator[Said]:
    tickets = tickets_of(messages)
    for message in messages:
        yield Said(
            message.created_at,
            "out",
            "text",
            wording.kind(message.kind),
            words=message.body,
            language=message.language,
            row=message,
            wrong=wording.error(message.error),
            ticket=tickets.get(message.pk),
            href=reverse("console:text", args=[message.pk]),
        )


def _inbound(text: InboundText) -> Said:
    return Said(
        text.received_at,
        "in",
        "text",
        _("Their text"),
        words=text.body,
        details=[str(text.get_state_display())],
        ticket=text.ticket,
    )


def _call(call: Call, report: Report | None) -> Said:
    outcome = str(call.get_outcome_display()) if call.outcome else ""
    missed = _("Nobody answered") if call.answered_at is None else ""
    return Said(
        call.rang_at,
        "in" if report else "mid",
        "phone",
        _("Call"),
        words=report.words.internal if report else "",
        language=report.language if report else "",
        details=[part for part in (outcome, str(call.operator or "")) if part],
        wrong=missed,
        ticket=report.ticket if report else None,
    )


def _report(report: Report) -> Said:
    return Said(
        report.said_at,
        "in",
        "user",
        _("Reported: %(channel)s") % {"channel": report.get_channel_display()},
        words=report.words.public or report.words.internal,
        language=report.language,
        ticket=report.ticket,
    )


def _owed(owed: CallBack) -> Said:
    done = _("Call made") if owed.done_at else _("Call to make")
    outcome = str(owed.get_outcome_display()) if owed.outcome else ""
    details = [str(owed.get_reason_display()), outcome, str(owed.done_by or "")]
    return Said(
        owed.done_at or owed.created_at,
        "mid",
        "phone",
        done,
        details=[part for part in details if part],
        ticket=owed.ticket,
        href=reverse("console:call_backs"),
    )
