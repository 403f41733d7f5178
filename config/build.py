"""What is made from the sources before serving: translations and the collected static files."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from config.embedded import ROOT
from config.instance import CannotStart
from config.translations import compile_translations

COLLECTED = ROOT / "static_collected"
STAMP = ".made-of"


def build(environment: Mapping[str, str]) -> None:
    compile_translations(ROOT / "locale")
    collect_static_files(environment)


def collect_static_files(environment: Mapping[str, str]) -> None:
    """Hashing and compressing takes seconds, so it is skipped while nothing has changed."""
    made_of = fingerprint()
    if is_collected(made_of):
        return
    with (ROOT / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two servers that start together collect once
        if not is_collected(made_of):
            collect_anew(made_of, environment)


def is_collected(made_of: str) -> bool:
    stamp = COLLECTED / STAMP
    return stamp.exists() and stamp.read_text() == made_of


def collect_anew(made_of: str, environment: Mapping[str, str]) -> None:
    """Aside, then swapped: neither an interrupted run nor a second server meets half of them."""
    print("Collecting static files ...", file=sys.stderr, flush=True)
    draft = COLLECTED.with_name(f"{COLLECTED.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    result = subprocess.run(
        [sys.executable, ROOT / "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
        env={**environment, "HOTLINE_STATIC": str(draft)},
        stdout=sys.stderr,
    )
    if result.returncode:
        raise CannotStart("The static files could not be collected: see the message above.")
    (draft / STAMP).write_text(made_of)
    shutil.rmtree(COLLECTED, ignore_errors=True)
    draft.rename(COLLECTED)


def fingerprint() -> str:
    """Name, size and time of every source, and the versions of other people's."""
    digest = hashlib.sha256()
    for path in sources():
        facts = path.stat()
        digest.update(f"{path}:{facts.st_size}:{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def sources() -> Iterator[Path]:
    yield from (ROOT / "requirements.txt", ROOT / "package-lock.json")
    yield from (ROOT / "config/settings.py", ROOT / "common/static_files.py")
    for folder in [ROOT / "static", *sorted(ROOT.glob("*/static"))]:
        yield from sorted(path for path in folder.rglob("*") if path.is_file())
