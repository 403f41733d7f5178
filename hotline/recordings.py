"""What callers said after the tone: fetched from the gateway, kept by us, deleted there.

The address is made from the recording's id, never taken from what we are told. No transaction is
open while the gateway is spoken to; whoever fetches has taken the recording for a while.
"""

import logging
import re
import time
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import F

from common.transactions import all_or_nothing
from hotline import call_backs, voice
from hotline.models import Call, CallBack, Recording

logger = logging.getLogger(__name__)

SID = re.compile(r"RE[0-9a-fA-F]{32}")
AT_ONCE = 20
LOOKS = 20  # then somebody has to see why
LARGEST = 8_000_000  # bytes; two minutes are half a million
LONGEST = 30  # seconds
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


class NotFetched(Exception):
    """The gateway did not give it, or not all of it."""


@all_or_nothing
def take_recording(call: Call, sid: str, *, seconds: int, now: datetime) -> None:
    """A message on this call: fetched soon, and somebody calls back, once per recording."""
    Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    if Recording.objects.filter(sid=sid).exists():
        return
    Recording.objects.create(call=call, sid=sid, seconds=seconds, recorded_at=now, look_at=now)
    contact = voice.meet(call, now=now)
    call_backs.owe(contact, reason=CallBack.Reason.MESSAGE, now=now, call=call)


def fetch_waiting(*, now: datetime) -> int:
    """Fetch what lies at the gateway; returns how many were dealt with to the end."""
    if not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN):
        return 0
    due = Recording.objects.filter(look_at__lte=now).order_by("look_at", "pk")[:AT_ONCE]
    timeout = httpx.Timeout(settings.GATEWAY_READ_SECONDS, connect=settings.GATEWAY_CONNECT_SECONDS)
    login = (settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
    done = 0
    with httpx.Client(timeout=timeout, auth=login) as gateway:
        for recording in due:
            done += _take(recording, now) and _deal_with(recording, gateway, now)
    return done


def _take(recording: Recording, now: datetime) -> bool:
    """For ourselves, until the next look."""
    mine = Recording.objects.filter(pk=recording.pk, look_at=recording.look_at)
    pause = min(FIRST_PAUSE * 2 ** min(recording.looks, 10), LONGEST_PAUSE)
    last = recording.looks + 1 >= LOOKS
    return bool(mine.update(look_at=None if last else now + pause, looks=F("looks") + 1))


def _deal_with(recording: Recording, gateway: httpx.Client, now: datetime) -> bool:
    try:
        if not recording.file:
            _keep(recording, _fetch(recording.sid, gateway))
        _delete(recording.sid, gateway)
    except (NotFetched, httpx.HTTPError) as error:
        name = str(error) if isinstance(error, NotFetched) else type(error).__name__
        logger.warning("recording %s, look %s: %s", recording.pk, recording.looks + 1, name)
        return False
    Recording.objects.filter(pk=recording.pk).update(deleted_at=now, look_at=None)
    return True


def _fetch(sid: str, gateway: httpx.Client) -> bytes:
    ends, audio = time.monotonic() + LONGEST, bytearray()
    with gateway.stream("GET", f"{_address(sid)}.mp3") as response:
        kind = response.headers.get("Content-Type", "")
        if response.status_code != 200 or not kind.startswith("audio/"):
            raise NotFetched(f"{response.status_code} {kind}")
        for part in response.iter_bytes():
            audio += part
            if len(audio) > LARGEST or time.monotonic() > ends:
                raise NotFetched("too much, or too slowly")
    return bytes(audio)


def _keep(recording: Recording, audio: bytes) -> None:
    """Where two have fetched it, one file is kept."""
    recording.file.save(f"{recording.sid}.mp3", ContentFile(audio), save=False)
    mine = Recording.objects.filter(pk=recording.pk, file="").update(file=recording.file.name)
    if not mine:
        recording.file.delete(save=False)


def _delete(sid: str, gateway: httpx.Client) -> None:
    status = gateway.delete(f"{_address(sid)}.json").status_code
    if status not in (204, 404):
        raise NotFetched(f"not deleted there: {status}")


def _address(sid: str) -> str:
    account = settings.TWILIO_ACCOUNT_SID
    return f"{settings.TWILIO_API_BASE}/2010-04-01/Accounts/{account}/Recordings/{sid}"
