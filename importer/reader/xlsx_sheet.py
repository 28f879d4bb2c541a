"""XLSX and XLSM: openpyxl tells which sheets there are; strings, number formats and rows are read by us.

openpyxl's own read-only rows are not used: they cannot tell a formula without a result from an empty cell, follow the
declared dimension of a sheet (a million rows of nothing, if the file says so), read a sheet without one twice, and
stop at faults in parts no value depends on. Its string table takes most of the time and memory of a large workbook.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import ARC_STYLE, SHARED_STRINGS, STYLES_TYPE

from importer.errors import SourceError
from importer.reader.grid import Record
from importer.reader.merged import MergedCells, MergedRange, merged_ranges
from importer.reader.number_styles import NumberReader, format_codes, number_reader
from importer.reader.packing import DAMAGED_ARCHIVE, reason
from importer.reader.shared_strings import SharedStrings, read_strings
from importer.reader.sheets import Sheet, choose_sheet
from importer.reader.workbook_zip import WorkbookZip
from importer.reader.xlsx_rows import RowDecoder
from importer.reader.xml_blocks import values

#: rows a sheet can have; one beyond is a lie of the file, as is a cell past `MOST_COLUMNS`
MAX_ROWS = 1_048_576

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

# Read here because openpyxl takes it for true where it is not said.
_COMPUTED_ON_OPENING = re.compile(rb"""<(?:\w+:)?calcPr\s[^>]*\bfullCalcOnLoad=["'](?:1|true)["']""")


class _Part(NamedTuple):
    """Where in the archive a sheet is."""

    title: str
    is_visible: bool
    path: str


class XlsxGrid:
    """One sheet of a workbook as records; see `grid.Grid`."""

    is_ragged_possible = False

    def __init__(self, name: str, kind: str, part: _Part, archive: ZipFile, decoder: RowDecoder) -> None:
        self.kind = kind
        self.sheet = part.title
        self.notes: list[str] = []
        self._name = name
        self._part = part.path
        self._archive = archive
        self._decoder = decoder
        self._ranges: list[MergedRange] | None = None

    def records(self) -> Iterator[Record]:
        """Every row that has cells, and a blank record for any gap; anew at each call."""
        before = 0
        try:
            merged = MergedCells(self._merged_ranges())
            with self._archive.open(self._part) as stream:
                for told, cells, flaws in values(stream, "row", "sheetData", self._decoder.decoded, self._decoder.plain):
                    number = told or before + 1
                    if not before < number <= MAX_ROWS:
                        raise ValueError(f"row {number} comes after row {before}")
                    if number > before + 1:
                        yield before + 1, [], None, ()
                    before = number
                    yield number, cells, None, flaws if merged.is_over else merged.cover(number, cells, flaws)
        except UNREADABLE as error:
            raise SourceError(
                f'{self._name}, sheet "{self.sheet}": the workbook is damaged after row {before} ({reason(error)}). '
                "Open it in a spreadsheet program, save it again and use that file."
            ) from error

    def _merged_ranges(self) -> list[MergedRange]:
        if self._ranges is None:
            with self._archive.open(self._part) as stream:
                self._ranges = merged_ranges(stream)
        return self._ranges

    def is_empty(self) -> bool:
        """No cell of the sheet has text."""
        return not any(any(cells) for _, cells, _, _ in self.records())


def open_xlsx(name: str, open_bytes: Callable[[], BinaryIO], kind: str, wanted: str | int | None) -> XlsxGrid:
    """The wanted sheet of a workbook.

    Raises one of `UNREADABLE` when openpyxl cannot make sense of the workbook, SourceError when the sheet is not there.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about extensions that do not concern values
        stream = open_bytes()
        reader = ExcelReader(stream, read_only=True, data_only=True, keep_links=False)
        reader.archive = WorkbookZip(stream)
        reader.valid_files = reader.archive.namelist()
        reader.read_manifest()
        reader.read_workbook()
        parts = [
            _Part(sheet.name, sheet.state == "visible", relation.target)
            for sheet, relation in reader.parser.find_sheets()
            if relation.target in reader.valid_files and "chartsheet" not in relation.Type
        ]
    is_computed = not _COMPUTED_ON_OPENING.search(reader.archive.read(reader.parser.workbook_part_name))
    decoder = RowDecoder(_strings(reader), _number_readers(reader), is_computed=is_computed)
    grids = {part.title: XlsxGrid(name, kind, part, reader.archive, decoder) for part in parts}
    sheets = [Sheet(part.title, part.is_visible) for part in parts]
    chosen, notes = choose_sheet(name, sheets, wanted, lambda title: grids[title].is_empty())
    grids[chosen].notes += notes
    return grids[chosen]


def _strings(reader: ExcelReader) -> SharedStrings:
    part = reader.package.find(SHARED_STRINGS)
    if part is None:
        return SharedStrings()
    with reader.archive.open(part.PartName[1:]) as stream:
        return read_strings(stream)


def _number_readers(reader: ExcelReader) -> dict[str, NumberReader]:
    """Number of a cell style → reader of numbers."""
    part = reader.package.find(STYLES_TYPE)
    path = part.PartName[1:] if part is not None else ARC_STYLE
    if path not in reader.valid_files:
        return {}
    codes = format_codes(reader.archive.read(path))
    by_code = {code: number_reader(code, reader.wb.epoch) for code in set(codes)}
    return {str(number): by_code[code] for number, code in enumerate(codes)}
