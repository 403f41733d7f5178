"""bin/manage: a management command against the servers of a data folder, running or not."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psycopg

from config import embedded
from config.embedded import ROOT
from config.instance import (
    CannotStart,
    Instance,
    open_instance,
    supervising,
    using,
    wait_for_users,
)
from config.translations import compile_translations


def main() -> None:
    data, command = split_arguments(sys.argv[1:])
    try:
        sys.exit(manage(open_instance(data), command))
    except CannotStart as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)


def split_arguments(arguments: Sequence[str]) -> tuple[Path, Sequence[str]]:
    """Only a --data before the command is ours; all else belongs to the command."""
    match arguments:
        case ["--data", data, *command]:
            return Path(data), command
        case [first, *command] if first.startswith("--data="):
            return Path(first.removeprefix("--data=")), command
    return ROOT / "var", arguments


def manage(instance: Instance, command: Sequence[str]) -> int:
    compile_translations(ROOT / "locale")
    environment = embedded.environment(instance)
    with servers(instance), using(instance):
        if is_new(environment["DATABASE_URL"]) and "migrate" not in command:
            run(["migrate", "--verbosity=0"], environment)
        return run(command, environment)


@contextlib.contextmanager
def servers(instance: Instance) -> Iterator[None]:
    with supervising(instance, "a bin/manage command") as ours:
        if not ours:
            embedded.wait_for_servers(instance)
            yield
            return
        with embedded.started(instance):
            yield
            wait_for_users(instance)


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Ctrl-C reaches the command by itself, SIGTERM does not; either way we wait for it."""
    process = subprocess.Popen([sys.executable, ROOT / "manage.py", *command], env=environment)
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    return process.wait()


def is_new(database_url: str) -> bool:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone()
    return bool(row and row[0])


if __name__ == "__main__":
    main()
