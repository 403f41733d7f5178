"""Whether news get through to somebody, and if not, why and since when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common.phones import hash_phone
from console.texts import wording
from notifications.models import Contact, Suppression, Untextable


@dataclass(frozen=True)
class Reach:
    """`state`: texts, mail, opted_out, landline, unreachable or nothing."""

    state: str
    label: str
    why: str = ""
    since: datetime | None = None

    @property
    def textable(self) -> bool:
        return self.state in ("texts", "mail")


def reach_of(contacts: Collection[Contact]) -> dict[int, Reach]:
    """How each of them is reached, by the contact's key; one query."""
    hashes = {hash_phone(c.address): c.pk for c in contacts if c.address}
    found = Suppression.objects.filter(phone_hash__in=hashes) if hashes else ()
    silent = {hashes[row.phone_hash]: row for row in found}
    return {contact.pk: _reach(contact, silent.get(contact.pk)) for contact in contacts}


def _reach(contact: Contact, silent: Suppression | None) -> Reach:
    if silent:
        why = _("Wants no texts: %(source)s.") % {"source": wording.source(silent.source)}
        return Reach("opted_out", _("wants no texts"), why, silent.created_at)
    if contact.phone and not contact.untextable:
        return Reach("texts", _("gets texts"))
    number = _number(contact)
    if contact.email:
        return Reach("mail", _("gets e-mails"), number.why if contact.phone else "")
    return number


def _number(contact: Contact) -> Reach:
    if not contact.phone:
        return Reach("nothing", _("no number"), _("There is no number or address to write to."))
    if contact.untextable == Untextable.LANDLINE:
        return Reach("landline", _("landline"), _("A landline gets no texts. Please ring."))
    return Reach("unreachable", _("not reachable"), _("Texts do not arrive at this number."))
