"""XLSB, and XLSX files that openpyxl refuses, through calamine.

calamine reads what strays from the standard, but tells neither number formats nor error values: percentages arrive as
fractions and errors as nothing, which a note says. It also lays a sheet out whole in memory, from the first to the last
cell used, so the extent is measured before.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from importer.errors import SourceError
from importer.reader.cells import text_of
from importer.reader.grid import Record
from importer.reader.packing import DAMAGED_ARCHIVE
from importer.reader.sheets import Sheet, choose_sheet

#: cells between the first and the last used, empty ones included: about 1 GB in memory
MOST_CELLS = 40_000_000
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,8})"')
_NO_FORMATS = "number formats and error values cannot be read from this file: percentages are fractions, errors are empty"
# Records of [MS-XLSB] 2.3: 0 begins a row, 1 to 11 are its cells.
_ROW_RECORD, _LAST_CELL_RECORD = 0, 11


class CalamineGrid:
    """One sheet of a workbook as records; see `grid.Grid`."""

    is_ragged_possible = False

    def __init__(self, kind: str, sheet: CalamineSheet, notes: list[str]) -> None:
        self.kind = kind
        self.sheet = sheet.name
        self.notes = [*notes, _NO_FORMATS]
        self._sheet = sheet

    def records(self) -> Iterator[Record]:
        """Every row of the sheet, blank ones included; anew at each call."""
        for number, values in enumerate(self._sheet.to_python(skip_empty_area=False), 1):
            yield number, [text_of(value) for value in values], None, ()


def open_with_calamine(
    name: str, open_bytes: Callable[[], BinaryIO], kind: str, wanted: str | int | None
) -> CalamineGrid:
    """The wanted sheet of a workbook. Raises SourceError."""
    with open_bytes() as stream:
        content = stream.read()
    try:
        _refuse_wide_sheets(name, content)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            Sheet(sheet.name, sheet.visible == SheetVisibleEnum.Visible)
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]
        chosen, notes = choose_sheet(name, sheets, wanted, lambda title: not workbook.get_sheet_by_name(title).height)
        return CalamineGrid(kind, workbook.get_sheet_by_name(chosen), notes)
    except (*DAMAGED_ARCHIVE, CalamineError, IndexError) as error:
        if "password" in str(error).lower():
            raise SourceError(f"{name}: the workbook is protected by a password. Remove it and save the file.") from error
        raise SourceError(
            f"{name}: the workbook is damaged ({error}). Open it in a spreadsheet program, save it as XLSX and use that file."
        ) from error


def _refuse_wide_sheets(name: str, content: bytes) -> None:
    """Also unpacks every part once, so that sizes and checksums are known to be true before calamine trusts them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if damaged := archive.testzip():
            raise zipfile.BadZipFile(f"{damaged} is damaged")
        for part in archive.namelist():
            if part.lower().startswith("xl/worksheets/"):
                measure = _binary_extent if part.lower().endswith(".bin") else _text_extent
                rows, columns = measure(archive.read(part))
                if rows * columns > MOST_CELLS:
                    raise SourceError(
                        f"{name}: a sheet reaches to row {rows:,} and column {columns:,}, more than can be read at once. "
                        "Delete what stands far from the table, or save it as CSV."
                    )


def _text_extent(part: bytes) -> tuple[int, int]:
    rows = columns = 0
    for found in _REFERENCE.finditer(part):
        column = 0
        for letter in found[1]:
            column = column * 26 + letter - 64
        rows, columns = max(rows, int(found[2])), max(columns, column)
    return rows, columns


def _binary_extent(part: bytes) -> tuple[int, int]:
    """Rows and columns used in a sheet of [MS-XLSB] records: type and size in 7-bit groups, then the payload."""
    rows = columns = position = 0
    while position + 2 < len(part):
        kind, position = _seven_bit_number(part, position, 2)
        size, position = _seven_bit_number(part, position, 4)
        if kind <= _LAST_CELL_RECORD:
            index = int.from_bytes(part[position : position + 4], "little") + 1
            rows, columns = (max(rows, index), columns) if kind == _ROW_RECORD else (rows, max(columns, index))
        position += size
    return rows, columns


def _seven_bit_number(part: bytes, position: int, most_bytes: int) -> tuple[int, int]:
    number = shift = 0
    for byte in part[position : position + most_bytes]:
        position += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return number, position
