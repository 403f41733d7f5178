"""Who wants no texts. A keyed hash is kept, so that even an erased number stays silent."""

from collections.abc import Iterable
from datetime import datetime

from common.phones import hash_phone
from common.transactions import all_or_nothing
from notifications.models import Contact, Message, MessageStatus, Suppression


def opted_out(addresses: Iterable[str]) -> set[str]:
    """Those of the numbers that must not be texted; one query."""
    hashes = {hash_phone(address): address for address in addresses}
    silent = Suppression.objects.filter(phone_hash__in=hashes).values_list("phone_hash", flat=True)
    return {hashes[value] for value in silent}


@all_or_nothing
def opt_out(phone: str, *, source: str, now: datetime) -> None:
    """No more texts to this number, nor those that wait; `source` says who asked for it."""
    Suppression.objects.get_or_create(
        phone_hash=hash_phone(phone), defaults={"source": source, "created_at": now}
    )
    waiting = Message.objects.filter(contact__phone=phone, status=MessageStatus.QUEUED)
    waiting.update(status=MessageStatus.SUPPRESSED)


def opt_in(phone: str) -> bool:
    """Texts again, from the next one on; False where they were not stopped."""
    return bool(Suppression.objects.filter(phone_hash=hash_phone(phone)).delete()[0])


def why_silent(contact: Contact) -> str:
    """The source of this contact's opt-out; empty where there is none."""
    if not contact.phone:
        return ""
    found = Suppression.objects.filter(phone_hash=hash_phone(contact.phone)).first()
    return found.source if found else ""
