"""How the settings read the environment. A secret NAME may also be a file, named by NAME_FILE."""

import os
from pathlib import Path

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


class BadSetting(Exception):
    """A variable of the environment that cannot mean what it must mean."""


def envtext(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def envbool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise BadSetting(f"{name} is {value!r}: write 1 for yes or 0 for no.")


def envint(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    try:
        return int(value) if value else default
    except ValueError:
        raise BadSetting(f"{name} is {value!r}: it must be a whole number.") from None


def envlist(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in envtext(name, default).split(",") if part.strip()]


def envsecret(name: str, default: str = "") -> str:
    """A password or key: from NAME, or from the file that NAME_FILE names."""
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return os.environ.get(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{name}_FILE is {path!r}: {error.strerror}.") from None
