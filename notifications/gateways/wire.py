"""HTTP to a gateway: our timeouts, one try, and every fault put where it belongs.

httpx tells apart what must be told apart: what failed before anything was sent may be sent again;
after that nobody can know, whatever the connection did then (docs/texts.md).
"""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from django.conf import settings

from notifications.gateways import Refusal, Verdict
from notifications.gateways.codes import WORDS, describe, judge

AT_ONCE = 64  # connections; twice as many as there are calls
LONGEST = 30  # seconds for a whole answer: the read timeout is only that of one packet
LARGEST = 4_000_000  # bytes
LONGEST_PAUSE = timedelta(hours=1)

NOTHING_WAS_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
CANNOT_BE_ASKED = (httpx.UnsupportedProtocol, httpx.InvalidURL)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: httpx.Headers
    text: str

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON object it holds; empty where it holds none."""
        try:
            found = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def open_client() -> httpx.Client:
    """For any number of threads. It never follows a redirect and never tries twice."""
    return httpx.Client(
        timeout=httpx.Timeout(
            connect=settings.GATEWAY_CONNECT_SECONDS,
            read=settings.GATEWAY_READ_SECONDS,
            write=5,
            pool=5,
        ),
        limits=httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE),
    )


def ask(client: httpx.Client, method: str, url: str, **more: Any) -> Answer:
    """The whole answer, whatever it says; raises Refusal where none came."""
    try:
        with client.stream(method, url, **more) as response:
            return Answer(response.status_code, response.headers, _read(response))
    except NOTHING_WAS_SENT as error:
        raise no_answer(error, Verdict.RETRY) from error
    except CANNOT_BE_ASKED as error:
        raise no_answer(error, Verdict.ACCOUNT) from error
    except httpx.HTTPError as error:
        raise no_answer(error, Verdict.AMBIGUOUS) from error


def no_answer(error: Exception, verdict: Verdict) -> Refusal:
    """The error's name only: its text may hold an address, and that a phone number."""
    return Refusal(WORDS[verdict], verdict, code=type(error).__name__)


def refusal(answer: Answer, code: str) -> Refusal:
    """What an answer that is no success means, with the gateway's own code where it gave one."""
    verdict = judge(answer.status, code)
    words = describe(code) or (describe("too_many") if answer.status == 429 else WORDS[verdict])
    pause = read_pause(answer.headers, datetime.now(UTC)) if answer.status in {429, 503} else None
    return Refusal(words, verdict, code=code, http_status=answer.status, retry_after=pause)


def unclear(answer: Answer) -> Refusal:
    """A success that cannot be read: the text was probably taken."""
    verdict = Verdict.AMBIGUOUS
    return Refusal(WORDS[verdict], verdict, code="unreadable", http_status=answer.status)


def read_pause(headers: httpx.Headers, now: datetime) -> timedelta | None:
    """Retry-After, in seconds or as a date; an hour at most, None where it says nothing."""
    value = headers.get("Retry-After", "").strip()
    try:
        if value.isascii() and value.isdigit():
            pause = timedelta(seconds=min(int(value[:9]), LONGEST_PAUSE.total_seconds()))
        else:
            moment = parsedate_to_datetime(value)
            pause = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return None
    return min(pause, LONGEST_PAUSE) if pause > timedelta() else None


def _read(response: httpx.Response) -> str:
    ends, body = time.monotonic() + LONGEST, bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > LARGEST or time.monotonic() > ends:
            raise httpx.ReadError("an answer without end")
    return body.decode(errors="replace")
