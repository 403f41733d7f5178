"""One data folder: who works in it, its sockets, its secrets."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROLE = "hotline"
NOBODY = 65534
# A socket path may have 107 characters; Redis 6.2 cuts a longer one silently and listens elsewhere.
LONGEST_RUN_FOLDER = 100 - len("/.s.PGSQL.5432.lock")


class CannotStart(Exception):
    """A step that failed, and how to mend it."""


@dataclass(frozen=True)
class Instance:
    data: Path
    run: Path

    @property
    def postgres(self) -> Path:
        return self.data / "pg"

    @property
    def redis(self) -> Path:
        return self.data / "redis"

    @property
    def redis_socket(self) -> Path:
        return self.run / "r.sock"

    @property
    def database_url(self) -> str:
        return f"postgresql://{ROLE}@{quote(str(self.run), safe='')}/{ROLE}"

    @property
    def redis_url(self) -> str:
        return f"redis+socket://{self.redis_socket}?virtual_host=0"


def open_instance(data: Path) -> Instance:
    """Make the folders, private to us."""
    data = data.resolve()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("redis", "celery", "files"):
            (data / name).mkdir(mode=0o700, exist_ok=True)
        return Instance(data, _private_run_folder(data))
    except OSError as error:
        raise CannotStart(
            f"The data folder {data} cannot be used: {error.strerror}. Name another with --data."
        ) from error


def _private_run_folder(data: Path) -> Path:
    run = data / "run"
    if len(str(run)) > LONGEST_RUN_FOLDER:
        digest = hashlib.sha256(str(data).encode()).hexdigest()[:12]
        run = Path(tempfile.gettempdir()) / f"hotline-{os.getuid()}-{digest}"
    run.mkdir(mode=0o700, exist_ok=True)
    # PostgreSQL started by root may have had to be nobody (config/postgres.py).
    owners = {os.getuid(), NOBODY} if os.getuid() == 0 else {os.getuid()}
    if run.is_symlink() or run.stat().st_uid not in owners:
        raise CannotStart(f"The folder {run} belongs to somebody else. Remove it, then try again.")
    run.chmod(0o700)
    return run


@contextlib.contextmanager
def supervising(instance: Instance, name: str) -> Iterator[bool]:
    """Whether the servers of this folder are ours; the kernel ends that even after kill -9."""
    with (instance.data / "supervisor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        lock.truncate(0)
        lock.write(f"{name} (process {os.getpid()})")
        lock.flush()
        yield True


def supervisor_of(instance: Instance) -> str:
    return (instance.data / "supervisor.lock").read_text()


@contextlib.contextmanager
def using(instance: Instance) -> Iterator[None]:
    """A command at work: whoever started the servers for a command of its own waits for it."""
    with (instance.data / "users.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def wait_for_users(instance: Instance) -> None:
    with (instance.data / "users.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


def keep_secret(instance: Instance, name: str, value: str = "") -> Path:
    """A secret that stays the same for the life of the data folder, random if none is given."""
    path = instance.data / name
    if not path.exists():
        draft = path.with_name(f"{name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(value or secrets.token_urlsafe(50))
        draft.rename(path)
    return path
