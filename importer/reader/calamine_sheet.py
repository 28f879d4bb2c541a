"""XLSB, and XLSX files that openpyxl refuses, through pandas and calamine.

calamine reads what strays from the standard, but tells neither number formats nor error values: percentages arrive as
fractions and errors as nothing, which a note says. It also lays a sheet out whole in memory, from the first to the last
cell used, so the extent is measured before; and it runs in a process of its own, for which see `calamine_child`.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from importer.errors import SourceError
from importer.reader.cells import column_index
from importer.reader.grid import Record
from importer.reader.packing import DAMAGED_ARCHIVE, reason
from importer.reader.sheets import Sheet, choose_sheet
from importer.reader.workbook_zip import WorkbookZip

#: seconds until the first row must be there; the largest sheets taken need about ten
_READ_S = 60
#: cells between the first and the last used, empty ones included: about 2 GB in memory
MOST_CELLS = 20_000_000
_MAX_ROWS, _MAX_COLUMNS = 1_048_576, 16_384
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,8})"')
# Measured a megabyte at a time: all references of a large sheet at once take ten times its size.
_EXTENT_BYTES, _LONGEST_REFERENCE = 1 << 20, 20
_NO_FORMATS = (
    "number formats and error values cannot be read from this file: percentages are fractions, errors are empty"
)
# Records of [MS-XLSB] 2.3: 0 begins a row, 1 to 11 are its cells.
_ROW_RECORD, _LAST_CELL_RECORD = 0, 11


class CalamineGrid:
    """One sheet of a workbook as records; see `grid.Grid`."""

    is_ragged_possible = False

    def __init__(self, name: str, content: bytes, kind: str, sheet: str, notes: list[str]) -> None:
        self.kind = kind
        self.sheet = sheet
        self.notes = [*notes, _NO_FORMATS]
        self._name = name
        self._content = content

    def records(self) -> Iterator[Record]:
        """Every row of the sheet, blank ones included; anew at each call."""
        lines = _child_lines(self._name, self._content, self.sheet)
        next(lines)
        for number, cells in enumerate(lines, 1):
            yield number, cells, None, ()


def open_with_calamine(
    name: str, open_bytes: Callable[[], BinaryIO], kind: str, wanted: str | int | None
) -> CalamineGrid:
    """The wanted sheet of a workbook. Raises SourceError."""
    try:
        with open_bytes() as stream:
            content = stream.read()
        _refuse_wide_sheets(name, content)
    except DAMAGED_ARCHIVE as error:
        raise _damaged(name, reason(error)) from error
    sheets = next(_child_lines(name, content, None))
    empty = {title for title, _, is_empty in sheets if is_empty}
    visible = [Sheet(title, is_visible) for title, is_visible, _ in sheets]
    chosen, notes = choose_sheet(name, visible, wanted, lambda title: title in empty)
    return CalamineGrid(name, content, kind, chosen, notes)


def _damaged(name: str, why: str) -> SourceError:
    return SourceError(
        f"{name}: the workbook is damaged ({why}). Open it in a spreadsheet program, save it as XLSX and use that file."
    )


def _child_lines(name: str, content: bytes, sheet: str | None) -> Iterator[list[Any]]:
    """What `calamine_child` prints, line by line. Raises SourceError when it ends in any way but its own."""
    command = [sys.executable, "-m", "importer.reader.calamine_child", *([sheet] if sheet is not None else [])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(content)
        given.seek(0)
        with subprocess.Popen(command, stdin=given, stdout=subprocess.PIPE, stderr=said, env=environment) as process:
            timer = threading.Timer(_READ_S, process.kill)
            timer.start()
            try:
                for line in process.stdout or ():
                    timer.cancel()
                    yield json.loads(line)
            finally:
                timer.cancel()
                if process.poll() is None and sys.exc_info()[0] is GeneratorExit:
                    process.kill()
        if process.returncode:
            said.seek(0)
            trace = said.read().decode("utf-8", "replace").strip()
            if "password" in trace.lower():
                raise SourceError(f"{name}: the workbook is protected by a password. Remove it and save the file.")
            raise _damaged(name, _last_words(trace, process.returncode))


def _last_words(trace: str, code: int) -> str:
    """The last line of a Python trace without the name of the exception; for an abort there is only the code."""
    last = trace.splitlines()[-1].partition(": ")[2][:100] if trace else ""
    return last or f"the library that reads it gave up, code {code}"


def _refuse_wide_sheets(name: str, content: bytes) -> None:
    """Also unpacks every part once, so that sizes and checksums are known to be true before calamine trusts them."""
    with WorkbookZip(io.BytesIO(content)) as archive:
        if damaged := archive.testzip():
            raise zipfile.BadZipFile(f"{damaged} is damaged")
        for part in archive.namelist():
            if part.lower().startswith("xl/worksheets/"):
                measure = _binary_extent if part.lower().endswith(".bin") else _text_extent
                rows, columns = measure(archive.read(part))
                if rows * columns > MOST_CELLS or rows > _MAX_ROWS or columns > _MAX_COLUMNS:
                    raise SourceError(
                        f"{name}: a sheet reaches to row {rows:,} and column {columns:,}, too far to be read. "
                        "Delete what stands far from the table, or save it as CSV."
                    )


def _text_extent(part: bytes) -> tuple[int, int]:
    rows = columns = 0
    for start in range(0, len(part), _EXTENT_BYTES):
        found = set(_REFERENCE.findall(part, start, start + _EXTENT_BYTES + _LONGEST_REFERENCE))
        rows = max(rows, max((int(row) for _, row in found), default=0))
        columns = max(columns, max((column_index(letters.decode()) + 1 for letters in {name for name, _ in found}), default=0))
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
