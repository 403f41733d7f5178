"""A running town for benchmarks: `bin/serve` in a folder of its own, gone afterwards."""

import contextlib
import json
import os
import platform
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Town:
    host: str
    port: int
    data: Path


@contextlib.contextmanager
def running_town() -> Iterator[Town]:
    """Everything on this machine and on loopback: web, worker, PostgreSQL, Redis."""
    with tempfile.TemporaryDirectory(prefix="hotline-benchmark-") as folder:
        port = _free_port()
        town = ["--data", folder]
        seed = [str(ROOT / "bin/manage"), *town, "seed", "--tickets", "20", "--seed", "1"]
        subprocess.run(seed, check=True, stdout=subprocess.DEVNULL)
        command = [str(ROOT / "bin/serve"), *town, "--port", str(port)]
        with (Path(folder) / "serve.log").open("wb") as log:
            server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
            try:
                _wait_for_ready(server)
                yield Town("127.0.0.1", port, Path(folder))
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(timeout=60)


def report(name: str, figures: dict[str, Any]) -> None:
    """Print the figures as a table and keep them as JSON."""
    print(f"\n{name}, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.machine()}")
    width = max(map(len, figures))
    for label, value in figures.items():
        shown = f"{value:,.{1 if value > 1 else 3}f}" if isinstance(value, float) else str(value)
        print(f"  {label:<{width}}  {shown:>12}")
    folder = ROOT / "var" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(figures, indent=1))


def _wait_for_ready(server: subprocess.Popen[bytes]) -> None:
    assert server.stdout
    for line in server.stdout:
        if line.startswith(b"Ready:"):
            return
    raise SystemExit("The town did not start; see serve.log in its data folder.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
