from collections.abc import Iterator

import pytest

from tests.gateway.asking import Client, Listener
from tests.gateway.run import RunningGateway, running_gateway


@pytest.fixture(scope="module")
def process() -> Iterator[RunningGateway]:
    with running_gateway() as gateway:
        yield gateway


@pytest.fixture
def gateway(process: RunningGateway) -> RunningGateway:
    process.faults(seed=1, latency_ms=0, list_lag=0, sent_after=0.05, delivered_after=0.05)
    process.reset()
    return process


@pytest.fixture
def client(gateway: RunningGateway) -> Client:
    return Client(gateway)


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    server = listener.start()
    yield listener
    server.shutdown()
    server.server_close()
