"""The words of a text: the city's own or those of templates/texts/, filled and made to fit."""

import logging
from functools import lru_cache
from typing import Any

from django.template import Template
from django.utils import translation

from notifications import wording
from notifications.fitting import clean, fit
from notifications.kinds import KINDS
from notifications.proofread import proofread
from notifications.templating import BadWords, file_template, render

logger = logging.getLogger(__name__)


def write_text(kind: str, language: str, **facts: Any) -> str:
    """A text of this kind in this language, in two segments at most; see notifications/kinds.py.

    A kind that is not listed there has its file only, and is written as it stands.
    """
    with translation.override(language):
        if kind not in KINDS:
            return render(file_template(kind, language), facts)
        shrinks = KINDS[kind].shrinks
        tidy = {name: clean(fact) if name in shrinks else fact for name, fact in facts.items()}
        template = _own(kind, wording.current(kind, language)) or file_template(kind, language)
        return fit(lambda given: render(template, given), tidy, shrinks).strip()


@lru_cache(maxsize=256)
def _own(kind: str, words: str) -> Template | None:
    """The city's own words where there are any that can be used: no ticket waits for words."""
    if not words:
        return None
    with translation.override("en"):  # of the log
        try:
            return proofread(kind, words)
        except BadWords as fault:
            logger.warning("the words of “%s” are not used: %s", kind, fault)
            return None
