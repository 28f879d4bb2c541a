"""XLSX and XLSM: openpyxl reads the workbook with its strings and styles, the rows are streamed here.

openpyxl's own read-only rows are not used: they cannot tell a formula without a result from an empty cell, follow the
declared dimension of a sheet (a million rows of nothing, if the file says so), read a sheet without one twice, and
stop at faults in parts no value depends on. The private names used (`_date_formats`, `_timedelta_formats`,
`_cell_styles`, `_number_formats`) are the ones its own reader fills.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_ISO8601
from openpyxl.utils.exceptions import InvalidFileException

from importer.errors import SourceError
from importer.reader.cells import column_index, number_text, text_of, unescaped
from importer.reader.grid import Flaw, Record
from importer.reader.number_format import formatter
from importer.reader.packing import DAMAGED_ARCHIVE, reason
from importer.reader.serial_date import serial_text
from importer.reader.sheet_xml import RawCell, covered_cells, raw_rows
from importer.reader.sheets import Sheet, choose_sheet

if TYPE_CHECKING:
    from openpyxl import Workbook

#: columns a sheet can have; a cell beyond is a lie of the file
MAX_COLUMNS = 16_384
MAX_ROWS = 1_048_576
_EXACT_DIGITS = 15

#: what openpyxl and the XML parser raise for files that are not as the standard says
UNREADABLE = (
    *DAMAGED_ARCHIVE,
    ExpatError,
    InvalidFileException,
    ParseError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
)


class _Part(NamedTuple):
    """Where in the archive a sheet is."""

    title: str
    is_visible: bool
    path: str


class XlsxGrid:
    """One sheet of a workbook as records; see `grid.Grid`."""

    is_ragged_possible = False

    def __init__(self, name: str, kind: str, part: _Part, archive: ZipFile, decoder: _CellDecoder) -> None:
        self.kind = kind
        self.sheet = part.title
        self.notes: list[str] = []
        self._name = name
        self._part = part.path
        self._archive = archive
        self._decoder = decoder
        self._covered: dict[int, set[int]] | None = None

    def records(self) -> Iterator[Record]:
        """Every row that has cells, and a blank record for any gap; anew at each call."""
        before = 0
        try:
            covered = self._covered_cells()
            with self._archive.open(self._part) as stream:
                for own_number, raw_cells in raw_rows(stream):
                    number = int(own_number or before + 1)
                    if not before < number <= MAX_ROWS:
                        raise ValueError(f"row {number} comes after row {before}")
                    if number > before + 1:
                        yield before + 1, [], None, ()
                    number, cells, problem, flaws = self._decoder.record(number, raw_cells)
                    before = number
                    for column in covered.get(number, ()):
                        cells[column : column + 1] = [""] if column < len(cells) else []
                    yield number, cells, problem, flaws
        except UNREADABLE as error:
            raise SourceError(
                f'{self._name}, sheet "{self.sheet}": the workbook is damaged after row {before} ({reason(error)}). '
                "Open it in a spreadsheet program, save it again and use that file."
            ) from error

    def _covered_cells(self) -> dict[int, set[int]]:
        if self._covered is None:
            with self._archive.open(self._part) as stream:
                self._covered = covered_cells(stream)
        return self._covered

    def is_empty(self) -> bool:
        """No cell of the sheet has text."""
        return not any(any(cells) for _, cells, _, _ in self.records())


def open_xlsx(name: str, open_bytes: Callable[[], BinaryIO], kind: str, wanted: str | int | None) -> XlsxGrid:
    """The wanted sheet of a workbook.

    Raises one of `UNREADABLE` when openpyxl cannot make sense of the workbook, SourceError when the sheet is not there.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions that do not concern values
        reader = ExcelReader(open_bytes(), read_only=True, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        parts = [
            _Part(sheet.name, sheet.state == "visible", relation.target)
            for sheet, relation in reader.parser.find_sheets()
            if relation.target in reader.valid_files and "chartsheet" not in relation.Type
        ]
    decoder = _CellDecoder(reader.wb, reader.shared_strings)
    grids = {part.title: XlsxGrid(name, kind, part, reader.archive, decoder) for part in parts}
    sheets = [Sheet(part.title, part.is_visible) for part in parts]
    chosen, notes = choose_sheet(name, sheets, wanted, lambda title: grids[title].is_empty())
    grids[chosen].notes += notes
    return grids[chosen]


class _CellDecoder:
    """Cell elements as text, with the workbook's strings, number formats and date system."""

    def __init__(self, workbook: Workbook, strings: list[str]) -> None:
        self._strings = strings
        self._epoch = workbook.epoch
        self._date_styles = workbook._date_formats
        self._duration_styles = workbook._timedelta_formats
        self._formatters = [_style_formatter(workbook, style.numFmtId) for style in workbook._cell_styles]
        self._columns: dict[str, int] = {}

    def record(self, number: int, raw_cells: list[RawCell]) -> Record:
        cells: list[str] = []
        flaws: tuple[Flaw, ...] = ()
        column = -1
        for raw in raw_cells:
            reference = raw.attributes.get("r")
            column = self._column(reference) if reference else column + 1
            text, code, found = self._decoded(raw)
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
            column = column_index(letters)
            if not 0 <= column < MAX_COLUMNS:
                raise ValueError(f"{reference} is no cell")
            self._columns[letters] = column
        return column

    def _decoded(self, raw: RawCell) -> tuple[str, str, str]:
        """The text of a cell; code and value of a flaw, or two empty texts."""
        kind, value = raw.attributes.get("t", "n"), raw.text
        if not value:
            # An empty result of a text formula is stored as t="str" with an empty value: that is a result.
            return "", "formula_without_value" if raw.has_formula and kind != "str" else "", ""
        if kind == "s":
            return unescaped(self._strings[int(value)]), "", ""
        if kind == "n":
            return self._number(value, int(raw.attributes.get("s", 0)))
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
