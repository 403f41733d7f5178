"""Child processes that never outlive us, and the ones of a killed predecessor that did."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.instance import CannotStart

TAG = "HOTLINE_INSTANCE"
SERVERS = {"postgres", "redis-server", "valkey-server"}


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals = signal.SIGTERM
    asked: bool = False


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    become: Sequence[str] = (),
    stop_signal: signal.Signals = signal.SIGTERM,
    log: Path | None = None,
) -> Child:
    """Start in the foreground and in a session of its own; the kernel ends it when we die.

    `become` (how to be another user) comes before the death wish: the kernel forgets the wish when
    a process changes who it is. Call from the main thread: the wish is bound to the thread.
    """
    wish = ["setpriv", "--pdeathsig", signal.Signals(stop_signal).name.removeprefix("SIG"), "--"]
    # Our own standard output is kept for the one line "Ready".
    with log.open("ab") if log else contextlib.nullcontext(sys.stderr) as output:
        process = subprocess.Popen(
            [*become, *wish, *map(str, command)],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    return Child(name, process, stop_signal)


def wait_for_start(child: Child, works: Callable[[], bool], *, seconds: float, log: Path) -> Child:
    """The child, once it answers."""
    try:
        if wait_until(works, seconds=seconds, alive=child):
            return child
    except BaseException:
        stop(child, grace=10)
        raise
    stop(child, grace=1)
    words = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
    raise CannotStart("\n".join([f"{child.name} did not start. {log} says:", *words]))


def stop(child: Child, *, grace: float) -> None:
    """Ask, wait, then end whatever is left of its session."""
    ask_to_stop(child)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.process.wait(grace)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()


def ask_to_stop(child: Child) -> None:
    """Once: some take a second signal for impatience."""
    if child.asked:
        return
    child.asked = True
    with contextlib.suppress(ProcessLookupError):
        child.process.send_signal(child.stop_signal)


def wait_until(works: Callable[[], bool], *, seconds: float, alive: Child | None = None) -> bool:
    """True as soon as it works; False when the time is over or the child has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if works():
            return True
        if alive and alive.process.poll() is not None:
            return False
        time.sleep(0.02)
    return False


def end_orphans(data: Path) -> int:
    """End what a killed supervisor of this data folder left behind. The caller holds the lock."""
    orphans = list(find_orphans(data))
    for pid in orphans:
        # PostgreSQL: INT is the fast shutdown, TERM would wait for its clients.
        _signal(pid, signal.SIGINT if _program(pid) == "postgres" else signal.SIGTERM)
    if not wait_until(lambda: not any(map(_is_alive, orphans)), seconds=10):
        for pid in orphans:
            _signal(pid, signal.SIGKILL)
        wait_until(lambda: not any(map(_is_alive, orphans)), seconds=5)
    return len(orphans)


def find_orphans(data: Path) -> Iterator[int]:
    """Processes with our tag, and servers at work in our folders.

    Two ways, because PostgreSQL and Redis write their title over their environment. A shell that
    merely stands in the folder is nobody's orphan.
    """
    tag = f"{TAG}={data}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            tagged = tag in (entry / "environ").read_bytes().split(b"\0")
            inside = (entry / "cwd").readlink().is_relative_to(data)
        except OSError:
            continue  # gone, or somebody else's
        pid = int(entry.name)
        if (tagged or (inside and _program(pid) in SERVERS)) and _is_alive(pid):
            yield pid


def _program(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/exe").readlink().name.removesuffix(" (deleted)")
    except OSError:
        return ""


def _is_alive(pid: int) -> bool:
    """A zombie that nobody reaps holds nothing any more."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def package_folder(name: str) -> Path:
    """Where a wheel lies; found without importing it, because importing may start things."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"The Python package {name} is missing. Remove .venv and start again.")
    return Path(spec.submodule_search_locations[0])


def server_environment() -> dict[str, str]:
    """What the servers see: nothing of the caller's locale, time zone or PG variables."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
