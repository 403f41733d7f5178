"""bin/serve: starts what is missing, migrates, serves, says Ready, and stops all of it."""

import argparse
import contextlib
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psycopg

from config import addresses, demo, embedded, processes
from config.build import build
from config.embedded import ROOT
from config.instance import CannotStart, Instance, open_instance, supervising, supervisor_of
from config.processes import Child

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
RESTARTS_PER_MINUTE = 5


def main() -> None:
    options = parse(sys.argv[1:])
    # SIGINT too: a shell that starts us in the background has it ignored.
    for number in STOPPING:
        signal.signal(number, signal.default_int_handler)
    try:
        options.port = addresses.claim_port(options.host, options.port)
        instance = open_instance(options.data)
        with supervising(instance, "bin/serve") as ours:
            if not ours:
                raise CannotStart(
                    f"{instance.data} is in use by {supervisor_of(instance)}. Stop it, or name "
                    "another folder with --data."
                )
            serve(instance, options)
    except addresses.PortTaken as problem:
        print(problem, file=sys.stderr)
        sys.exit(3)
    except CannotStart as problem:
        sys.exit(str(problem))
    except OSError as error:
        sys.exit(f"{error.filename or 'The system'}: {error.strerror}. Mend that, then try again.")
    except KeyboardInterrupt:
        sys.exit(0)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/serve", description="Serve the hotline.")
    parser.add_argument("--demo", action="store_true", help="fill an empty database with a town")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port; 0 takes a free one")
    parser.add_argument("--data", type=Path, default=ROOT / "var", help="folder for all data")
    return parser.parse_args(arguments)


def serve(instance: Instance, options: argparse.Namespace) -> None:
    address = addresses.web_address(options.host, options.port)
    environment = {
        "ALLOWED_HOSTS": addresses.names_of(options.host),
        "PUBLIC_BASE_URL": address,
        **embedded.environment(instance),
        "WEB_BIND": f"{options.host}:{options.port}",
        processes.TAG: str(instance.data),
    }
    build(environment)
    processes.end_orphans(instance.data)
    supervisor = Supervisor()
    try:
        for start in embedded.starters(instance):
            supervisor.add(start)
        prepare_database(instance, environment, fill=options.demo)
        for start in starters_of_ours(instance, environment):
            supervisor.add(start)
        wait_for_web(address, supervisor)
        if options.demo:
            demo.say_sign_ins(instance)
        print(f"Ready: {address}", flush=True)
        supervisor.watch()
    finally:
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)  # we are at it
        supervisor.stop()


def prepare_database(instance: Instance, environment: Mapping[str, str], *, fill: bool) -> None:
    require_database(environment["DATABASE_URL"])
    demo.throw_away_unfinished(instance)
    run(["migrate", "--verbosity=0"], environment)
    if fill:
        demo.fill(instance, environment, run)


def require_database(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise CannotStart(f"The database of DATABASE_URL does not answer: {error}") from error


def run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    result = subprocess.run(
        [sys.executable, ROOT / "manage.py", *command], env=environment, stdout=sys.stderr
    )
    if result.returncode:
        raise CannotStart(f"The step `bin/manage {command[0]}` failed: see the message above.")


def starters_of_ours(
    instance: Instance, environment: Mapping[str, str]
) -> list[Callable[[], Child]]:
    """The web server, the worker and the clock, as in production."""
    celery = ["celery", "--quiet", "--app", "config", "worker", "--concurrency", "2"]
    beat = ["celery", "--quiet", "--app", "config", "beat", "--pidfile=", "--schedule"]
    commands = {
        "web server": ["gunicorn", "--config", "config/gunicorn.conf.py"],
        "worker": celery,
        "clock": [*beat, str(instance.data / "celery" / "beat")],
    }
    one_connection = {**environment, "DATABASE_MAX_AGE": "600"}

    def starter(name: str) -> Callable[[], Child]:
        command = [sys.executable, "-m", *commands[name]]
        seen = environment if name == "web server" else one_connection
        return lambda: processes.start(name, command, env=seen, cwd=ROOT)

    return [starter(name) for name in commands]


def wait_for_web(address: str, supervisor: "Supervisor") -> None:
    def answers() -> bool:
        with contextlib.suppress(OSError, urllib.error.HTTPError):
            return bool(urllib.request.urlopen(f"{address}readyz", timeout=5).status == 200)
        return False

    web = next(child for child in supervisor.children if child.name == "web server")
    if not processes.wait_until(answers, seconds=60, alive=web):
        raise CannotStart("The web server did not start: see the messages above.")


class Supervisor:
    """Keeps its children alive, and takes all of them along when it goes."""

    def __init__(self) -> None:
        self.starters: list[Callable[[], Child]] = []
        self.children: list[Child] = []
        self.restarts: list[float] = []

    def add(self, start: Callable[[], Child]) -> None:
        self.starters.append(start)
        self.children.append(start())

    def watch(self) -> None:
        while True:
            time.sleep(0.5)
            for place, child in enumerate(self.children):
                if child.process.poll() is not None:
                    self.restart(place, child)

    def restart(self, place: int, child: Child) -> None:
        now = time.monotonic()
        self.restarts = [*(then for then in self.restarts if now - then < 60), now]
        if len(self.restarts) > RESTARTS_PER_MINUTE:
            raise CannotStart(f"The {child.name} ends again and again: see the messages above.")
        print(f"The {child.name} has ended; starting it again.", file=sys.stderr, flush=True)
        processes.stop(child, grace=0)  # what is left of its session
        self.children[place] = self.starters[place]()

    def stop(self) -> None:
        """Ours together, then the servers they use."""
        servers = [child for child in self.children if child.name in ("PostgreSQL", "Redis")]
        ours = [child for child in self.children if child not in servers]
        for child in ours:
            processes.ask_to_stop(child)
        for child in [*ours, *reversed(servers)]:
            processes.stop(child, grace=30)


if __name__ == "__main__":
    main()
