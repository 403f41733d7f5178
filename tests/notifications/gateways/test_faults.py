"""What a fault of the network or of the gateway means: every row provoked with real sockets.

Only what is proven not to have been accepted may be sent again; all else is looked up.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pytest_django import Settings

from notifications.gateways import Outgoing, Refusal, Verdict, wire
from notifications.gateways.json_http import JsonHttp
from notifications.gateways.twilio import Twilio
from tests.notifications.gateways.conftest import KEY, refused, twilio_at
from tests.notifications.gateways.server import Behaviour, Server, closes, hangs, resets, says
from tests.notifications.gateways.server import truncates as truncates_its_answer

V = Verdict


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@pytest.fixture
def full() -> Iterator[str]:
    """An address where somebody listens but takes no more connections."""
    with ExitStack() as open_until_the_end:
        listener = open_until_the_end.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = open_until_the_end.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_refused_connection_is_tried_again(nobody: str, text: Outgoing) -> None:
    refusal = refused(twilio_at(nobody), text)
    assert (refusal.verdict, refusal.code) == (V.RETRY, "ConnectError")


def test_a_name_that_is_not_found_is_tried_again(
    text: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_name)
    assert refused(twilio_at("http://gateway.example.org"), text).verdict is V.RETRY


def test_a_connection_that_nobody_takes_is_tried_again(
    full: str, text: Outgoing, settings: Settings
) -> None:
    settings.GATEWAY_CONNECT_SECONDS = 0.3
    refusal = refused(twilio_at(full), text)
    assert (refusal.verdict, refusal.code) == (V.RETRY, "ConnectTimeout")


def test_a_connection_that_cannot_be_made_secret_is_tried_again(
    server: Server, text: Outgoing
) -> None:
    server.deaf = True
    assert refused(twilio_at(server.url.replace("http:", "https:")), text).verdict is V.RETRY


def test_too_many_calls_at_once_are_tried_again(server: Server) -> None:
    server.always(says(200, {}))
    one = httpx.Client(limits=httpx.Limits(max_connections=1), timeout=httpx.Timeout(9, pool=0.2))
    with one.stream("GET", server.url), pytest.raises(Refusal) as refusal:
        wire.ask(one, "POST", server.url)
    assert (refusal.value.verdict, refusal.value.code) == (V.RETRY, "PoolTimeout")


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (closes, "RemoteProtocolError"),
        (resets, "ReadError"),
        (truncates_its_answer, "RemoteProtocolError"),
        (says(201, b"<html>Welcome to the hotel</html>"), "unreadable"),
        (says(201, b'{"sid": "SM'), "unreadable"),
        (says(201, ["a list"]), "unreadable"),
        (says(201, b"not packed at all", Content_Encoding="gzip"), "DecodingError"),
        (says(201, b"[" * 100_000), "unreadable"),
    ],
)
@pytest.mark.parametrize("kind", ["twilio", "json_gateway"])
def test_an_answer_that_is_lost_is_looked_up(
    request: pytest.FixtureRequest,
    server: Server,
    text: Outgoing,
    kind: str,
    behaviour: Behaviour,
    code: str,
) -> None:
    server.always(behaviour)
    refusal = refused(request.getfixturevalue(kind), text)
    assert (refusal.verdict, refusal.code) == (V.AMBIGUOUS, code)
    assert len(server.asked) == 1  # never a second try


def test_an_answer_that_does_not_come_is_looked_up(
    server: Server, text: Outgoing, settings: Settings
) -> None:
    settings.GATEWAY_READ_SECONDS = 0.3
    server.always(hangs)
    for gateway in (twilio_at(server.url), JsonHttp(url=server.url, key=KEY)):
        refusal = refused(gateway, text)
        assert (refusal.verdict, refusal.code) == (V.AMBIGUOUS, "ReadTimeout")
    assert len(server.asked) == 2


def test_who_hangs_up_at_once_may_have_read_it(
    server: Server, twilio: Twilio, text: Outgoing
) -> None:
    server.deaf = True
    assert refused(twilio, text).verdict is V.AMBIGUOUS


@pytest.mark.parametrize("status", [301, 307, 500, 502, 503, 504])
def test_what_is_no_clear_no_is_looked_up(
    server: Server, twilio: Twilio, text: Outgoing, status: int
) -> None:
    server.always(says(status, {"code": 20500, "message": "?"}, Location=f"{server.url}/else"))
    refusal = refused(twilio, text)
    assert (refusal.verdict, refusal.http_status) == (V.AMBIGUOUS, status)
    assert len(server.asked) == 1


def test_an_answer_without_end_is_not_read_to_the_end(
    server: Server, twilio: Twilio, text: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "LARGEST", 1000)
    server.always(says(201, b" " * 2000))
    assert refused(twilio, text).verdict is V.AMBIGUOUS


def test_nothing_is_logged_that_names_a_person(
    server: Server, twilio: Twilio, text: Outgoing, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    server.always(says(200, {"messages": []}))
    twilio.look_up(text, since=datetime.now(UTC))
    assert "14155550123" in server.asked[0].target
    assert "4155550123" not in caplog.text


def test_threads_do_not_get_each_others_answers(server: Server, twilio: Twilio) -> None:
    def same_id(asked: object) -> Behaviour:
        to = getattr(asked, "form", {})["To"]
        return says(201, {"sid": "SM" + to.removeprefix("+").zfill(32)})

    server.behave = same_id
    wrong: list[str] = []

    def send(number: int) -> None:
        for _ in range(20):
            to = f"+1415555010{number}"
            sid = twilio.send(Outgoing(to, "Hi.", "0" * 32, timedelta(hours=1)))
            if not sid.endswith(to.removeprefix("+")):
                wrong.append(to)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (wrong, len(server.asked)) == ([], 200)
