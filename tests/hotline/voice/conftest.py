"""Somebody who calls, as the telephone system tells of it."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from hotline.models import Call
from tests.hotline.signed import HERE, TOKEN, post_signed
from tests.people import CALLER

numbers = count(1)
VOICE = "/hooks/twilio/voice"
DESK = "+14155550100"


@dataclass
class Line:
    client: Client
    sid: str
    number: str = CALLER
    said: ET.Element | None = None

    def tells(self, step: str = "", *, status: int = 200, **more: Any) -> ET.Element | None:
        """What the telephone system tells us next; what it is answered, where that is TwiML."""
        path, query = (step.split("?") + [""])[:2]
        path = f"{VOICE}/{path}/" if path else f"{VOICE}/"
        fields = {"CallSid": self.sid, "From": self.number, "To": DESK, "Direction": "inbound"}
        response = post_signed(
            self.client,
            path + (f"?{query}" if query else ""),
            fields | {"CallStatus": "ringing"} | more,
        )
        assert response.status_code == status, (response.status_code, response.content)
        self.said = ET.fromstring(response.content) if response.content else None
        return self.said

    def follows(self, tag: str, **more: str) -> ET.Element | None:
        """Go where the answer before sent the call."""
        assert self.said is not None
        found = next(self.said.iter(tag))
        target = urlsplit(found.get("action") or found.text or "")
        assert f"{target.scheme}://{target.netloc}" == HERE
        fields = {"CallSid": self.sid, "From": self.number, "To": DESK, "CallStatus": "in-progress"}
        path = target.path + (f"?{target.query}" if target.query else "")
        response = post_signed(self.client, path, fields | more)
        assert response.status_code == 200
        self.said = ET.fromstring(response.content)
        return self.said

    @property
    def words(self) -> str:
        assert self.said is not None
        return " ".join(say.text or "" for say in self.said.iter("Say"))

    @property
    def verbs(self) -> list[str]:
        assert self.said is not None
        return [verb.tag for verb in self.said]

    @property
    def call(self) -> Call:
        return Call.objects.get(provider_sid=self.sid)


@pytest.fixture
def line(client: Client, settings: Any, db: None) -> Line:
    settings.PUBLIC_BASE_URL, settings.TWILIO_AUTH_TOKEN = HERE, TOKEN
    settings.HOTLINE_DESK_NUMBER = [DESK]
    return new_line(client)


def new_line(client: Client, number: str = CALLER) -> Line:
    return Line(client, f"CA{next(numbers):032x}", number)
