"""How many SQL statements one report takes, counted in a process of its own on the same town."""

import subprocess
import sys
from pathlib import Path

from benchmarks.town import ROOT

COUNT = """
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hotline.services import Caller, Said, take_report
from tickets.models import Category
from tickets.services import Location

category = Category.objects.reportable().select_related("parent").first()
for phone in ("+14155550198", "+14155550199"):
    said = Said(category=category, location=Location(125.4, 43.83, "Chuangye Avenue"),
        words="dark", channel="web", caller=Caller(phone=phone))
    with CaptureQueriesContext(connection) as queries:
        take_report(said, now=timezone.now())
counted = [q for q in queries if q["sql"] not in ("BEGIN", "COMMIT")]
print("statements:", len(counted))
"""


def count_statements(data: Path) -> int:
    """SQL statements of one report besides BEGIN and COMMIT, savepoints included."""
    return int(run_in_town(data, COUNT).split("statements:")[1])


def run_in_town(data: Path, script: str) -> str:
    """What a script prints that runs in a process of its own on the same town."""
    command = [str(ROOT / "bin/manage"), "--data", str(data), "shell", "--no-imports", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The town did not do as asked: {done.stderr[-2000:]}")
    return done.stdout
