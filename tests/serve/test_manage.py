"""bin/manage reaches the same servers, whether bin/serve is running or not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import processes
from config.embedded import ROOT
from tests.serve.conftest import PATIENCE, Served, without_servers

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]
COUNT = "from common.models import User; print('people:', User.objects.count())"


def manage(data: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "config.manage", "--data", str(data), *command],
        env={**without_servers(os.environ), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE,
    )


def test_it_works_beside_a_running_server(town: Served) -> None:
    result = manage(town.data, "shell", "--verbosity=0", "-c", COUNT)
    assert result.stdout == "people: 0\n", result.stderr


def test_it_works_alone_and_leaves_nothing(tmp_path: Path) -> None:
    result = manage(tmp_path, "shell", "--verbosity=0", "-c", COUNT)
    assert result.stdout == "people: 0\n", result.stderr
    assert list(processes.find_orphans(tmp_path)) == []


def test_it_hands_on_the_verdict_of_the_command(town: Served) -> None:
    assert manage(town.data, "check").returncode == 0
    assert manage(town.data, "no-such-command").returncode == 1
