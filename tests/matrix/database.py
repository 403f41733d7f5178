"""The town's database, beside the one of the other tests, on the same server."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from django.db import connections

NAME = "hotline_matrix"
BACKUP = f"{NAME}_backup"


def address_of(name: str) -> str:
    given = {key: quote(str(value), safe="") for key, value in settings().items() if value}
    password = f":{given['PASSWORD']}" if "PASSWORD" in given else ""
    port = f":{given['PORT']}" if "PORT" in given else ""
    return f"postgresql://{given['USER']}{password}@{given.get('HOST', '')}{port}/{name}"


def settings() -> dict[str, object]:
    known = connections["default"].settings_dict
    return {name: known[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}


def say(statement: str) -> None:
    """To the server, from a database in which nobody works."""
    with psycopg.connect(address_of("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


def copy(name: str, *, to: str) -> None:
    """Whoever works in either of them is sent away."""
    for each in (name, to):
        say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{each}'")
    say(f"DROP DATABASE IF EXISTS {to} WITH (FORCE)")
    say(f"CREATE DATABASE {to} TEMPLATE {name}")


@contextmanager
def locked(table: str, *, mode: str = "ACCESS EXCLUSIVE") -> Iterator["Lock"]:
    """Nobody passes this table until the block ends."""
    with psycopg.connect(address_of(NAME)) as connection:
        connection.execute(f"LOCK TABLE {table} IN {mode} MODE".encode())
        yield Lock(connection)


class Lock:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def holds_somebody_up(self) -> bool:
        waiting = (
            "SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        row = self._connection.execute(waiting.encode()).fetchone()
        return bool(row and row[0])
