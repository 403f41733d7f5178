"""Each fault does what it says, seen from the other end of the connection."""

import time
from http.client import BadStatusLine, HTTPConnection, IncompleteRead, RemoteDisconnected
from typing import Any

import pytest

from tests.gateway.asking import OTHER, PATIENCE, PHONE, Client
from tests.gateway.run import RunningGateway, running_gateway

SHORT = 0.2  # how long an impatient client waits


def accepted(gateway: RunningGateway) -> int:
    return int(gateway.summary()["accepted"])


def test_too_many_are_not_accepted(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "too_many", "seconds": 3})
    said = client.create()
    assert (said.status, said.json["code"], said.headers["Retry-After"]) == (429, 20429, "3")
    assert accepted(gateway) == 0


@pytest.mark.parametrize(("kind", "count"), [("error_before", 0), ("error_after", 1)])
def test_an_error_says_nothing_about_the_text(
    client: Client, gateway: RunningGateway, kind: str, count: int
) -> None:
    gateway.faults({"kind": kind})
    said = client.create()
    assert (said.status, said.json["code"]) == (500, 20500)
    assert accepted(gateway) == count


def test_a_proxy_answers_with_a_page(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "error_after", "status": 502})
    said = client.create()
    assert (said.status, said.headers["Content-Type"]) == (502, "text/html")


@pytest.mark.parametrize(("kind", "count"), [("hang_before", 0), ("hang_after", 1)])
def test_nobody_answers(client: Client, gateway: RunningGateway, kind: str, count: int) -> None:
    gateway.faults({"kind": kind})
    client.timeout = SHORT
    with pytest.raises(TimeoutError):
        client.create()
    assert accepted(gateway) == count


@pytest.mark.parametrize("kind", ["hang_before", "hang_after"])
def test_the_patient_are_answered(client: Client, gateway: RunningGateway, kind: str) -> None:
    gateway.faults({"kind": kind, "seconds": SHORT})
    assert client.create().status == 201
    assert accepted(gateway) == 1


def test_a_text_is_accepted_after_its_sender_gave_up(
    client: Client, gateway: RunningGateway
) -> None:
    gateway.faults({"kind": "late", "seconds": 2 * SHORT})
    client.timeout = SHORT
    with pytest.raises(TimeoutError):
        client.create()
    deadline = time.monotonic() + PATIENCE
    while not accepted(gateway):
        assert time.monotonic() < deadline


@pytest.mark.parametrize(
    ("kind", "error", "count"),
    [
        ("close_before", RemoteDisconnected, 0),
        ("close_after", RemoteDisconnected, 1),
        ("reset_after", ConnectionResetError, 1),
        ("truncated", IncompleteRead, 1),
    ],
)
def test_the_connection_breaks(
    client: Client, gateway: RunningGateway, kind: str, error: type[Exception], count: int
) -> None:
    gateway.faults({"kind": kind})
    with pytest.raises(error) as caught:
        client.create()
    closed = isinstance(caught.value, BadStatusLine)
    assert closed == kind.startswith("close"), "a reset is no end of file"
    assert accepted(gateway) == count


def test_connections_are_refused_for_a_while(client: Client, gateway: RunningGateway) -> None:
    kept = HTTPConnection(gateway.address, timeout=PATIENCE)
    kept.request("GET", "/control/summary")
    kept.getresponse().read()
    gateway.refuse(1)
    with pytest.raises(ConnectionRefusedError):
        client.create()
    with pytest.raises((ConnectionError, RemoteDisconnected)):
        kept.request("GET", "/control/summary")
        kept.getresponse()
    kept.close()
    wait_until_open(gateway)


def test_the_door_shuts_behind_a_text(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "refuse", "seconds": 1})
    assert client.create().status == 201
    with pytest.raises(ConnectionRefusedError):
        client.create()
    wait_until_open(gateway)
    assert accepted(gateway) == 1


def wait_until_open(gateway: RunningGateway) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            gateway.summary()
        except ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        else:
            return


def test_latency_is_after_accepting(client: Client, gateway: RunningGateway) -> None:
    gateway.faults(latency_ms=1000 * PATIENCE)
    client.timeout = SHORT
    with pytest.raises(TimeoutError):
        client.create()
    assert accepted(gateway) == 1


def test_only_the_next_ones(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "error_before", "count": 2})
    assert [client.create().status for _ in range(4)] == [500, 500, 201, 201]
    assert gateway.summary()["faults"] == {"error_before": 2}


def test_only_some_numbers(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "error_before", "to": "123$"})
    assert (client.create(PHONE).status, client.create(OTHER).status) == (500, 201)


def test_only_some_requests(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "error_before", "on": "list"}, {"kind": "too_many", "on": "get"})
    sid = client.create().json["sid"]
    listed = client.ask("GET", f"{client.messages}.json", headers=client.login())
    assert (listed.status, client.get(sid).status) == (500, 429)


def test_at_most_one_fault_strikes_a_request(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "too_many", "count": 1}, {"kind": "error_before", "count": 1})
    assert [client.create().status for _ in range(3)] == [429, 500, 201]


def test_the_same_seed_is_the_same_bad_luck(client: Client, gateway: RunningGateway) -> None:
    def luck(seed: int) -> list[int]:
        gateway.reset()
        gateway.faults({"kind": "error_before", "rate": 0.5}, seed=seed)
        return [client.create().status for _ in range(30)]

    first = luck(7)
    assert 5 < first.count(500) < 25
    assert luck(7) == first
    assert luck(8) != first


def test_luck_does_not_depend_on_what_others_do(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "error_before", "rate": 0.5})
    alone = [client.create(PHONE).status for _ in range(20)]
    gateway.reset()
    gateway.faults({"kind": "error_before", "rate": 0.5})
    among = [(client.create(OTHER), client.create(PHONE).status)[1] for _ in range(20)]
    assert among == alone


@pytest.mark.parametrize(
    "wrong",
    [
        {"faults": [{"kind": "nonsense"}]},
        {"faults": [{"rate": 1}]},
        {"faults": [{"kind": "late", "speed": 1}]},
        {"faults": [{"kind": "late", "to": "("}]},
        {"faults": {}},
        {"latency": 3},
        {"latency_ms": "slow"},
    ],
)
def test_nonsense_changes_nothing(
    client: Client, gateway: RunningGateway, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValueError):
        gateway.ask("POST", "faults", {"list_lag": 3600, **wrong})
    client.create()
    assert len(client.list()) == 1


def test_faults_can_be_set_at_the_start() -> None:
    with running_gateway(faults=[{"kind": "too_many", "count": 1}], latency_ms=1) as gateway:
        client = Client(gateway)
        assert [client.create().status for _ in range(2)] == [429, 201]
    assert gateway.process.returncode == 0
    with pytest.raises(ConnectionRefusedError):
        client.create()
