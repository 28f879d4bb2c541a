"""The XML of one XLSX sheet as rows of raw cells, straight from the parser.

Written on expat because an element tree, even a streaming one, costs twice as much and keeps something of every row.
What a raw cell means is known to `xlsx_sheet`. Expat itself refuses entities that multiply (since 2.4.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from importer.reader.cells import column_index

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_CELL, _VALUE, _TEXT, _FORMULA = f"{_MAIN}c", f"{_MAIN}v", f"{_MAIN}t", f"{_MAIN}f"
_ROW, _SHEET_DATA, _READING_AID = f"{_MAIN}row", f"{_MAIN}sheetData", f"{_MAIN}rPh"
_CHUNK_BYTES = 1 << 16


_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""")
# Ranges and cells past which covered cells are no longer kept track of: no table of contacts is merged like that.
_MOST_COVERED = 1_000_000


class RawCell(NamedTuple):
    """One cell as the file has it."""

    #: the attributes: r (A1), t (kind), s (style)
    attributes: dict[str, str]
    #: stored value, or the text of an inline string; empty when there is none
    text: str
    has_formula: bool


#: the row's own number as the file writes it, if it does; its cells
RawRow = tuple[str | None, list[RawCell]]


def raw_rows(stream: BinaryIO) -> Iterator[RawRow]:
    """The rows of a sheet, read as they are asked for. Raises expat.ExpatError where the XML is broken."""
    collector = _Collector()
    while not collector.is_done and (chunk := stream.read(_CHUNK_BYTES)):
        collector.parser.Parse(chunk)
        yield from collector.rows
        collector.rows.clear()
    if not collector.is_done:
        collector.parser.Parse(b"", True)


def covered_cells(stream: BinaryIO) -> dict[int, set[int]]:
    """Row number → columns, from 0, that a merged cell covers; its own first cell is not among them.

    Merged ranges stand below the rows they speak of, so the whole sheet is passed over for them.
    """
    covered: dict[int, set[int]] = {}
    count, rest, is_below_rows = 0, b"", False
    while chunk := stream.read(1 << 20):
        is_below_rows = is_below_rows or b"mergeCell" in rest + chunk
        if is_below_rows:
            end = 0
            for found in _MERGED.finditer(rest + chunk):
                end = found.end()
                first, last = column_index(found[1].decode()), column_index(found[3].decode())
                top, bottom = int(found[2]), int(found[4])
                count += max(0, bottom - top + 1) * max(0, last - first + 1)
                if count > _MOST_COVERED:
                    return covered
                for row in range(top, bottom + 1):
                    covered.setdefault(row, set()).update(range(first + (row == top), last + 1))
            rest = (rest + chunk)[max(end, len(rest + chunk) - 200) :]
        else:
            rest = chunk[-20:]
    return covered


class _Collector:
    """Handlers of the parser; finished rows wait in `rows`."""

    def __init__(self) -> None:
        self.rows: list[RawRow] = []
        #: the last row has been read
        self.is_done = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self._number: str | None = None
        self._cells: list[RawCell] = []
        self._attributes: dict[str, str] = {}
        self._text = ""
        self._is_text = self._is_reading_aid = self._has_formula = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _CELL:
            self._attributes = attributes
            self._text = ""
            self._has_formula = False
        elif name == _VALUE or name == _TEXT:
            self._is_text = not self._is_reading_aid
        elif name == _FORMULA:
            self._has_formula = True
        elif name == _ROW:
            self._number = attributes.get("r")
            self._cells = []
        elif name == _READING_AID:
            self._is_reading_aid = True

    def _data(self, text: str) -> None:
        if self._is_text:
            self._text += text

    def _end(self, name: str) -> None:
        if name == _CELL:
            self._cells.append(RawCell(self._attributes, self._text, self._has_formula))
        elif name == _VALUE or name == _TEXT:
            self._is_text = False
        elif name == _ROW:
            self.rows.append((self._number, self._cells))
        elif name == _READING_AID:
            self._is_reading_aid = False
        elif name == _SHEET_DATA:
            self.is_done = True
