"""Calls as the telephone system tells of them: in any order, any number of times.

Each is a row from the first word on, by the telephone system's own id. What happened to a call is
written once and never taken back: a call that was answered stays answered.
"""

from datetime import datetime

from django.conf import settings

from common.transactions import all_or_nothing
from hotline import call_backs
from hotline.models import Call, CallBack
from hotline.texts import E164
from notifications import outbox
from notifications.models import Contact

# What telephone systems send in place of a number that the caller hides.
HIDDEN = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})


def ring(sid: str, number: str, *, now: datetime) -> Call:
    """The call of this id; `number` is empty or nonsense where the caller hides it."""
    shown = number if E164.fullmatch(number) and number not in HIDDEN else ""
    contact = Contact.objects.filter(phone=shown).first() if shown else None
    call = Call(provider_sid=sid, number=shown, contact=contact, rang_at=now)
    Call.objects.bulk_create([call], ignore_conflicts=True)
    known = Call.objects.select_related("contact").get(provider_sid=sid)
    if shown and not known.number:  # something else came first
        known.number, known.contact = shown, contact
        known.save(update_fields=["number", "contact"])
    return known


def speak(call: Call, chosen: str) -> str:
    """The language they chose, else the one we know them by: from now on it rings."""
    call.language = chosen or (call.contact.language if call.contact else settings.LANGUAGE_CODE)
    call.save(update_fields=["language"])
    return call.language


@all_or_nothing
def answer(call: Call, *, at: datetime) -> None:
    """Somebody of ours has taken it; if it was thought missed, nobody needs to call back."""
    locked = _lock(call)
    if locked.answered_at is None:
        locked.answered_at, locked.missed_at = max(at, locked.rang_at), None
        locked.save(update_fields=["answered_at", "missed_at"])
    for owed in CallBack.objects.owed().filter(call=call, reason=CallBack.Reason.MISSED):
        call_backs.finish(owed, by=None, now=at, outcome=CallBack.Outcome.NOT_NEEDED)


@all_or_nothing
def miss(call: Call, *, now: datetime) -> None:
    """Nobody answered in time: we owe the caller a call, message or not."""
    locked = _lock(call)
    if locked.answered_at or locked.missed_at:
        return
    locked.missed_at = now
    locked.save(update_fields=["missed_at"])
    if contact := meet(locked, now=now):
        call_backs.owe(contact, reason=CallBack.Reason.MISSED, now=now, call=locked)


@all_or_nothing
def end(call: Call, *, at: datetime, now: datetime) -> None:
    """It is over. Whoever hung up while it rang was missed."""
    locked = _lock(call)
    if locked.ended_at is None:
        locked.ended_at = max(at, locked.rang_at)
        locked.save(update_fields=["ended_at"])
    if locked.language:  # else they hung up during the greeting
        miss(locked, now=now)


def meet(call: Call, *, now: datetime) -> Contact | None:
    """The caller as somebody whom we can call back; None where the number is hidden."""
    if call.contact or not call.number:
        return call.contact
    known = Contact.objects.filter(phone=call.number).first()
    call.contact = known or outbox.find_or_add_contact(
        call.number, name="", language=call.language or "en", now=now
    )
    call.save(update_fields=["contact"])
    return call.contact


def _lock(call: Call) -> Call:
    locked: Call = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    return locked
