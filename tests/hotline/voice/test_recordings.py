"""What callers said is fetched, kept by us and deleted at the gateway, whatever goes wrong."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from hotline import recordings, voice
from hotline.models import Recording
from hotline.recordings import fetch_waiting, take_recording
from tests.notifications.gateways.server import (
    Asked,
    Behaviour,
    Server,
    closes,
    resets,
    says,
    truncates,
)
from tests.people import CALLER
from tests.races import at_once

ACCOUNT, SID = "AC" + "0" * 32, "RE" + "b" * 32
ADDRESS = f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{SID}"
AUDIO = says(200, b"ID3 what they said", Content_Type="audio/mpeg")
GONE = says(204, b"")


@pytest.fixture
def gateway(settings: Any, tmp_path: Path) -> Iterator[Server]:
    with Server() as server:
        server.start()
        server.behave = lambda asked: AUDIO if asked.method == "GET" else GONE
        settings.TWILIO_API_BASE = server.url
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = ACCOUNT, "secret"
        settings.MEDIA_ROOT = tmp_path
        yield server
        server.shutdown()


@pytest.fixture
def message(db: None, now: datetime) -> Recording:
    call = voice.ring("CA" + "0" * 32, CALLER, now=now)
    take_recording(call, SID, seconds=9, now=now)
    return Recording.objects.get()


def test_it_works(gateway: Server, message: Recording, now: datetime, tmp_path: Path) -> None:
    assert fetch_waiting(now=now) == 1
    message.refresh_from_db()
    assert message.file.read() == b"ID3 what they said"
    assert (message.deleted_at, message.look_at) == (now, None)
    assert [(one.method, one.target) for one in gateway.asked] == [
        ("GET", f"{ADDRESS}.mp3"),
        ("DELETE", f"{ADDRESS}.json"),
    ]
    assert all(one.headers["authorization"].startswith("Basic ") for one in gateway.asked)
    kept = tmp_path / str(message.file.name)
    assert kept.stat().st_mode & 0o077 == 0  # nobody else on this machine can listen
    assert fetch_waiting(now=now + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    "fault",
    [
        closes,
        resets,
        truncates,
        says(404, {"code": 20404}),
        says(500, b""),
        says(200, b"<html>", Content_Type="text/html"),
        says(302, b"", Location="http://127.0.0.1:1/"),
        says(200, b"x" * (recordings.LARGEST + 1), Content_Type="audio/mpeg"),
    ],
)
def test_what_cannot_be_fetched_now_is_fetched_later(
    gateway: Server, message: Recording, now: datetime, fault: Behaviour
) -> None:
    good = gateway.behave
    gateway.always(fault)
    assert fetch_waiting(now=now) == 0
    message.refresh_from_db()
    assert not message.file and message.look_at and message.look_at > now
    assert all(one.method == "GET" for one in gateway.asked)  # never deleted unheard
    gateway.behave = good
    assert fetch_waiting(now=now) == 0  # not at once
    assert fetch_waiting(now=message.look_at) == 1


def test_what_could_not_be_deleted_is_deleted_later(
    gateway: Server, message: Recording, now: datetime
) -> None:
    refuses = says(500, b"")
    gateway.behave = lambda asked: AUDIO if asked.method == "GET" else refuses
    assert fetch_waiting(now=now) == 0
    message.refresh_from_db()
    assert message.file and message.deleted_at is None and message.look_at
    gateway.behave = lambda asked: GONE
    assert fetch_waiting(now=message.look_at) == 1
    assert [one.method for one in gateway.asked] == ["GET", "DELETE", "DELETE"]  # fetched once


def test_it_is_given_up_in_the_end(gateway: Server, message: Recording, now: datetime) -> None:
    gateway.always(says(404, b""))
    moment = now
    for _ in range(recordings.LOOKS):
        fetch_waiting(now=moment)
        moment += timedelta(hours=2)
    message.refresh_from_db()
    assert (message.look_at, message.looks, len(gateway.asked)) == (None, 20, 20)


def test_without_an_account_it_waits(settings: Any, message: Recording, now: datetime) -> None:
    settings.TWILIO_ACCOUNT_SID = ""
    assert fetch_waiting(now=now) == 0
    message.refresh_from_db()
    assert (message.look_at, message.looks) == (now, 0)


@pytest.mark.django_db(transaction=True)
def test_two_workers_fetch_it_once(gateway: Server, message: Recording, tmp_path: Path) -> None:
    now = timezone.now()
    assert sorted(at_once(*[lambda: fetch_waiting(now=now)] * 3)) == [0, 0, 1]
    assert [one.method for one in gateway.asked] == ["GET", "DELETE"]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_the_address_is_ours_alone(gateway: Server, message: Recording, now: datetime) -> None:
    """Whatever address we were told, only the gateway is asked."""

    def answer(asked: Asked) -> Behaviour:
        assert asked.target.startswith(f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE")
        return AUDIO if asked.method == "GET" else GONE

    gateway.behave = answer
    assert fetch_waiting(now=now) == 1
