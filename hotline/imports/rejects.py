"""The file of refused rows: where each one stands, why it was refused, and the row itself."""

import csv
from contextlib import AbstractContextManager
from pathlib import Path

from hotline.imports.reader import Rejected

RAW_LIMIT = 10_000


class RejectsFile(AbstractContextManager["RejectsFile"]):
    """Opened before the work begins, so that a folder one may not write to is known then."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        # With the mark that makes spreadsheet programs read UTF-8.
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file)
        self._csv.writerow(["line", "reason", "row"])

    def add(self, row: Rejected) -> None:
        raw = row.raw.rstrip("\r\n").replace("\0", "")
        self._csv.writerow([row.line, row.reason, raw[:RAW_LIMIT]])
        self.rows += 1

    def __exit__(self, *error: object) -> None:
        """Leaves no file behind that would only say that nothing was refused."""
        self._file.close()
        if not self.rows:
            self.path.unlink()
