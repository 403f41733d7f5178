"""A phone call as it is written down: with the report it brought, or with what else came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from common.models import User
from common.transactions import once_more
from dispatch.models import Crew
from hotline.models import Call, Report
from hotline.services import Said, take_emergency, take_report
from notifications.models import Contact
from tickets.models import Ticket


@dataclass(frozen=True)
class Line:
    """One call on an operator's line; `key` is the desk form's own id: one form is one call."""

    key: UUID
    number: str  # E.164, empty where it is hidden
    rang_at: datetime
    answered_at: datetime

    @property
    def sid(self) -> str:
        return f"desk-{self.key}"


@once_more
@transaction.atomic
def take_call(
    said: Said,
    line: Line,
    *,
    by: User,
    now: datetime,
    join: Ticket | None = None,
    crew: Crew | None = None,
) -> Report:
    """The call and its report in one go; a dangerous one is sent to `crew` as an emergency.

    The citizen's clock starts when the call rang, however long the operator typed.
    The same form again gives the first report back. Raises what dispatch raises where the crew
    cannot be sent; then neither call nor report is written.
    """
    call = _write(line, by=by, now=now)
    when: dict[str, Any] = {"now": now, "occurred_at": line.rang_at}
    if said.dangerous and join is None:
        return take_emergency(said, crew=crew, by=by, call=call, **when)
    return take_report(said, by=by, call=call, join=join, **when)


@transaction.atomic
def log_call(line: Line, outcome: str, *, by: User, now: datetime) -> Call:
    """A call that brought no report. What was already said of this call stays as it is."""
    contact = Contact.objects.filter(phone=line.number).first() if line.number else None
    return _write(line, by=by, now=now, outcome=outcome, contact=contact)


def _write(
    line: Line, *, by: User, now: datetime, outcome: str = "", contact: Contact | None = None
) -> Call:
    """The call's own row. The second of two clicks waits for the first and finds its row."""
    try:
        with transaction.atomic():
            return Call.objects.create(
                provider_sid=line.sid,
                number=line.number,
                contact=contact,
                operator=by,
                rang_at=line.rang_at,
                answered_at=line.answered_at,
                ended_at=now,
                outcome=outcome,
            )
    except IntegrityError:
        return Call.objects.get(provider_sid=line.sid)
