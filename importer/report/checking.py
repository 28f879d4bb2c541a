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
from contextlib import ExitStack, contextmanager
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from importer.errors import ImporterError, UsageError
from importer.journal.entries import PlannedRow, RowRecord
from importer.records import RowProblem
from importer.report.formulas import harmless
from importer.report.outcomes import reject_cells, reject_header
from importer.report.writing import FULL_DISK, whole

PROBLEMS, REJECTS, SUMMARY = "check-problems.csv", "check-rejects.csv", "check.json"

_PROBLEM_COLUMNS = ("row", "outcome", "code", "column", "problem")


class CheckReport:
    """The files of one check while it goes on. Memory does not grow with the rows."""

    def __init__(self, folder: Path, problems: TextIO, rejects: TextIO, summary: TextIO) -> None:
        self._folder, self._problems, self._rejects, self._summary = folder, csv.writer(problems), rejects, summary
        self._spool = tempfile.TemporaryFile("w+", encoding="utf-8")
        self._width = 0
        self._noted: list[tuple[int, RowProblem]] = []
        self._problems.writerow(_PROBLEM_COLUMNS)

    def note(self, row: int, problem: RowProblem) -> None:
        """One problem of a row; it is written with the rows it was found among."""
        self._noted.append((row, problem))

    def take(self, rows: Sequence[PlannedRow]) -> None:
        """Writes what was noted of these rows, in their order, and those that would be rejected. Raises ImporterError."""
        with _explaining(self._folder):
            for row, problem in sorted(self._noted, key=itemgetter(0)):
                outcome = "warning" if problem.is_warning else "rejected"
                self._problems.writerow(harmless([row, outcome, problem.code, problem.column, problem.problem]))
            for planned in rows:
                if planned.state == "rejected" and (problem := planned.problem) is not None:
                    self._width = max(self._width, len(planned.cells))
                    self._spool.write(json.dumps([planned.row, planned.cells, problem.code, problem.column, problem.problem]) + "\n")
        self._noted.clear()

    def complete(self, header: Sequence[str]) -> None:
        """Writes the rejected rows under the source's header, now that the longest of them is known."""
        width = max(self._width, len(header))
        with _explaining(self._folder), self._spool:
            writer = csv.writer(self._rejects)
            writer.writerow(harmless(reject_header(header, width)))
            self._spool.seek(0)
            for line in self._spool:
                row, cells, code, column, problem = json.loads(line)
                writer.writerow(harmless(reject_cells(RowRecord(row, "rejected", None, None, code, column, problem, 0, cells), width)))

    def sum_up(self, source: Path, told: Mapping[str, object]) -> None:
        """Writes what the check told as a whole. `source`: the file that was checked; what its cells name lies beside it."""
        with _explaining(self._folder):
            json.dump({"source": {"file": str(source.absolute())}, **told}, self._summary, ensure_ascii=False, indent=2)


@contextmanager
def check_report(folder: Path, file: Path) -> Iterator[CheckReport]:
    """The report of a check of `file`, for a folder that is made if need be; its files appear when the block ends, none when it raises.

    Raises UsageError where one of them would take the place of the file that is checked, ImporterError where it cannot be written.
    """
    for name in (PROBLEMS, REJECTS):
        if (folder / name).resolve() == file.resolve():
            raise UsageError(f"{file} is checked and would be replaced by what the check finds. Name another folder with --report-dir.")
    with _explaining(folder), ExitStack() as stack:
        folder.mkdir(parents=True, exist_ok=True)
        drafts = [stack.enter_context(whole(folder / name, _explained)) for name in (PROBLEMS, REJECTS, SUMMARY)]
        # A byte order mark, as in a run's rejects.csv, for what is opened in Excel.
        encodings = ("utf-8-sig", "utf-8-sig", "utf-8")
        texts = [stack.enter_context(draft.open("w", encoding=code, newline="")) for draft, code in zip(drafts, encodings, strict=True)]
        yield CheckReport(folder, *texts)


@contextmanager
def _explaining(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _explained(folder, error) from error


def _explained(path: Path, error: OSError) -> ImporterError:
    what = "the disk is full" if error.errno in FULL_DISK else error.strerror or errno.errorcode.get(error.errno or 0, str(error))
    return ImporterError(f"{path}: what the check finds cannot be written ({what}). Nothing was sent. Name another folder with --report-dir, or leave it out.")
