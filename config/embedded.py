"""The servers of our own under one data folder. The only file that knows that they may be ours.

What comes out is an environment (DATABASE_URL, REDIS_URL, keys) like any operator would write it;
where the operator has written it, nothing is started.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from config import broker, postgres, processes
from config.instance import CannotStart, Instance, keep_secret, supervisor_of
from config.processes import Child

ROOT = Path(__file__).resolve().parent.parent


def environment(instance: Instance) -> dict[str, str]:
    """What every process of this instance gets; what is set already stays."""
    ours = {
        "DATABASE_URL": instance.database_url,
        "REDIS_URL": instance.redis_url,
        "SECRET_KEY": keep_secret(instance, "secret_key"),
        "HOTLINE_HASH_KEY": keep_secret(instance, "hash_key"),
    }
    filled = {
        **os.environ,
        "HOTLINE_DATA": str(instance.data),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    for name, value in ours.items():
        if is_ours(name):
            filled[f"{name}_FILE" if isinstance(value, Path) else name] = str(value)
    return filled


def is_ours(name: str) -> bool:
    return not (os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def starters(instance: Instance) -> list[Callable[[], Child]]:
    """How to start what the environment does not name; end orphans before."""
    found: list[Callable[[], Child]] = []
    if is_ours("DATABASE_URL"):
        found.append(lambda: postgres.start(instance))
    if is_ours("REDIS_URL"):
        found.append(lambda: broker.start(instance))
    return found


@contextlib.contextmanager
def started(instance: Instance) -> Iterator[None]:
    """The servers, for the time of one command."""
    processes.end_orphans(instance.data)
    children: list[Child] = []
    try:
        for start in starters(instance):
            children.append(start())
        yield
    finally:
        for child in reversed(children):
            processes.stop(child, grace=20)


def wait_for_servers(instance: Instance) -> None:
    """Somebody else runs them; they may be starting just now."""
    servers = [("DATABASE_URL", postgres.answers), ("REDIS_URL", broker.answers)]
    needed = [answers for name, answers in servers if is_ours(name)]
    if not processes.wait_until(lambda: all(works(instance) for works in needed), seconds=20):
        raise CannotStart(
            f"The servers of {instance.data} belong to {supervisor_of(instance)}, but they do not "
            "answer. Stop it, then try again."
        )
