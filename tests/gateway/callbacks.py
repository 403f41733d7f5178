"""Status callbacks: signed, and now and then lost, doubled, late, early or in the wrong order."""

import asyncio
import json
import uuid
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.gateway import jsonapi
from tests.gateway.line import Line, NoReply, Reply
from tests.gateway.reasons import find_reason
from tests.gateway.signatures import sign_twilio, signed_headers
from tests.gateway.state import State
from tests.gateway.texts import Text, Texts

LINES = 16
LATE = 5.0
PAUSE = 0.2  # before a callback is tried again


@dataclass(slots=True)
class Callback:
    text: Text
    status: str
    error: str = ""
    delay: float = 0  # after the answer to the text is due


class Postman:
    def __init__(self, state: State) -> None:
        self._state = state
        self._due: asyncio.Queue[tuple[Texts, Callback]] = asyncio.Queue()

    def start(self) -> None:
        self._workers = [asyncio.create_task(self._work()) for _ in range(LINES)]

    async def tell(self, text: Text) -> None:
        """Whoever sent it learns what becomes of it; with bad luck before they know its sid."""
        planned = self._plan(text)
        if self._state.draw_for_text(text, "callback_early"):
            for callback in planned:
                await self.make(callback)
            return
        loop, texts = asyncio.get_running_loop(), self._state.texts
        texts.callbacks_pending += len(planned)
        for callback in planned:
            wait = self._state.settings.latency_ms / 1000 + callback.delay
            loop.call_later(wait, self._due.put_nowait, (texts, callback))

    def _plan(self, text: Text) -> list[Callback]:
        draw, settings = self._state.draw_for_text, self._state.settings
        steps = list(text.fate)
        if draw(text, "callback_reordered"):
            steps.reverse()
        planned = []
        for place, status in enumerate(steps):
            delay = settings.sent_after + place * settings.delivered_after
            if draw(text, "callback_lost", status=status):
                continue
            if fault := draw(text, "callback_late", status=status):
                delay += fault.lasting(LATE)
            times = 2 if draw(text, "callback_doubled", status=status) else 1
            planned += [Callback(text, status, text.error_of(status), delay)] * times
        return sorted(planned, key=lambda callback: callback.delay)

    async def _work(self) -> None:
        line = Line()
        while True:
            texts, callback = await self._due.get()
            if texts is self._state.texts:  # otherwise they were forgotten meanwhile
                await self.make(callback, line)
            texts.callbacks_pending -= 1

    async def make(self, callback: Callback, line: Line | None = None) -> Reply | None:
        """Once, and again as far as the fragment of the address asks for it."""
        state, used = self._state, line or Line()
        url, (headers, body) = callback.text.callback, write_callback(state, callback)
        wishes = parse_qs(urlsplit(url).fragment)
        again, reasons = wishes.get("rc", ["1"])[0], wishes.get("rp", ["ct"])[0].split(",")
        reply = None
        for attempt in range(1 + (int(again) if again.isdecimal() else 1)):
            if attempt:
                await asyncio.sleep(PAUSE * attempt)
            try:
                reply = await used.post(url, headers, body)
                outcome = str(reply.status)
            except NoReply as error:
                outcome = error.reason
            state.callbacks[outcome] += 1
            if not is_to_be_repeated(outcome, reasons):
                break
        if line is None:
            used.close()
        return reply


def is_to_be_repeated(outcome: str, reasons: list[str]) -> bool:
    """ct: no connection; rt: no answer; 4xx and 5xx."""
    failed = not outcome.startswith(("2", "3"))
    return failed and any(reason in ("all", outcome, f"{outcome[0]}xx") for reason in reasons)


def write_callback(state: State, callback: Callback) -> tuple[dict[str, str], bytes]:
    settings, text, status = state.settings, callback.text, callback.status
    if text.gateway == "json":
        said = jsonapi.describe_as(text, status, callback.error)
        body = json.dumps(said, ensure_ascii=False).encode()
        return signed_headers(settings.key, body) | {"Content-Type": "application/json"}, body
    fields = {
        "MessageSid": text.sid,
        "SmsSid": text.sid,
        "AccountSid": settings.account_sid,
        "MessageStatus": status,
        "SmsStatus": status,
        "To": text.to,
        "From": text.sender if text.sender.startswith("+") else "",
        "ApiVersion": "2010-04-01",
    }
    if callback.error:
        fields["ErrorCode"] = str(find_reason(callback.error)[1])
    return sign_form(settings.auth_token, text.callback, fields)


def sign_form(token: str, url: str, fields: dict[str, str]) -> tuple[dict[str, str], bytes]:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "X-Twilio-Signature": sign_twilio(token, url, fields.items()),
        "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
    }
    return headers, urlencode(fields).encode()
