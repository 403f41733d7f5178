"""`bin/serve --demo`: an empty database gets the demo town; people hear how to sign in."""

import os
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence

import psycopg

from config import embedded, postgres
from config.instance import CannotStart, Instance, keep_secret

TICKETS = "400"
SIGN_INS = "operator, dispatcher, crew1 … crew6, supervisor, admin"
# Without letters and digits that are taken for each other.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def throw_away_unfinished(instance: Instance) -> None:
    """What an interrupted filling left is thrown away: it would be half a town for ever."""
    unfinished = instance.data / "demo_unfinished"
    if not unfinished.exists():
        return
    if not embedded.is_ours("DATABASE_URL"):
        raise CannotStart(
            "The demo town was left half made in the database of DATABASE_URL. Empty that "
            f"database, remove {unfinished}, then start again."
        )
    postgres.drop_database(instance)
    unfinished.unlink()


def fill(
    instance: Instance,
    environment: Mapping[str, str],
    run: Callable[[Sequence[str], Mapping[str, str]], None],
) -> None:
    if not is_empty(environment["DATABASE_URL"]):
        return
    unfinished = instance.data / "demo_unfinished"
    unfinished.touch()
    (instance.data / "demo_password").unlink(missing_ok=True)
    wanted = os.environ.get("HOTLINE_DEMO_PASSWORD") or new_password()
    password = keep_secret(instance, "demo_password", wanted).read_text()
    print("Filling the demo town ...", file=sys.stderr, flush=True)
    run(
        ["seed", "--tickets", TICKETS, "--seed", "1"],
        {**environment, "HOTLINE_DEMO_PASSWORD": password},
    )
    unfinished.unlink()


def say_sign_ins(instance: Instance) -> None:
    path = instance.data / "demo_password"
    if not path.exists():
        print("The database is not a demo town, so --demo has left it as it is.", flush=True)
        return
    password = path.read_text()
    print(f"Demo sign-ins: {SIGN_INS}. Password: {password}", flush=True)
    if os.environ.get("HOTLINE_DEMO_PASSWORD", password) != password:
        print("(HOTLINE_DEMO_PASSWORD counts when the town is made; this one is older.)")


def new_password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def is_empty(database_url: str) -> bool:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT EXISTS (SELECT 1 FROM common_user)").fetchone()
    return not (row and row[0])
