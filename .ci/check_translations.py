"""Every string that people see has its Chinese translation, and the catalogue knows all of them."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
NOT_OURS = (".git", ".venv", "node_modules", "static_collected*", "var", ".mypy_cache", "tests")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_OURS))
        (copy / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "manage.py", "makemessages", "--locale=zh_Hans", "--verbosity=0"],
            cwd=copy,
            check=True,
        )
        problems = list(map(describe, find_problems(polib.pofile(str(copy / CATALOGUE)))))
    print("\n".join(problems))
    sys.exit(f"{len(problems)} strings are not translated." if problems else 0)


def find_problems(catalogue: polib.POFile) -> list[polib.POEntry]:
    """Strings that only look alike an old one (fuzzy) are not translated either."""
    return [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]


def describe(entry: polib.POEntry) -> str:
    place = ":".join(entry.occurrences[0]) if entry.occurrences else "?"
    return f"{place} {'fuzzy' if entry.fuzzy else 'missing'}: {entry.msgid!r}"


if __name__ == "__main__":
    main()
