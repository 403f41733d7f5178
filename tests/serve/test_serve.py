"""bin/serve as people run it: real processes, real signals."""

import json
import os
import re
import signal
import socket
from pathlib import Path

import pytest

from config import processes
from config.build import COLLECTED
from config.embedded import ROOT
from tests.serve.conftest import PATIENCE, SERVE, Serve, Served, comes_true

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]


def test_it_works(serve: Serve, tmp_path: Path) -> None:
    served = serve(tmp_path, command=[str(ROOT / "bin" / "serve")]).wait_until_ready()
    assert served.get("healthz") == "alive\n"
    assert served.get("readyz") == "ready\n"
    # Hashed and compressed: what tests of pages, with plain storage, never see.
    names = json.loads((COLLECTED / "staticfiles.json").read_text())["paths"]
    assert re.fullmatch(r"v/tabler\.[0-9a-f]{12}\.css", names["v/tabler.css"])
    assert "--tblr" in served.get("static/" + names["v/tabler.css"])
    assert served.stop() == 0
    assert served.left_behind() == []


def test_it_starts_again_after_kill_9(serve: Serve, tmp_path: Path) -> None:
    killed = serve(tmp_path).wait_until_ready()
    killed.stop(signal.SIGKILL)
    (tmp_path / "pg" / "postmaster.pid").write_text("1\n")  # a living process, and not ours
    # As a shell starts it in the background: with SIGINT ignored.
    again = serve(tmp_path, command=["env", "--ignore-signal=INT", *SERVE]).wait_until_ready()
    assert again.get("readyz") == "ready\n"
    assert again.stop(signal.SIGINT) == 0
    assert again.left_behind() == []


def test_orphans_are_ended(serve: Serve, tmp_path: Path) -> None:
    """Where the kernel's death wish does not work, the next start cleans up."""
    served = serve(tmp_path).wait_until_ready()
    served.process.send_signal(signal.SIGSTOP)  # it can neither stop its children nor restart them
    assert len(served.left_behind()) > 5
    processes.end_orphans(tmp_path)
    assert served.left_behind() == []
    served.process.kill()


def test_two_stand_side_by_side(serve: Serve, town: Served, tmp_path: Path) -> None:
    other = serve(tmp_path).wait_until_ready()
    assert other.address != town.address
    assert other.stop() == 0
    assert town.get("readyz") == "ready\n"


def test_it_takes_servers_that_are_there(serve: Serve, town: Served, tmp_path: Path) -> None:
    host = str(town.data / "run").replace("/", "%2F")
    served = serve(
        tmp_path,
        DATABASE_URL=f"postgresql://hotline@{host}/hotline",
        REDIS_URL=f"redis+socket://{town.data}/run/r.sock?virtual_host=1",
    ).wait_until_ready()
    assert served.get("readyz") == "ready\n"
    assert not (tmp_path / "pg").exists()
    assert not any((tmp_path / "redis").iterdir())
    assert served.stop() == 0


def test_it_brings_back_what_dies(town: Served) -> None:
    redis = next(p for p in processes.find_orphans(town.data) if "redis" in command_of(p))
    os.kill(redis, signal.SIGKILL)
    assert comes_true(lambda: "The Redis has ended" in town.log.read_text(), seconds=PATIENCE)
    assert comes_true(lambda: town.get("readyz") == "ready\n", seconds=PATIENCE)


def test_it_refuses_a_taken_port(serve: Serve, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        served = serve(tmp_path, "--port", str(port))
        assert served.process.wait(PATIENCE) == 3
    assert f"127.0.0.1:{port}: Address already in use" in served.log.read_text()
    assert "--port" in served.log.read_text()


def test_it_refuses_a_data_folder_in_use(serve: Serve, town: Served) -> None:
    second = serve(town.data)
    assert second.process.wait(PATIENCE) == 1
    assert f"in use by bin/serve (process {town.process.pid})" in second.log.read_text()


def test_it_refuses_the_data_of_another_postgresql(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "PG_VERSION").write_text("16\n")
    served = serve(tmp_path)
    assert served.process.wait(PATIENCE) == 1
    assert "written by PostgreSQL 16" in served.log.read_text()
    assert "To upgrade" in served.log.read_text()


def test_it_names_a_missing_redis(serve: Serve, tmp_path: Path) -> None:
    hide = "import config.broker as b; b.shutil.which = lambda name: None; "
    hide += "b.package_folder = lambda name: b.Path('/nowhere'); "
    served = serve(tmp_path, command=[SERVE[0], "-c", hide + "import config.serve as s; s.main()"])
    assert served.process.wait(PATIENCE) == 1
    assert "Install the package redis-server" in served.log.read_text()
    assert served.left_behind() == []


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/exe").readlink().name
