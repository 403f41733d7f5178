"""What the log must not hold: PostgreSQL explains its errors by the values of the refused row."""

import logging
import re
from collections.abc import Iterator

import psycopg

# Where only words have come down to us: an explanation ends at the next one, or with its line.
DETAIL = re.compile(r"\n\s*DETAIL:.*(?:\n(?!\s*(?:[A-Z]+:|Traceback |The above |During ))\s.*)*")


class WithoutValues(logging.Formatter):
    """Errors of the database are told by what was refused, not by whose number it was."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for error in _errors(record):
            if detail := error.diag.message_detail:
                text = text.replace(f"\nDETAIL:  {detail}", "")
        return DETAIL.sub("", text)


def _errors(record: logging.LogRecord) -> Iterator[psycopg.Error]:
    """Those of the database among what was raised and what is told of by name."""
    args = record.args if isinstance(record.args, tuple) else ()
    raised = record.exc_info[1] if record.exc_info else None
    found = [one for one in (raised, *args) if isinstance(one, BaseException)]
    seen: set[int] = set()
    while found:
        error = found.pop()
        if id(error) in seen:
            continue
        seen.add(id(error))
        if isinstance(error, psycopg.Error):
            yield error
        found += [one for one in (error.__cause__, error.__context__) if one]
