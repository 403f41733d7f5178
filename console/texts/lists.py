"""What the rows of the lists of texts show, gathered for a page at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.queue.masking import mask_address
from console.queue.paging import Keyset
from console.texts import wording
from hotline.call_backs import ticket_of
from notifications.models import Message
from tickets.models import Ticket

NEWEST = Keyset("created_at", descending=True)


@dataclass(frozen=True)
class Line:
    message: Message
    to: str
    ticket: Ticket | None

    @property
    def kind(self) -> str:
        return wording.kind(self.message.kind)

    @property
    def error(self) -> str:
        return wording.error(self.message.error)


def lines(messages: Sequence[Message]) -> list[Line]:
    """Each text with its masked recipient and the ticket it is about."""
    tickets = tickets_of(messages)
    return [Line(m, mask_address(whom(m)), tickets.get(m.pk)) for m in messages]


def whom(message: Message) -> str:
    """The number or mail address of its person, whether or not they get texts; maybe empty."""
    contact = message.contact
    return message.recipient or ((contact.phone or contact.email) if contact else "")


def tickets_of(messages: Sequence[Message]) -> dict[int, Ticket]:
    """The ticket that each text is about, by the text; texts about nothing have none."""
    ids = {message.pk: ticket_of(message) for message in messages}
    found = Ticket.objects.only("number", "status", "moves").in_bulk(set(ids.values()) - {0})
    return {pk: found[ticket] for pk, ticket in ids.items() if ticket in found}


def segments_sent(messages: Sequence[Message]) -> int:
    """What is billed for them, as far as we know: segments of those that went out."""
    return sum(message.segments for message in messages if message.sent_at)
