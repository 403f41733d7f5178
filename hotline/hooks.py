"""What the gateway tells us of texts and calls that come in: signed, or refused.

Once it is signed and readable the answer is a success whatever we make of it: the gateway would
only say it again, or read an error message to a caller.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import wraps
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hotline import twiml, voice
from hotline.models import Call
from hotline.recordings import SID as RECORDING
from hotline.recordings import take_recording
from hotline.texts import Incoming, take_text
from notifications.webhooks import can_be_kept, signed_by_twilio

logger = logging.getLogger(__name__)

NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'  # whatever we say is in the outbox
KEYWORDS = frozenset({"STOP", "START", "HELP"})
ANSWERED = frozenset({"completed", "answered"})
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})

T = TypeVar("T")
Step = Callable[[HttpRequest, str, datetime], HttpResponse]


@signed_by_twilio
def text(request: HttpRequest) -> HttpResponse:
    told = request.POST
    sid, number = told.get("MessageSid", ""), told.get("From", "").strip()
    if not (_is_name(sid, 64) and _is_name(number, 40) and "Body" in told):
        return HttpResponse(status=400)
    keyword = told.get("OptOutType", "").upper()
    incoming = Incoming(
        sid=sid,
        number=number,
        body=told["Body"],
        media=_count(told.get("NumMedia", "")),
        keyword=keyword if keyword in KEYWORDS else "",
    )
    take_text(incoming, now=timezone.now())
    return _xml(NOTHING)


def about_a_call(step: Step) -> Callable[[HttpRequest], HttpResponse]:
    """A signed request that names a call; the view gets its id, and what time it is."""

    @signed_by_twilio
    @wraps(step)
    def guarded(request: HttpRequest) -> HttpResponse:
        sid = request.POST.get("CallSid", "")
        if not _is_name(sid, 64):
            return HttpResponse(status=400)
        return step(request, sid, timezone.now())

    return guarded


@about_a_call
def call(request: HttpRequest, sid: str, now: datetime) -> HttpResponse:
    """Somebody rings us."""
    _note_down(lambda: _call(request, sid, now))
    return _xml(twiml.greet())


@about_a_call
def language(request: HttpRequest, sid: str, now: datetime) -> HttpResponse:
    """They pressed a digit, or none; now it rings at the desk."""
    chosen = twiml.language_of(request.POST.get("Digits", ""))
    known = _note_down(lambda: voice.speak(_call(request, sid, now), chosen))
    spoken = known or chosen or settings.LANGUAGE_CODE
    if not settings.HOTLINE_DESK_NUMBER:
        _note_down(lambda: voice.miss(_call(request, sid, now), now=now))
    return _xml(twiml.connect(spoken))


@about_a_call
def dialled(request: HttpRequest, sid: str, now: datetime) -> HttpResponse:
    """The desk has answered and hung up by now, or never answered."""
    if request.POST.get("DialCallStatus", "") in ANSWERED:
        spoken = timedelta(seconds=_count(request.POST.get("DialCallDuration", "")))
        _note_down(lambda: voice.answer(_call(request, sid, now), at=now - spoken))
        return _xml(twiml.hang_up())
    _note_down(lambda: voice.miss(_call(request, sid, now), now=now))
    return _xml(twiml.ask_for_message(_language(request)))


@about_a_call
def recorded(request: HttpRequest, sid: str, now: datetime) -> HttpResponse:
    """They have spoken, and are still on the line."""
    _note_down(lambda: _take_recording(request, sid, now))
    return _xml(twiml.say_goodbye(_language(request)))


@about_a_call
def recording(request: HttpRequest, sid: str, now: datetime) -> HttpResponse:
    """What they said is ready to be fetched; this is said again where we fail."""
    if request.POST.get("RecordingStatus", "completed") == "completed":
        _take_recording(request, sid, now)
    return HttpResponse(status=204)


@about_a_call
def desk(request: HttpRequest, sid: str, now: datetime) -> HttpResponse:
    """Of the call to the desk, which has an id of its own: somebody picked up."""
    caller = request.POST.get("ParentCallSid", "")
    if not _is_name(caller, 64):
        return HttpResponse(status=400)
    if request.POST.get("CallStatus") == "in-progress":
        voice.answer(_call(request, caller, now), at=_moment(request, now))
    return HttpResponse(status=204)


@about_a_call
def status(request: HttpRequest, sid: str, now: datetime) -> HttpResponse:
    """Whatever order these come in, only the end of a call is news."""
    known = _call(request, sid, now)
    if request.POST.get("CallStatus") in OVER:
        voice.end(known, at=_moment(request, now), now=now)
    return HttpResponse(status=204)


def _call(request: HttpRequest, sid: str, now: datetime) -> Call:
    return voice.ring(sid, request.POST.get("From", "").strip()[:40], now=now)


def _take_recording(request: HttpRequest, sid: str, now: datetime) -> None:
    told = request.POST.get("RecordingSid", "")
    if RECORDING.fullmatch(told):
        seconds = _count(request.POST.get("RecordingDuration", ""))
        take_recording(_call(request, sid, now), told, seconds=seconds, now=now)


def _note_down(write: Callable[[], T]) -> T | None:
    """The caller is spoken to even where nothing can be written down."""
    try:
        return write()
    except DatabaseError:
        logger.exception("a step of a call was not written down")
        return None


def _language(request: HttpRequest) -> str:
    chosen = request.GET.get("language", "")
    return chosen if chosen in twiml.SPOKEN else settings.LANGUAGE_CODE


def _moment(request: HttpRequest, now: datetime) -> datetime:
    """When it happened by the gateway's clock, which is never ahead of ours."""
    try:
        told = parsedate_to_datetime(request.POST.get("Timestamp", ""))
        return min(told, now) if told.tzinfo else now
    except (ValueError, OverflowError):
        return now


def _is_name(told: str, longest: int) -> bool:
    return 0 < len(told) <= longest and can_be_kept(told)


def _count(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 4 else 0


def _xml(answer: str) -> HttpResponse:
    return HttpResponse(answer, content_type="text/xml; charset=utf-8")
