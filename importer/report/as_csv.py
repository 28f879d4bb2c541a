"""results.csv and rejects.csv, streamed from the journal.

Both are comma-separated with CRLF line ends (RFC 4180, and what spreadsheets save). rejects.csv begins with a
byte order mark, for it is opened in Excel, which reads UTF-8 without one as the local code page. results.csv
has none: it is for programs, to which the mark would make the first column's name unfindable; people have the
same rows in report.xlsx.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from importer.journal import states
from importer.journal.history import History
from importer.report.facts import Facts
from importer.report.formulas import FORMULA_STARTS, harmless, neutralised
from importer.report.outcomes import RESULT_COLUMNS, ResultCells, reject_cells, reject_header, reported_rows, results

#: code, column and problem of a row that went as asked
_NOTHING_SAID = (None, None, None)


def write_results(history: History, facts: Facts, path: Path) -> None:
    """Writes every source row with what became of it, in source order. OSError when the disk will not take it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(RESULT_COLUMNS)
        writer.writerows(_harmless_results(results(history, facts.run), facts.run.card_url))


def write_rejects(history: History, facts: Facts, path: Path) -> None:
    """Writes the rejected rows with the source's own columns, to be fixed and run again with the same mapping.

    Only the header when no row was rejected. OSError when the disk will not take it.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(harmless(reject_header(facts.run.source_header, facts.reject_width)))
        for row in reported_rows(history, facts.run, (states.REJECTED,)):
            writer.writerow(harmless(reject_cells(row, facts.reject_width)))


def _harmless_results(rows: Iterable[ResultCells], card_url: str) -> Iterator[Sequence[str | int | None]]:
    """The same rows; those that went as asked, which nearly all do, are only looked at where a formula could stand."""
    is_address_harmless = neutralised(card_url) == card_url
    for cells in rows:
        origin_id = cells[1]
        is_plain = is_address_harmless and cells[5:8] == _NOTHING_SAID and (origin_id is None or origin_id[:1] not in FORMULA_STARTS)
        yield cells if is_plain else harmless(cells)
