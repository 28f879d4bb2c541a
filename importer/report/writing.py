"""Writing a run's report: five files, each complete or not there at all.

A file is drafted under a hidden name in the same folder and renamed when it is on the disk, so that a reader, or
a full disk, never meets half of one. summary.json comes last: who sees it finds the other four.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importer.errors import ImporterError, Interrupted
from importer.journal.entries import RunRecord
from importer.journal.history import History
from importer.report.as_csv import write_rejects, write_results
from importer.report.as_html import write_page
from importer.report.as_json import write_summary
from importer.report.as_xlsx import write_workbook
from importer.report.facts import Facts, gather

_FULL_DISK = (errno.ENOSPC, errno.EDQUOT)


def write_report(history: History, run: RunRecord, directory: Path) -> Facts:
    """Writes results.csv, rejects.csv, report.xlsx, report.html and summary.json into a folder, made if need be.

    Files of an earlier report are replaced. Memory does not grow with the number of rows. Raises ImporterError when
    the folder or a file in it cannot be written, Interrupted when the disk is full; no half-written file is left.
    """
    _make(directory, run)
    with history.snapshot():
        facts = gather(history, run)
        with _whole(directory / "results.csv", run) as draft:
            write_results(history, facts, draft)
        with _whole(directory / "rejects.csv", run) as draft:
            write_rejects(history, facts, draft)
        with _whole(directory / "report.xlsx", run) as draft:
            write_workbook(history, facts, draft)
    with _whole(directory / "report.html", run) as draft:
        write_page(facts, draft)
    with _whole(directory / "summary.json", run) as draft:
        write_summary(facts, draft)
    return facts


def _make(directory: Path, run: RunRecord) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _explained(directory, error, run) from error


@contextmanager
def _whole(path: Path, run: RunRecord) -> Iterator[Path]:
    """A name to write under; what is there becomes `path` when the block ends, or is removed when it raises."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            yield draft
            with draft.open("rb+") as file:
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise _explained(path, error, run) from error


def _explained(path: Path, error: OSError, run: RunRecord) -> ImporterError:
    what = error.strerror or str(error)
    if error.errno in _FULL_DISK:
        return Interrupted(
            f"{path}: the disk is full, the report is not complete. What was sent is journaled. "
            f"Make room, then `b24-import report {run.run}`."
        )
    return ImporterError(
        f"{path}: the report cannot be written ({what}). Close the file where it is open or change the folder's "
        f"permissions, then `b24-import report {run.run}`; --report-dir names another folder."
    )
