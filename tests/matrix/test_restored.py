"""The failure matrix: the database comes back from a backup that is older than its texts."""

import subprocess
import sys

from django.db import connections

from config.embedded import ROOT
from tests.gateway.run import RunningGateway
from tests.matrix.database import BACKUP, NAME, copy
from tests.matrix.texts import queue, settled
from tests.matrix.town import Town


def test_restored_from_a_backup(town: Town, gateway: RunningGateway, phone: str) -> None:
    town.kill_workers()
    sent, never = queue(phone, "+14155550139")
    connections.close_all()
    copy(NAME, to=BACKUP)
    gateway.faults({"kind": "reject", "code": "30003", "to": "139$"})
    town.start_worker()
    settled(sent, never)
    town.kill_workers()
    assert len(gateway.texts(phone)) == 1
    connections.close_all()
    copy(BACKUP, to=NAME)  # where both wait, and neither was ever tried
    gateway.faults()
    assert "had been sent: 1; that go with the first worker: 1;" in reconcile_restored(town)
    town.start_worker()
    settled(sent, never)
    assert [len(gateway.texts(to)) for to in (phone, "+14155550139")] == [1, 1]


def reconcile_restored(town: Town) -> str:
    command = [sys.executable, "manage.py", "reconcile_restored"]
    said = subprocess.check_output(command, cwd=ROOT, env=town.environment, text=True)
    return str(said)
