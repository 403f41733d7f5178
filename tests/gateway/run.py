"""The gateway for tests and benchmarks: a process that ends with the block, or with its parent."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.gateway.settings import Settings

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # generous: other tests run beside these


@dataclass
class RunningGateway:
    process: subprocess.Popen[str]
    base_url: str
    account_sid: str
    auth_token: str
    key: str

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def address(self) -> str:
        """Host and port."""
        return self.base_url.removeprefix("http://")

    def faults(self, *faults: dict[str, Any], **settings: Any) -> None:
        """From now on these and no others; the settings that are not named stay."""
        self.ask("POST", "faults", {"faults": faults, **settings})

    def texts(self, to: str = "") -> list[dict[str, Any]]:
        """Every text that was accepted, the oldest first."""
        asked = f"texts?to={to.replace('+', '%2B')}" if to else "texts"
        return [json.loads(line) for line in self._ask("GET", asked).splitlines()]

    def summary(self) -> dict[str, Any]:
        return self.ask("GET", "summary")

    def inbound(self, url: str, **fields: str) -> dict[str, Any]:
        """A citizen's text: From, Body, ... Returns status, body (the answer's) and fields."""
        return self.ask("POST", "inbound", {"url": url, "fields": fields})

    def call(self, url: str, **fields: str) -> dict[str, Any]:
        """A step of a phone call: From, CallSid, Digits, ..."""
        return self.ask("POST", "call", {"url": url, "fields": fields})

    def callback(self, sid: str, status: str, error: str = "") -> dict[str, Any]:
        return self.ask("POST", "callback", {"sid": sid, "status": status, "error": error})

    def refuse(self, seconds: float) -> None:
        """Connections are refused from now on, these here, too."""
        self.ask("POST", "refuse", {"seconds": seconds})

    def reset(self) -> None:
        """No texts, no faults, nobody opted out."""
        self.ask("POST", "reset")
        self.faults()

    def wait_for_callbacks(self) -> dict[str, Any]:
        """The summary, once every callback that was due has been made."""
        deadline = time.monotonic() + PATIENCE
        while (summary := self.summary())["callbacks_pending"]:
            assert time.monotonic() < deadline, summary
            time.sleep(0.02)
        return summary

    def ask(self, method: str, what: str, said: dict[str, Any] | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._ask(method, what, said))
        return answer

    def _ask(self, method: str, what: str, said: dict[str, Any] | None = None) -> str:
        connection = HTTPConnection(self.address, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, f"/control/{what}", json.dumps(said) if said else None)
            answer = connection.getresponse()
            body = answer.read().decode()
        if answer.status == 400:
            raise ValueError(body)
        return body


@contextlib.contextmanager
def running_gateway(port: int = 0, **options: Any) -> Iterator[RunningGateway]:
    """Options as in settings.py: running_gateway(latency_ms=50, faults=[{"kind": "too_many"}])."""
    settings = Settings()
    settings.change(options)
    process = start(port, options)
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("Listening: "), f"The gateway did not start: {line!r}"
        address = line.removeprefix("Listening: ").strip()
        yield RunningGateway(
            process, address, settings.account_sid, settings.auth_token, settings.key
        )
    finally:
        end(process)


def start(port: int, options: dict[str, Any]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.gateway", "--port", str(port)]
    if setpriv := shutil.which("setpriv"):
        command = [setpriv, "--pdeathsig", "TERM", "--", *command]
    return subprocess.Popen(
        [*command, "--options", json.dumps(options)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )


def end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
