"""What `check` finds, row by row, in files: for a list of problems longer than a screen, and for mending before anything is sent.

check-problems.csv: one line a problem or warning. check-rejects.csv: the rows that would be rejected with the source's own
columns, as a run's rejects.csv has them; mended, it imports with the same mapping. check.json: what --json prints, and where
the source is. Their names keep them apart from the files of a run in the same folder.
"""

from __future__ import annotations

import csv
import errno
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any, TextIO

from importer.errors import ImporterError, UsageError
from importer.journal.entries import PlannedRow, RowRecord
from importer.records import RowProblem
from importer.report.formulas import harmless
from importer.report.outcomes import reject_cells, reject_header
from importer.report.writing import FULL_DISK, whole

PROBLEMS, REJECTS, SUMMARY = "check-problems.csv", "check-rejects.csv", "check.json"

#: a csv.writer, whose type has no name
_Writer = Any

_PROBLEM_COLUMNS = ("row", "outcome", "code", "column", "problem")


class CheckReport:
    """What one check finds, kept beside memory while it goes on; `write` makes the files of it. To be closed."""

    def __init__(self, folder: Path, file: Path) -> None:
        """Makes the folder if need be. Raises UsageError where the file that is checked would be replaced, ImporterError where
        nothing can be written."""
        for name in (PROBLEMS, REJECTS):
            if (folder / name).resolve() == file.resolve():
                raise UsageError(f"{file} is checked and would be replaced by what the check finds. Name another folder with --report-dir.")
        self._folder, self._file = folder, file
        with _explaining(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._problems, self._rejects = (tempfile.TemporaryFile("w+", encoding="utf-8") for _ in range(2))
        self._width = 0
        self._noted: list[tuple[int, RowProblem]] = []

    def close(self) -> None:
        """Frees what was kept on disk."""
        self._problems.close()
        self._rejects.close()

    def note(self, row: int, problem: RowProblem) -> None:
        """One problem of a row; it is kept with the rows it was found among."""
        self._noted.append((row, problem))

    def take(self, rows: Sequence[PlannedRow]) -> None:
        """Keeps what was noted of these rows, in their order, and those that would be rejected. Raises ImporterError."""
        with _explaining(self._folder):
            for row, problem in sorted(self._noted, key=itemgetter(0)):
                outcome = "warning" if problem.is_warning else "rejected"
                self._problems.write(json.dumps([row, outcome, problem.code, problem.column, problem.problem]) + "\n")
            for planned in rows:
                if planned.state == "rejected" and (problem := planned.problem) is not None:
                    self._width = max(self._width, len(planned.cells))
                    self._rejects.write(json.dumps([planned.row, planned.cells, problem.code, problem.column, problem.problem]) + "\n")
        self._noted.clear()

    def write(self, header: Sequence[str], told: Mapping[str, object]) -> None:
        """Writes the three files, each whole or not at all: the rejected rows under the source's header, now that the longest of
        them is known, and what the check told as a whole. Raises ImporterError."""
        width = max(self._width, len(header))
        with self._table(PROBLEMS, _PROBLEM_COLUMNS) as problems:
            problems.writerows(harmless(kept) for kept in _kept(self._problems))
        with self._table(REJECTS, reject_header(header, width)) as rejects:
            for row, cells, code, column, problem in _kept(self._rejects):
                rejects.writerow(harmless(reject_cells(RowRecord(row, "rejected", None, None, code, column, problem, 0, cells), width)))
        with whole(self._folder / SUMMARY, _explained) as draft:
            # What cells name lies beside the source.
            summary = {"source": {"file": str(self._file.absolute())}, **told}
            draft.write_text(json.dumps(summary, ensure_ascii=False, indent=2), encoding="utf-8")

    @contextmanager
    def _table(self, name: str, header: Sequence[str]) -> Iterator[_Writer]:
        # A byte order mark, as in a run's rejects.csv, for what is opened in Excel.
        with whole(self._folder / name, _explained) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(harmless(header))
            yield writer


def _kept(spool: TextIO) -> Iterator[list]:
    spool.seek(0)
    return map(json.loads, spool)


@contextmanager
def _explaining(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _explained(folder, error) from error


def _explained(path: Path, error: OSError) -> ImporterError:
    what = "the disk is full" if error.errno in FULL_DISK else error.strerror or errno.errorcode.get(error.errno or 0, str(error))
    return ImporterError(f"{path}: what the check finds cannot be written ({what}). Nothing was sent. Name another folder with --report-dir, or leave it out.")
