"""A text that a person of the desk writes to a citizen, about one of their tickets."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from common.models import User
from common.transactions import once_more
from notifications import outbox
from notifications.models import Contact, Message
from tickets import services as tickets
from tickets.models import Ticket


@once_more
def write(
    contact: Contact, ticket: Ticket, body: str, *, key: UUID, by: User, now: datetime
) -> None:
    """The text, and who wrote it in the history of its ticket; the same key again is the same."""
    message = Message(
        dedupe_key=f"written:{key}",
        topic=ticket.topic,
        kind="written",
        contact=contact,
        language=contact.language,
        body=body,
    )
    try:
        with transaction.atomic():
            tickets.record(ticket, "write", by=by, now=now, tell=False)
            outbox.enqueue([message], now=now)
    except IntegrityError:
        if not Message.objects.filter(dedupe_key=message.dedupe_key).exists():
            raise
