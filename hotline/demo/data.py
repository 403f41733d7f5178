"""The demo town's data files, read once."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
Pair = tuple[str, str]  # the same in English and in Chinese


@cache
def read(name: str) -> dict[str, Any]:
    """A .toml or .geojson file of this folder."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text) if name.endswith(".toml") else json.loads(text)
    return found


def named(rows: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, str]]]:
    """The code of each row, and its two names as the columns of a model."""
    for row in rows:
        yield row["code"], {"name_en": row["name_en"], "name_zh": row["name_zh"]}


@dataclass(frozen=True)
class Story:
    """What people say of one kind of complaint, and what crews do about it (stories.toml)."""

    weight: int
    when: str
    hours: tuple[float, float]
    skill: str
    equipment: list[str]
    materials: list[tuple[str, int, int]]
    en: list[str]
    zh: list[str]
    findings: list[Pair]
    closing: list[Pair]
    said: list[Pair]

    def words(self, language: str) -> list[str]:
        return self.en if language == "en" else self.zh


@cache
def stories() -> dict[str, Story]:
    return {code: Story(**{"said": [], **told}) for code, told in read("stories.toml").items()}


def in_language(pair: Pair, language: str) -> str:
    return pair[0] if language == "en" else pair[1]
