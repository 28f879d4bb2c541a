"""results.csv and rejects.csv, streamed from the journal.

Both are comma-separated with CRLF line ends (RFC 4180, and what spreadsheets save). rejects.csv begins with a
byte order mark, for it is opened in Excel, which reads UTF-8 without one as the local code page. results.csv
has none: it is for programs, to which the mark would make the first column's name unfindable; people have the
same rows in report.xlsx.
"""

from __future__ import annotations

import csv
from pathlib import Path

from importer.journal import states
from importer.journal.history import History
from importer.report.facts import Facts
from importer.report.formulas import neutralised
from importer.report.outcomes import RESULT_COLUMNS, reject_cells, reject_header, reported_rows, result_cells


def write_results(history: History, facts: Facts, path: Path) -> None:
    """Writes every source row with what became of it, in source order. OSError when the disk will not take it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(RESULT_COLUMNS)
        for row in reported_rows(history, facts.run):
            writer.writerow(_harmless(result_cells(row, facts.run)))


def write_rejects(history: History, facts: Facts, path: Path) -> None:
    """Writes the rejected rows with the source's own columns, to be fixed and run again with the same mapping.

    Only the header when no row was rejected. OSError when the disk will not take it.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_harmless(reject_header(facts.run, facts.reject_width)))
        for row in reported_rows(history, facts.run, (states.REJECTED,)):
            writer.writerow(_harmless(reject_cells(row, facts.reject_width)))


def _harmless(cells: list[str | int | None]) -> list[str | int]:
    return [cell if isinstance(cell, int) else neutralised(cell) for cell in cells]
