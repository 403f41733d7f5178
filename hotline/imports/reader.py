"""Reading an export row by row, whatever its encoding, delimiter and accidents.

Every physical line comes out: in a row, in a refusal that names it, or as blank. A quote that is
never closed costs the one line it stands in, not the rest of the file.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from hotline.imports.encodings import LOST, detect
from hotline.imports.profile import Profile

LINE_LIMIT = 1_000_000
FIELD_LIMIT = 100_000
# Rows with line breaks inside quotes: longer ones are taken for a quote that was never closed.
LINES_PER_ROW = 200
NOT_CSV = {b"PK\x03\x04": "a spreadsheet or a ZIP archive", b"\x1f\x8b": "a compressed file",
           b"%PDF": "a PDF", b"\xd0\xcf\x11\xe0": "an old Excel workbook"}  # fmt: skip


class FileRefused(Exception):
    """The file as a whole cannot be read with this profile; the sentence says why."""


@dataclass(frozen=True, slots=True)
class RawRow:
    line: int
    values: dict[str, str]
    raw: str
    damaged: bool = False  # zero bytes were taken out, or characters could not be decoded


@dataclass(frozen=True, slots=True)
class Rejected:
    line: int
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """A file that fits a profile. Rows are read from the disk as they are asked for."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_lines: int

    def count_lines(self) -> int:
        """How many physical lines there are, for showing progress; UTF-16 may seem to have more."""
        with self.path.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))

    def rows(self) -> Iterator[RawRow | Rejected]:
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            lines = _Lines(file)
            for _ in range(self.header_lines):
                lines.take()
            while lines.peek() is not None:
                row = self._row(lines)
                if row is not None:
                    yield row

    def _row(self, lines: "_Lines") -> RawRow | Rejected | None:
        line, text = lines.number + 1, lines.take()
        if not text.strip():
            return None
        if len(text) >= LINE_LIMIT:
            return Rejected(line, f"the line is longer than {LINE_LIMIT:,} characters", text)
        cells, taken = _cells(text, lines, self.delimiter)
        problem = cells if isinstance(cells, str) else self._misfit(cells)
        if problem:
            # What was read ahead stays in `lines`, so that only the first line is lost.
            return Rejected(line, problem, text)
        text += "".join(lines.take() for _ in range(taken))
        damaged = "\0" in text or LOST in text
        values = [cell.replace("\0", "").strip() for cell in cells]
        return RawRow(line, dict(zip(self.header, values, strict=False)), text, damaged)

    def _misfit(self, cells: list[str]) -> str:
        extra = cells[len(self.header) :]
        if len(cells) < len(self.header) or any(cell.strip() for cell in extra):
            return f"the row has {len(cells)} columns, the header has {len(self.header)}"
        if any(len(cell) > FIELD_LIMIT for cell in cells):
            return f"a field is longer than {FIELD_LIMIT:,} characters"
        return ""


class _Lines:
    """The physical lines of a file with a look ahead, so that a wrong guess can be taken back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._ahead: list[str] = []
        self.number = 0

    def peek(self, offset: int = 0) -> str | None:
        while len(self._ahead) <= offset:
            line = self._read()
            if not line:
                return None
            self._ahead.append(line)
        return self._ahead[offset]

    def take(self) -> str:
        line = self.peek()
        if line is None:
            return ""
        self.number += 1
        del self._ahead[0]
        return line

    def _read(self) -> str:
        line = rest = self._file.readline(LINE_LIMIT)
        while len(rest) == LINE_LIMIT and not rest.endswith(("\n", "\r")):
            rest = self._file.readline(LINE_LIMIT)
        return line


def _cells(text: str, lines: _Lines, delimiter: str) -> tuple[list[str] | str, int]:
    """The cells of a row that begins with `text` and how many further lines it goes on for.

    Or, in place of the cells, the sentence that says why there is no such row.
    """
    added = text
    for taken in range(LINES_PER_ROW):
        # Only a line with a quote can end a quoted field.
        if '"' in added or not taken:
            try:
                return next(csv.reader([text], delimiter=delimiter, strict=True)), taken
            except csv.Error as error:
                if "unexpected end" not in str(error):
                    return _explain(error), 0
        added = lines.peek(taken) or ""
        if not added or len(added) >= LINE_LIMIT:
            break
        text += added
    return "a quote is opened and never closed", 0


def _explain(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a field is longer than {FIELD_LIMIT:,} characters"
    if "expected after" in str(error):
        return "a quote inside a quoted field is not doubled, or one is never closed"
    return f"the line is no CSV: {error}"


def open_export(path: Path, profile: Profile) -> Export:
    """Find out how the file is written and check its header against the profile."""
    try:
        _refuse_other_formats(path)
        encoding = detect(path) if profile.encoding == "auto" else profile.encoding
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            lines = _Lines(file)
            delimiter = _announced_delimiter(lines) or profile.delimiter
            header, delimiter = _header(lines, (delimiter,) if delimiter else (",", ";", "\t", "|"))
    except OSError as error:
        raise FileRefused(f"{path} cannot be read: {error.strerror}.") from None
    _check_columns(header, profile)
    return Export(path, encoding, delimiter, tuple(header), lines.number)


def _refuse_other_formats(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise FileRefused(f"{path} is empty.")
    for magic, kind in NOT_CSV.items():
        if head.startswith(magic):
            raise FileRefused(f"{path} is {kind}, not CSV. Unpack it or save it as CSV first.")


def _announced_delimiter(lines: _Lines) -> str:
    """Excel's own first line, "sep=;", which names the delimiter and is no header."""
    while (first := lines.peek()) is not None and not first.strip():
        lines.take()
    first = (first or "").strip()
    if len(first) == 5 and first.lower().startswith("sep="):
        lines.take()
        return first[4]
    return ""


def _header(lines: _Lines, delimiters: tuple[str, ...]) -> tuple[list[str], str]:
    """The names of the columns and the delimiter: the one that finds the most columns."""
    first, best, best_taken, chosen = lines.take(), [""], 0, delimiters[0]
    for delimiter in delimiters:
        cells, taken = _cells(first, lines, delimiter)
        if isinstance(cells, list) and len(cells) > len(best):
            best, best_taken, chosen = cells, taken, delimiter
    for _ in range(best_taken):
        lines.take()
    return [" ".join(cell.replace("\0", "").split()) for cell in best], chosen


def _check_columns(header: list[str], profile: Profile) -> None:
    for key, column in profile.needed_columns().items():
        if header.count(column) == 1:
            continue
        if column in header:
            raise FileRefused(f"The file has two columns {column!r} ({key} of the profile).")
        raise FileRefused(
            f"The file has no column {column!r}, which the profile {profile.name!r} names as "
            f"{key}. Its columns are: {', '.join(header)[:2000]}"
        )
