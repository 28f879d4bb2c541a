"""report.xlsx: the sheets Summary, Results and Rejects; rows are streamed, so that memory stays flat.

Every text is stored as a text, never as a formula, and neutralised as in the CSV files, so that a sheet saved as
CSV is harmless too. What a sheet cannot hold (control characters, 32,768 characters, 1,048,577 rows) is marked
where it happens and is whole in the CSV files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from importer.journal import states
from importer.journal.history import History
from importer.report.facts import Facts
from importer.report.formulas import neutralised
from importer.report.outcomes import (
    REJECT_COLUMNS,
    RESULT_COLUMNS,
    reject_cells,
    reject_header,
    reported_rows,
    result_cells,
)
from importer.report.sheet_rows import Link, Table, pour
from importer.report.summary_sheet import summary_rows

# Limits of a sheet. Source: support.microsoft.com, "Excel specifications and limits".
MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_048_576, 16_384, 32_767

# The most links of a sheet (same source); past it the address is plain text. They are the one thing kept in
# memory until the sheet ends: about 10 MB when there are that many.
_MOST_LINKS = 65_530

_RESULT_WIDTHS = (8, 24, 12, 12, 44, 20, 20, 80, 10, 60)

# XML 1.0 has no place for these; openpyxl refuses the first kind, Excel the second.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_workbook(history: History, facts: Facts, path: Path) -> None:
    """Writes report.xlsx. OSError when the disk will not take it."""
    book = Workbook()
    _write_summary(book.active, facts)
    sheets = [
        _results_sheet(book.create_sheet("Results"), history, facts),
        _rejects_sheet(book.create_sheet("Rejects"), history, facts),
    ]
    for sheet, table in sheets:
        # Any cell of the sheet may lend its style; this one is taken away again.
        table.link_style = _styled(sheet.cell(2, 1), None, _LINK).style_id
        sheet.delete_rows(2)
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(table.columns)}{table.last_row}"
    frame = BytesIO()
    book.save(frame)
    # A sheet knows its file only when the workbook is saved.
    pour(frame, path, {sheet.path.lstrip("/"): table for sheet, table in sheets})


def sheet_text(text: str | None) -> str:
    """The text as a cell can hold it: neutralised, control characters as their visible signs, cut with a mark."""
    text = neutralised(text)
    # U+2400 + n is the sign Unicode has for control character n.
    text = _UNWRITABLE.sub(lambda hit: chr(0x2400 + ord(hit[0])) if hit[0] < " " else "\ufffd", text)
    # Excel counts UTF-16 units, of which a character has at most two.
    if len(text) * 2 > MOST_CHARACTERS and len(text.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        mark = f" … (cut, the text has {len(text):,} characters)"
        room = (MOST_CHARACTERS - len(mark)) * 2
        return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + mark
    return text


_HEADER = {"font": Font(bold=True), "fill": PatternFill("solid", fgColor="E8EEF4"), "alignment": Alignment(vertical="top")}
_LINK = {"font": Font(color="0B5CAD", underline="single")}
_TITLE = {"font": Font(bold=True, size=14)}
_HEADING = {"font": Font(bold=True)}
_WRAPPED = {"alignment": Alignment(vertical="top", wrap_text=True)}


def _styled(cell: Cell, value: str | int | float | None, style: dict[str, object]) -> Cell:
    cell.value = sheet_text(value) if isinstance(value, str) else value
    if isinstance(value, str):
        # openpyxl would take a text such as #N/A for an error value.
        cell.data_type = "s"
    for name, look in style.items():
        setattr(cell, name, look)
    return cell


def _write_summary(sheet: Worksheet, facts: Facts) -> None:
    sheet.title = "Summary"
    for letter, width in (("A", 34), ("B", 14), ("C", 90)):
        sheet.column_dimensions[letter].width = width
    styles = {"title": _TITLE, "heading": _HEADING}
    for nth, (kind, cells) in enumerate(summary_rows(facts, MOST_COLUMNS - len(REJECT_COLUMNS)), start=1):
        for column, value in enumerate(cells, start=1):
            _styled(sheet.cell(nth, column), value, styles.get(kind, _WRAPPED))


def _results_sheet(sheet: Worksheet, history: History, facts: Facts) -> tuple[Worksheet, Table]:
    header = [*RESULT_COLUMNS, "warnings"]
    _write_header(sheet, header, _RESULT_WIDTHS)
    rows, last_row = _fitting(_results(history, facts), facts.counts["rows"], "results.csv")
    return sheet, Table(_with_links(rows), len(header), last_row)


def _rejects_sheet(sheet: Worksheet, history: History, facts: Facts) -> tuple[Worksheet, Table]:
    width = facts.reject_width
    # Ours come last and must not be the ones a very wide source pushes off the sheet.
    kept = min(width, MOST_COLUMNS - len(REJECT_COLUMNS))
    full = reject_header(facts.run, width)
    header = full[:kept] + full[width:]

    def rows() -> Iterator[list[str | int | None]]:
        for row in reported_rows(history, facts.run, (states.REJECTED,)):
            cells = reject_cells(row, width)
            yield cells[:kept] + cells[width:]

    _write_header(sheet, header, _widths([header, *islice(rows(), 50)]))
    fitting, last_row = _fitting(rows(), facts.counts["rejected"], "rejects.csv")
    return sheet, Table(fitting, len(header), last_row)


def _write_header(sheet: Worksheet, header: list[str], widths: Iterable[float]) -> None:
    for nth, (name, width) in enumerate(zip(header, widths, strict=True), start=1):
        _styled(sheet.cell(1, nth), name, _HEADER)
        sheet.column_dimensions[get_column_letter(nth)].width = width


def _fitting(rows: Iterator[list[str | int | None]], count: int, rest_in: str) -> tuple[Iterator[list], int]:
    """The rows a sheet can hold, as its cells, and the number of its last row; a last one says how many did not fit."""
    # The header has a row of its own, and the sentence needs one.
    room = count if count <= MOST_ROWS - 1 else MOST_ROWS - 2

    def cells() -> Iterator[list[str | int | None]]:
        for row in islice(rows, room):
            yield [sheet_text(value) if isinstance(value, str) else value for value in row]
        if count > room:
            yield [f"{count - room:,} more rows do not fit on a sheet: they are in {rest_in}."]

    return cells(), 1 + room + (count > room)


def _with_links(rows: Iterator[list]) -> Iterator[list]:
    at, links = RESULT_COLUMNS.index("url"), 0
    for row in rows:
        if links < _MOST_LINKS and len(row) > at and str(row[at] or "").startswith(("https://", "http://")):
            row[at] = Link(row[at])
            links += 1
        yield row


def _results(history: History, facts: Facts) -> Iterator[list[str | int | None]]:
    warnings = history.warnings(facts.run.id)
    pending = next(warnings, None)
    for row in reported_rows(history, facts.run):
        said = []
        while pending is not None and pending[0] <= row.row:
            said.append(pending[3])
            pending = next(warnings, None)
        yield [*result_cells(row, facts.run), "\n".join(said) or None]


def _widths(rows: list[list[str | int | None]]) -> list[float]:
    longest = [max(len(str(cell or "")) for cell in column) for column in zip(*rows, strict=True)]
    # The filter's arrow covers about two characters of the header.
    return [float(max(8, min(length + 3, 60))) for length in longest]
