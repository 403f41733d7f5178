"""Who wants no texts. A keyed hash is kept, so that even an erased number stays silent."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from common.phones import hash_phone
from common.transactions import all_or_nothing
from notifications.models import Contact, Message, MessageStatus, Suppression


def opted_out(addresses: Iterable[str]) -> set[str]:
    """Those of the numbers that must not be texted; one query."""
    hashes = {hash_phone(address): address for address in addresses}
    silent = Suppression.objects.filter(phone_hash__in=hashes).values_list("phone_hash", flat=True)
    return {hashes[value] for value in silent}


@all_or_nothing
def opt_out(address: str, *, source: str, now: datetime) -> None:
    """Nothing more to this number or mail address, nor what waits; `source`: who asked for it."""
    Suppression.objects.get_or_create(
        phone_hash=hash_phone(address), defaults={"source": source, "created_at": now}
    )
    theirs = Q(contact__phone=address) | Q(contact__phone=None, contact__email=address)
    waiting = Message.objects.filter(theirs, status=MessageStatus.QUEUED)
    waiting.update(status=MessageStatus.SUPPRESSED)


def opt_in(address: str) -> bool:
    """News again, from the next one on; False where they were not stopped."""
    return bool(Suppression.objects.filter(phone_hash=hash_phone(address)).delete()[0])


def why_silent(contact: Contact) -> str:
    """The source of this contact's opt-out; empty where there is none."""
    if not contact.address:
        return ""
    found = Suppression.objects.filter(phone_hash=hash_phone(contact.address)).first()
    return found.source if found else ""
