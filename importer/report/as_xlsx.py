"""report.xlsx: the sheets Summary, Results and Rejects; rows are streamed, so that memory stays flat.

Every text is stored as a text, never as a formula, and neutralised as in the CSV files, so that a sheet saved as
CSV is harmless too. What a sheet cannot hold (control characters, 32,768 characters, 1,048,577 rows) is marked
where it happens and is whole in the CSV files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from importer.report.outcomes import REJECT_COLUMNS, reject_cells, reject_header, reported_rows
from importer.report.results_sheet import COLUMNS, results_rows
from importer.report.sheet_rows import PouredRow, Table, pour
from importer.report.sheet_text import sheet_text
from importer.report.summary_sheet import summary_rows

# Limits of a sheet. Source: support.microsoft.com, "Excel specifications and limits".
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384

_RESULT_WIDTHS = (8, 24, 12, 12, 44, 20, 20, 80, 10, 60)


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
    _write_header(sheet, COLUMNS, _RESULT_WIDTHS)
    table = Table((), len(COLUMNS), 0)
    table.rows, table.last_row = _fitting(results_rows(table, history, facts), facts.counts["rows"], "results.csv")
    return sheet, table


def _rejects_sheet(sheet: Worksheet, history: History, facts: Facts) -> tuple[Worksheet, Table]:
    width = facts.reject_width
    # Ours come last and must not be the ones a very wide source pushes off the sheet.
    kept = min(width, MOST_COLUMNS - len(REJECT_COLUMNS))
    full = reject_header(facts.run.source_header, width)
    header = full[:kept] + full[width:]

    def rows() -> Iterator[list[str | int | None]]:
        for row in reported_rows(history, facts.run, (states.REJECTED,)):
            cells = reject_cells(row, width)
            yield cells[:kept] + cells[width:]

    _write_header(sheet, header, _widths([header, *islice(rows(), 50)]))
    fitting, last_row = _fitting(rows(), facts.counts["rejected"], "rejects.csv")
    return sheet, Table(fitting, len(header), last_row)


def _write_header(sheet: Worksheet, header: Sequence[str], widths: Iterable[float]) -> None:
    for nth, (name, width) in enumerate(zip(header, widths, strict=True), start=1):
        _styled(sheet.cell(1, nth), name, _HEADER)
        sheet.column_dimensions[get_column_letter(nth)].width = width


def _fitting(rows: Iterator[PouredRow], count: int, rest_in: str) -> tuple[Iterator[PouredRow], int]:
    """The rows a sheet can hold, as its cells, and the number of its last row; a last one says how many did not fit."""
    # The header has a row of its own, and the sentence needs one.
    room = count if count <= MOST_ROWS - 1 else MOST_ROWS - 2

    def cells() -> Iterator[PouredRow]:
        for row in islice(rows, room):
            yield row if isinstance(row, str) else [sheet_text(value) if isinstance(value, str) else value for value in row]
        if count > room:
            yield [f"{count - room:,} more rows do not fit on a sheet: they are in {rest_in}."]

    return cells(), 1 + room + (count > room)


def _widths(rows: list[list[str | int | None]]) -> list[float]:
    longest = [max(len(str(cell or "")) for cell in column) for column in zip(*rows, strict=True)]
    # The filter's arrow covers about two characters of the header.
    return [float(max(8, min(length + 3, 60))) for length in longest]
