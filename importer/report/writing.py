"""Writing a run's report: five files, each complete or not there at all.

A file is drafted under a hidden name in the same folder and renamed when it is on the disk, so that a reader, or
a full disk, never meets half of one. summary.json comes last: who sees it finds the other four.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from importer.errors import ImporterError, Interrupted
from importer.journal.entries import RunRecord
from importer.journal.history import History
from importer.report.as_csv import write_rejects, write_results
from importer.report.as_html import write_page
from importer.report.as_json import write_summary
from importer.report.as_xlsx import write_workbook
from importer.report.facts import Facts, gather

#: what a disk without room says, or a person's share of it
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)


def write_report(history: History, run: RunRecord, directory: Path) -> Facts:
    """Writes results.csv, rejects.csv, report.xlsx, report.html and summary.json into a folder, made if need be.

    Files of an earlier report are replaced. Memory does not grow with the number of rows. Raises ImporterError when
    the folder or a file in it cannot be written, Interrupted when the disk is full; no half-written file is left.
    """
    explained = partial(_explained, run)
    _make(directory, run)
    with history.snapshot():
        facts = gather(history, run)
        with whole(directory / "results.csv", explained) as draft:
            write_results(history, facts, draft)
        with whole(directory / "rejects.csv", explained) as draft:
            write_rejects(history, facts, draft)
        with whole(directory / "report.xlsx", explained) as draft:
            write_workbook(history, facts, draft)
    with whole(directory / "report.html", explained) as draft:
        write_page(facts, draft)
    with whole(directory / "summary.json", explained) as draft:
        write_summary(facts, draft)
    return facts


def _make(directory: Path, run: RunRecord) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _explained(run, directory, error) from error


@contextmanager
def whole(path: Path, explained: Callable[[Path, OSError], ImporterError]) -> Iterator[Path]:
    """A name to write under; what is there becomes `path` when the block ends, or is removed when it raises.

    Of an OSError the error that `explained` makes of it is raised.
    """
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
        raise explained(path, error) from error


def _explained(run: RunRecord, path: Path, error: OSError) -> ImporterError:
    what = error.strerror or str(error)
    if error.errno in FULL_DISK:
        return Interrupted(
            f"{path}: the disk is full, the report is not complete. What was sent is journaled. "
            f"Make room, then `b24-import report {run.run}`."
        )
    return ImporterError(
        f"{path}: the report cannot be written ({what}). Close the file where it is open or change the folder's "
        f"permissions, then `b24-import report {run.run}`; --report-dir names another folder."
    )
