"""XLS (BIFF, Excel 5 to 2003) through xlrd, the one library that also tells number formats and error values of it.

A workbook is read whole, which is bounded: XLS ends at 65,536 rows of 256 columns a sheet.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

import xlrd
from openpyxl.styles.numbers import is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from xlrd.biffh import error_text_from_code
from xlrd.compdoc import CompDocError
from xlrd.sheet import Sheet as XlsSheet

from importer.errors import SourceError
from importer.reader.cells import number_text
from importer.reader.grid import Flaw, Record
from importer.reader.merged import MergedCells, MergedRange
from importer.reader.number_format import formatter
from importer.reader.number_styles import built_in_code
from importer.reader.packing import reason
from importer.reader.serial_date import serial_text
from importer.reader.sheets import Sheet, choose_sheet

_MOST_BYTES = 512 << 20
_EXACT_DIGITS = 15
# What xlrd raises for files that are cut off or not as documented: it trusts the offsets it finds.
_UNREADABLE = (
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    AssertionError,
    IndexError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    ArithmeticError,
    MemoryError,
    RecursionError,
)


class XlsGrid:
    """One sheet of an XLS workbook as records; see `grid.Grid`."""

    kind = "xls"
    is_ragged_possible = False

    def __init__(self, book: xlrd.Book, sheet: XlsSheet, notes: list[str]) -> None:
        self.sheet = sheet.name
        self.notes = notes
        self._book = book
        self._sheet = sheet
        self._epoch = MAC_EPOCH if book.datemode else WINDOWS_EPOCH
        self._codes: dict[int, str] = {}
        # The ends of xlrd's ranges are excluded, its rows and columns count from 0.
        self._merged = [MergedRange(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells]

    def records(self) -> Iterator[Record]:
        """Every row of the sheet, blank ones included; anew at each call."""
        merged = MergedCells(self._merged)
        for index in range(self._sheet.nrows):
            cells: list[str] = []
            flaws: tuple[Flaw, ...] = ()
            for column in range(self._sheet.row_len(index)):
                text, code, found = self._decoded(index, column)
                cells.append(text)
                if code:
                    flaws += (Flaw(column, code, found),)
            yield index + 1, cells, None, flaws if merged.is_over else merged.cover(index + 1, cells, flaws)

    def _decoded(self, row: int, column: int) -> tuple[str, str, str]:
        """The text of a cell; code and value of a flaw, or two empty texts."""
        kind, value = self._sheet.cell_type(row, column), self._sheet.cell_value(row, column)
        if kind == xlrd.XL_CELL_TEXT:
            return value, "", ""
        if kind == xlrd.XL_CELL_BOOLEAN:
            return ("TRUE" if value else "FALSE"), "", ""
        if kind == xlrd.XL_CELL_ERROR:
            return "", "formula_error", error_text_from_code.get(value, "an error")
        if kind not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            return "", "", ""
        code = self._format_code(self._sheet.cell_xf_index(row, column))
        if kind == xlrd.XL_CELL_DATE:
            text = serial_text(value, self._epoch, is_timedelta_format(code))
            return text or number_text(value), "", ""
        text = formatter(code)(value)
        if abs(value) >= 10**_EXACT_DIGITS and value == int(value):
            return text, "digits_lost", text
        return text, "", ""

    def _format_code(self, style: int) -> str:
        code = self._codes.get(style)
        if code is None:
            key = self._book.xf_list[style].format_key
            found = self._book.format_map.get(key)
            # xlrd knows that some of those built in are dates, but not how they are written.
            code = self._codes[style] = (found and found.format_str) or built_in_code(key)
        return code


def open_xls(name: str, open_bytes: Callable[[], BinaryIO], wanted: str | int | None) -> XlsGrid:
    """The wanted sheet of an XLS workbook. Raises SourceError."""
    with open_bytes() as stream:
        content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise SourceError(f"{name}: the workbook is larger than {_MOST_BYTES >> 20} MB. Save it as XLSX or CSV.")
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        worksheets = {sheet.name: sheet for sheet in book.sheets()}
    except _UNREADABLE as error:
        if "encrypted" in str(error).lower():
            raise SourceError(
                f"{name}: the workbook is protected by a password. Open it in a spreadsheet program, remove the "
                "password and save it."
            ) from error
        raise SourceError(
            f"{name}: the workbook is cut off or damaged ({reason(error)}). "
            "Open it in a spreadsheet program, save it as XLSX and use that file."
        ) from error
    sheets = [Sheet(title, sheet.visibility == 0) for title, sheet in worksheets.items()]
    chosen, notes = choose_sheet(name, sheets, wanted, lambda title: not worksheets[title].nrows)
    return XlsGrid(book, worksheets[chosen], notes)
