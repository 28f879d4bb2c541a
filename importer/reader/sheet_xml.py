"""The XML of one XLSX sheet as rows of raw cells, straight from the parser.

Written on expat because an element tree, even a streaming one, costs five times as much and keeps something of every row.
What a raw cell means is known to `xlsx_sheet`. Expat itself refuses entities that multiply (since 2.4.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_CELL, _VALUE, _TEXT, _FORMULA = f"{_MAIN}c", f"{_MAIN}v", f"{_MAIN}t", f"{_MAIN}f"
_ROW, _SHEET_DATA, _READING_AID = f"{_MAIN}row", f"{_MAIN}sheetData", f"{_MAIN}rPh"
_CHUNK_BYTES = 1 << 16


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
