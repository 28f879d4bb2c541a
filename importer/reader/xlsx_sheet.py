"""XLSX and XLSM through openpyxl: strings, styles and sheets are its work, the row stream is read here.

Its own read-only rows are not used: they cannot tell a formula without a result from an empty cell, follow the declared
dimension of a sheet (a million rows of nothing, if the file says so) and keep every row's XML element in memory.
The private names used here (`_get_source`, `_shared_strings`, `_date_formats`, `_timedelta_formats`,
`_cell_styles`, `_number_formats`) are those its own reader uses.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import from_ISO8601
from openpyxl.utils.exceptions import InvalidFileException

from importer.errors import SourceError
from importer.reader.cells import number_text, text_of, unescaped
from importer.reader.grid import Flaw, Record
from importer.reader.number_format import formatter
from importer.reader.packing import DAMAGED_ARCHIVE
from importer.reader.serial_date import serial_text
from importer.reader.sheets import Sheet, choose_sheet

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _VALUE, _FORMULA, _INLINE = f"{_MAIN}row", f"{_MAIN}v", f"{_MAIN}f", f"{_MAIN}is"
_SHEET_DATA, _CELL, _TEXT, _RUN = f"{_MAIN}sheetData", f"{_MAIN}c", f"{_MAIN}t", f"{_MAIN}r"
#: columns a sheet can have; a cell beyond is a lie of the file
MAX_COLUMNS = 16_384
MAX_ROWS = 1_048_576
_EXACT_DIGITS = 15

#: what openpyxl and the XML parser raise for files that are not as the standard says
UNREADABLE = (
    *DAMAGED_ARCHIVE,
    InvalidFileException,
    ParseError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
)


class XlsxGrid:
    """One sheet of a workbook as records; see `grid.Grid`."""

    is_ragged_possible = False

    def __init__(self, name: str, kind: str, workbook: Workbook, sheet: ReadOnlyWorksheet) -> None:
        self.kind = kind
        self.sheet = sheet.title
        self.notes: list[str] = []
        self._name = name
        self._sheet = sheet
        self._decoder = _CellDecoder(workbook, sheet._shared_strings)

    def records(self) -> Iterator[Record]:
        """Every row that has cells, and a blank record for any gap; anew at each call."""
        before = 0
        try:
            with self._sheet._get_source() as stream:
                for row in _row_elements(stream):
                    number = int(row.get("r") or before + 1)
                    if not before < number <= MAX_ROWS:
                        raise ValueError(f"row {number} comes after row {before}")
                    if number > before + 1:
                        yield before + 1, [], None, ()
                    record = self._decoder.record(number, row)
                    before = number
                    yield record
        except UNREADABLE as error:
            raise SourceError(
                f'{self._name}, sheet "{self.sheet}": the workbook is damaged after row {before} ({error}). '
                "Open it in a spreadsheet program, save it again and use that file."
            ) from error


def open_xlsx(name: str, open_bytes: Callable[[], BinaryIO], kind: str, wanted: str | int | None) -> XlsxGrid:
    """The wanted sheet of a workbook. Raises one of `UNREADABLE` when openpyxl cannot open it, SourceError for a wrong sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions that do not concern values
        workbook = load_workbook(open_bytes(), read_only=True, data_only=True, keep_links=False)
    grids = {
        sheet.title: XlsxGrid(name, kind, workbook, sheet)
        for sheet in workbook.worksheets
    }
    sheets = [Sheet(sheet.title, sheet.sheet_state == "visible") for sheet in workbook.worksheets]
    chosen, notes = choose_sheet(name, sheets, wanted, lambda title: _is_empty(grids[title]))
    grid = grids[chosen]
    grid.notes += notes
    return grid


def _is_empty(grid: XlsxGrid) -> bool:
    return not any(any(cells) for _, cells, _, _ in grid.records())


def _row_elements(stream: BinaryIO) -> Iterator[Element]:
    """Each row's element; freed when the next is asked for, so that memory does not grow with the sheet."""
    sheet_data: Element | None = None
    for event, element in iterparse(stream, ("start", "end")):
        if event == "start":
            if element.tag == _SHEET_DATA:
                sheet_data = element
        elif element.tag == _ROW and sheet_data is not None:
            yield element
            sheet_data.clear()
        elif element.tag == _SHEET_DATA:
            return


class _CellDecoder:
    """Cell elements as text, with the workbook's strings, number formats and date system."""

    def __init__(self, workbook: Workbook, strings: list[str]) -> None:
        self._strings = strings
        self._epoch = workbook.epoch
        self._date_styles = workbook._date_formats
        self._duration_styles = workbook._timedelta_formats
        self._formatters = [_style_formatter(workbook, style.numFmtId) for style in workbook._cell_styles]
        self._columns: dict[str, int] = {}

    def record(self, number: int, row: Element) -> Record:
        cells: list[str] = []
        flaws: tuple[Flaw, ...] = ()
        column = -1
        for element in row:
            if element.tag != _CELL:
                continue
            reference = element.get("r")
            column = self._column(reference) if reference else column + 1
            text, code, found = self._decoded(element)
            if code:
                flaws += (Flaw(column, code, found),)
            if text:
                if column >= len(cells):
                    cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = text
        return number, cells, None, flaws

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = 0
            for letter in letters.upper():
                if not "A" <= letter <= "Z":
                    raise ValueError(f"{reference} is no cell")
                column = column * 26 + ord(letter) - 64
            if not 0 < column <= MAX_COLUMNS:
                raise ValueError(f"{reference} is no cell")
            column = self._columns[letters] = column - 1
        return column

    def _decoded(self, element: Element) -> tuple[str, str, str]:
        """The text of a cell; code and value of a flaw, or two empty texts."""
        kind = element.get("t", "n")
        if kind == "inlineStr":
            return _inline_text(element), "", ""
        value = element.findtext(_VALUE)
        if not value:
            # An empty result of a text formula is stored as t="str" with an empty value: that is a result.
            is_uncomputed = kind != "str" and element.find(_FORMULA) is not None
            return "", "formula_without_value" if is_uncomputed else "", ""
        if kind == "s":
            return unescaped(self._strings[int(value)]), "", ""
        if kind == "n":
            return self._number(value, int(element.get("s", 0)))
        if kind == "e":
            return "", "formula_error", value
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE", "", ""
        if kind == "d":
            return text_of(from_ISO8601(value)), "", ""
        return unescaped(value), "", ""

    def _number(self, value: str, style: int) -> tuple[str, str, str]:
        number: int | float = int(value) if value.isdigit() else float(value)
        if style in self._date_styles:
            text = serial_text(number, self._epoch, style in self._duration_styles)
            return text or number_text(number), "", ""
        text = self._formatters[style](number) if style < len(self._formatters) else number_text(number)
        if abs(number) >= 10**_EXACT_DIGITS and number == int(number):
            return text, "digits_lost", text
        return text, "", ""


def _style_formatter(workbook: Workbook, format_id: int) -> Callable[[int | float], str]:
    code = BUILTIN_FORMATS.get(format_id, "General")
    custom = workbook._number_formats
    if 164 <= format_id < 164 + len(custom):  # 164: where a workbook's own formats begin (ECMA-376, 18.8.30)
        code = custom[format_id - 164]
    return number_text if code == "General" else formatter(code)


def _inline_text(element: Element) -> str:
    inline = element.find(_INLINE)
    if inline is None:
        return ""
    parts = [inline.findtext(_TEXT) or "", *(run.findtext(_TEXT) or "" for run in inline.iterfind(_RUN))]
    return unescaped("".join(parts))
