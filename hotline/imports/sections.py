"""Reading a TOML table key by key, so that every mistake in it can be named."""

import difflib
import re


class ProfileError(Exception):
    """A profile cannot be used; the sentence names the key and what is wrong with it."""


class Section:
    """One TOML table: hands out typed values and remembers which keys were asked for."""

    def __init__(self, values: dict[str, object], *, where: str) -> None:
        self._values = values
        self._known: set[str] = set()
        self.where = where

    def wrong(self, key: str, problem: str) -> ProfileError:
        return ProfileError(f"{self.where}: {key}: {problem}")

    def _take(self, key: str) -> object:
        self._known.add(key)
        return self._values.get(key)

    def text(self, key: str, default: str | None = None, *, limit: int = 200) -> str:
        value = self._take(key)
        if value is None and default is not None:
            return default
        if value is None:
            raise self.wrong(key, "is missing")
        if not isinstance(value, str):
            raise self.wrong(key, f"must be a text in quotes, not {value!r}")
        if not value.strip() and default is None:
            raise self.wrong(key, "must not be empty")
        if len(value) > limit:
            raise self.wrong(key, f"is longer than {limit} characters")
        return value.strip()

    def code(self, key: str, *, limit: int) -> str:
        value = self.text(key, limit=limit)
        if not re.fullmatch(r"[-a-zA-Z0-9_]+", value):
            raise self.wrong(key, f"{value!r} may hold only letters, digits, - and _")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, f"must be true or false, not {value!r}")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise self.wrong(key, f"{value!r} is not one of {', '.join(allowed)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, f'must be a list of texts like ["…"], not {value!r}')
        return tuple(item.strip() for item in value)

    def number(self, key: str, *, limit: float) -> float:
        value = self._take(key)
        if value is None:
            raise self.wrong(key, "is missing")
        # bool is an int in Python; "latitude = true" is no latitude.
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, f"must be a number, not {value!r}")
        if not -limit <= value <= limit:
            raise self.wrong(key, f"{value} is not between -{limit:g} and {limit:g}")
        return float(value)

    def words(self, key: str, *, allowed: tuple[str, ...]) -> dict[str, str]:
        """A table of "their word" = "our word"."""
        result: dict[str, str] = {}
        for theirs, ours in self._table_values(key).items():
            if not isinstance(ours, str) or ours not in allowed:
                where = f"{key}.{theirs!r}"
                raise self.wrong(where, f"{ours!r} is not one of {', '.join(allowed)}")
            result[theirs] = ours
        return result

    def table(self, key: str) -> "Section":
        return Section(self._table_values(key), where=f"{self.where}: [{key}]")

    def tables(self, key: str) -> list["Section"]:
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(key, f"must be written as [[{key}]] tables")
        return [
            Section(item, where=f"{self.where}: [[{key}]] number {number}")
            for number, item in enumerate(value, start=1)
        ]

    def _table_values(self, key: str) -> dict[str, object]:
        value = self._take(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.wrong(key, f"must be a table, written as [{key}]")
        return value

    def refuse_unknown(self) -> None:
        """Call last: a key nobody asked for is a misspelling, which must not pass silently."""
        for key in self._values:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known: {sorted(self._known)}"
                raise self.wrong(key, f"is not a known key; {hint}")
