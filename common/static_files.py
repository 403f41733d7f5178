"""Static files without a bundler: a finder for single npm files, and hashed names for our own."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class NpmStorage(FileSystemStorage):
    """node_modules, seen through the names that settings.NPM_FILES gives to single files."""

    def path(self, name: str) -> str:
        return str(Path(self.location) / settings.NPM_FILES[name])


class NpmFinder(BaseFinder):
    """Whole `dist` folders would fail (source maps that are not there) and weigh 100 MB."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.storage = NpmStorage(location=settings.NODE_MODULES)

    def check(self, **kwargs: object) -> list[CheckMessage]:
        missing = [name for name in settings.NPM_FILES if not self.storage.exists(name)]
        if not missing or not settings.NODE_MODULES.exists():
            return []  # before `npm ci` there is nothing to compare with
        return [
            Error(
                f"npm packages lack {', '.join(missing)}.",
                hint="Run npm ci; if it stays, correct NPM_FILES in config/settings.py.",
                id="hotline.E010",
            )
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> Any:
        if path not in settings.NPM_FILES or not self.storage.exists(path):
            return []  # never None: Django would wrap it into a list
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in settings.NPM_FILES:
            yield name, self.storage


def _own_scripts() -> Iterator[str]:
    """Patterns for our own modules: on other people's files `import` trips over comments."""
    for path in [*settings.BASE_DIR.glob("static/*"), *settings.BASE_DIR.glob("*/static/*")]:
        if path.is_dir():
            yield f"{path.name}/*.js"
        elif path.suffix == ".js":
            yield path.name


def _rewriting_rules() -> tuple[Any, ...]:
    """In CSS: addresses, but not source maps, which are not collected. In our scripts: imports."""
    django: Any = ManifestFilesMixin  # the stubs do not know its private patterns
    css = next(rules for pattern, rules in django.patterns if pattern == "*.css")
    addresses = tuple(rule for rule in css if "sourceMappingURL" not in str(rule))
    imports = django._js_module_import_aggregation_patterns[1]
    return (("*.css", addresses), *((pattern, imports) for pattern in _own_scripts()))


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, in the `import` lines between our own modules too."""

    patterns = _rewriting_rules()
