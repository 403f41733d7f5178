"""The town's real processes, to be killed, frozen and started again one by one.

Waits are short here: a lease of 3 seconds, the last look after 2 more, a sweep every half second.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from shutil import rmtree

import redis

from config import addresses, broker, embedded, processes
from config.embedded import ROOT
from config.instance import Instance
from config.processes import Child
from config.serve import starters_of_ours
from tests.gateway.run import RunningGateway

HOST = "127.0.0.1"
PATIENCE = 60  # generous: other tests run beside these, on two cores
OUR_NUMBER = "+14155550100"
HURRY = {
    "TEXT_LEASE_SECONDS": "3",
    "TEXT_LOOK_SECONDS": "1,1,2",
    "TEXT_PROBE_SECONDS": "1",
    "TEXT_HOURS": "00:00-24:00",
    "GATEWAY_CONNECT_SECONDS": "1",
    "GATEWAY_READ_SECONDS": "1",
    "LOG_LEVEL": "WARNING",
}


@dataclass
class Town:
    instance: Instance  # of Redis, and of the database where that is ours, too
    environment: dict[str, str]
    gateway: RunningGateway
    web: Child | None = None
    broker: Child | None = None
    workers: list[Child] = field(default_factory=list)
    others: list[Child] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.environment["PUBLIC_BASE_URL"]

    def start_web(self) -> None:
        self.web = self._start("web server")

    def start_worker(self, **variables: str) -> Child:
        """It begins to work in a second or three."""
        self.workers.append(self._start("worker", **variables))
        return self.workers[-1]

    def start_clock(self) -> None:
        beat = ["celery", "--quiet", "--app", "tests.matrix.clock", "beat", "--pidfile="]
        command = [sys.executable, "-m", *beat, "--schedule", str(self.instance.data / "beat")]
        self.others.append(processes.start("clock", command, env=self.environment, cwd=ROOT))

    def start_redis(self) -> None:
        self.broker = broker.start(self.instance)

    def kill_redis(self) -> None:
        """With everything that it knew."""
        assert self.broker
        kill(self.broker)
        rmtree(self.instance.redis)
        self.instance.redis.mkdir()

    def nudged(self) -> bool:
        """Whether somebody's nudge waits at the broker."""
        with closing(redis.Redis(unix_socket_path=str(self.instance.redis_socket))) as line:
            return bool(line.llen("celery"))

    def kill(self, worker: Child) -> None:
        kill(worker)
        self.workers.remove(worker)

    def kill_workers(self) -> None:
        for worker in [*self.workers]:
            self.kill(worker)

    def kill_web(self) -> None:
        assert self.web
        kill(self.web)
        self.web = None

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz") == 200
        except OSError:
            return False

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> int:
        """The status of the web server's answer."""
        line = HTTPConnection(self.environment["WEB_BIND"], timeout=PATIENCE)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        with closing(line):
            line.request(method, path, body or None, {**form, **headers})
            return line.getresponse().status

    def say(self, phone: str, words: str) -> int:
        """What a citizen texts us, through the gateway; the status of the web server's answer."""
        url = f"{self.address}/hooks/twilio/sms/"
        return int(self.gateway.inbound(url, From=phone, Body=words)["status"])

    def stop(self) -> None:
        self.kill_workers()
        for child in [self.web, *self.others, self.broker]:
            if child:
                processes.stop(child, grace=5)

    def _start(self, name: str, **variables: str) -> Child:
        environment = {**self.environment, **variables}
        starters = starters_of_ours(self.instance, environment)
        return starters[["web server", "worker", "clock"].index(name)]()


@contextmanager
def running_town(instance: Instance, gateway: RunningGateway, **variables: str) -> Iterator[Town]:
    """Web, Redis, a clock and one worker; `variables` name the database."""
    port = addresses.claim_port(HOST, 0)
    environment = {
        **embedded.environment(instance),
        "PUBLIC_BASE_URL": f"http://{HOST}:{port}",
        "WEB_BIND": f"{HOST}:{port}",
        "WEB_WORKERS": "1",
        "DATABASE_MAX_AGE": "600",
        "REDIS_URL": instance.redis_url,
        "TWILIO_ACCOUNT_SID": gateway.account_sid,
        "TWILIO_AUTH_TOKEN": gateway.auth_token,
        "TWILIO_FROM": OUR_NUMBER,
        "TWILIO_API_BASE": gateway.base_url,
        processes.TAG: str(instance.data),
        **HURRY,
        **variables,
    }
    town = Town(instance, environment, gateway)
    try:
        town.start_redis()
        town.start_web()
        town.start_worker()
        town.start_clock()
        until(town.answers)
        yield town
    finally:
        town.stop()


def kill(child: Child) -> None:
    """SIGKILL, the whole session at the same moment."""
    os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()


def freeze(child: Child) -> None:
    os.killpg(child.process.pid, signal.SIGSTOP)


def thaw(child: Child) -> None:
    os.killpg(child.process.pid, signal.SIGCONT)


def until(condition: Callable[[], object], *, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "this never came true"
        time.sleep(0.05)
