"""Compiles the translations without gettext's tools: they are missing on most machines."""

from pathlib import Path

import polib


def compile_translations(locale: Path) -> None:
    for source in locale.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            draft = target.with_suffix(".draft")
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.rename(target)
