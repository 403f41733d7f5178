"""Real processes of bin/serve. Every one that a test starts is ended with it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import processes
from config.embedded import ROOT

SERVE = [sys.executable, "-m", "config.serve"]
# Generous: other tests are running beside these, on two cores.
PATIENCE = 60
Serve = Callable[..., "Served"]


@dataclass
class Served:
    process: subprocess.Popen[str]
    data: Path
    log: Path
    address: str = ""

    def wait_until_ready(self) -> "Served":
        """The first and only line on its standard output."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line.startswith("Ready: http://"), self.log.read_text()
        self.address = line.removeprefix("Ready: ").strip()
        return self

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def left_behind(self) -> list[int]:
        return list(processes.find_orphans(self.data))


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    started: list[Served] = []

    def start(data: Path, *arguments: str, command: list[str] = SERVE, **variables: str) -> Served:
        log = tmp_path_factory.mktemp("log") / "stderr"
        environment = {**without_servers(os.environ), "PYTHONPATH": str(ROOT), **variables}
        with log.open("w") as output:
            process = subprocess.Popen(
                [*command, "--data", str(data), "--port", "0", *arguments],
                env=environment,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )
        started.append(Served(process, data, log))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.stop()


def without_servers(environment: "os._Environ[str]") -> dict[str, str]:
    ours = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "HOTLINE_", "DJANGO_", "PYTEST_")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}


@pytest.fixture(scope="module")
def town(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """One instance that several tests look at."""
    return serve(tmp_path_factory.mktemp("town")).wait_until_ready()


def comes_true(condition: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if condition():
                return True
        time.sleep(0.1)
    return False
