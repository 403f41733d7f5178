"""Texts in a storm: real processes, a gateway that loses answers, workers that are killed.

Of the answers 2.7 % are lost or unclear; of the texts 0.8 % are in flight while all workers are
killed (SIGKILL), 2 % get no receipt at all, 5 % never appear in a list. Waits are a thirtieth of
the usual ones: a lease of 4 s, looks after 1, 4 and 20 s; a sweep comes every half second. The
same seed throws the same dice; when a kill hits is chance.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from benchmarks.town import ROOT, report
from config import postgres, processes
from config.celery import app
from config.instance import open_instance
from tests.gateway.run import running_gateway
from tests.matrix.town import Town, running_town

SCALED = {"TEXT_LEASE_SECONDS": "4", "TEXT_LOOK_SECONDS": "1,4,20", "WEB_WORKERS": "2"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=50, help="texts queued per second")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with town_to_kill() as town:
        # This process is one of the town's from now on.
        os.environ.update(town.environment)
        app.conf.broker_url = town.environment["REDIS_URL"]
        django.setup()
        from benchmarks.rain import rain, weather

        chosen = {"texts": options.texts, "rate": options.rate, "seed": options.seed}
        report("storm", rain(town, **chosen, faults=weather()))


@contextmanager
def town_to_kill() -> Iterator[Town]:
    with (
        tempfile.TemporaryDirectory(prefix="hotline-storm-") as folder,
        running_gateway() as gateway,
    ):
        instance = open_instance(Path(folder))
        server = postgres.start(instance)
        try:
            migrate(instance.database_url)
            with running_town(
                instance, gateway, DATABASE_URL=instance.database_url, **SCALED
            ) as town:
                yield town
        finally:
            processes.stop(server, grace=20)


def migrate(database: str) -> None:
    environment = {**os.environ, "DATABASE_URL": database, "SECRET_KEY": "for a minute"}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"]
    subprocess.run(command, env=environment, check=True)


if __name__ == "__main__":
    main()
