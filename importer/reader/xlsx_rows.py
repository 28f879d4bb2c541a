"""Rows of an XLSX sheet as cells of text: from the elements of a parsed row, or from the XML of many rows at once.

Nearly every program writes a cell as `<c r="B7" s="1" t="s"><v>12</v></c>`. A piece of a sheet that holds nothing else is
read by one regular expression, in a quarter of the time that its elements take; whatever else a piece holds, all of it is
left to the parser. What a cell's value means is decided in one place for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element

from openpyxl.utils.datetime import from_ISO8601

from importer.reader.cells import column_index, text_of, unescaped
from importer.reader.grid import Flaw
from importer.reader.merged import MOST_COLUMNS
from importer.reader.number_styles import NumberReader, general_number
from importer.reader.shared_strings import SharedStrings, rich_text
from importer.reader.xml_blocks import MAIN, PLAIN_TEXT

_CELL, _VALUE, _FORMULA, _INLINE = f"{MAIN}c", f"{MAIN}v", f"{MAIN}f", f"{MAIN}is"

_WITHOUT_VALUE = ("", "formula_without_value", "")

#: number of a row, or None where the file does not say; its cells; their flaws
DecodedRow = tuple[int | None, list[str], tuple[Flaw, ...]]

# Groups: a row's number, the slash of a row without cells · a cell's column, style, kind, formula, value, text that stands
# in the cell itself. An empty cell has none.
_PLAIN = re.compile(
    r'<row r="([0-9]{1,9})"[^>]*?(/?)>'
    r'|<c r="([A-Z]{1,3})[0-9]+"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?>'
    rf"(?:(<f(?: [^>]*)?>[^<]*</f>|<f(?: [^>]*)?/>)?<v>({PLAIN_TEXT}+)</v>"
    rf'|<is><t(?: xml:space="preserve")?>({PLAIN_TEXT}+)</t></is>)</c>'
    r'|<c r="[A-Z]{1,3}[0-9]+"(?: s="[0-9]+")?/>'
)


class RowDecoder:
    """Makes texts of a sheet's cells, with the workbook's strings, number formats and date system."""

    def __init__(self, strings: SharedStrings, readers: Mapping[str, NumberReader], *, is_computed: bool = True) -> None:
        """`is_computed` is False for a workbook whose formulas wait to be computed when it is opened."""
        self._strings = strings
        #: number of a cell style, as text, to the reader of its numbers
        self._readers = readers
        self._columns: dict[str, int] = {}
        # What XlsxWriter (and pandas through it) writes as the result of every formula, because a result must be there.
        self._not_computed = "" if is_computed else "0"

    def decoded(self, row: Element) -> DecodedRow:
        """The row of an element."""
        made = _Making(row.get("r"))
        column = -1
        for cell in row:
            if cell.tag != _CELL:
                continue
            reference = cell.get("r")
            column = self._column(reference.rstrip("0123456789") if reference else "", column)
            made.put(column, *self._element_text(cell))
        return made.row()

    def plain(self, piece: bytes) -> Iterable[DecodedRow] | None:
        """The rows of whole `row` elements of the main namespace, which has no prefix; None when the piece must be parsed."""
        try:
            xml = piece.decode()
        except UnicodeDecodeError:
            return None
        found = _PLAIN.findall(xml)
        if not found or not xml.lstrip().startswith("<row "):
            return None
        numbers, slashes, _, _, _, formulas, values, inline = zip(*found, strict=True)
        rows, bare, valued, inlined = (len(found) - group.count("") for group in (numbers, slashes, values, inline))
        empty = len(found) - rows - valued - inlined
        tags = 2 * rows - bare + 4 * valued + 6 * inlined + empty + "".join(formulas).count("<")
        # Every tag of the piece belongs to what was found: then there is nothing in it that a parser would take otherwise.
        if tags != xml.count("<") or rows - bare != xml.count("</row>"):
            return None
        return self._rows(found)

    def _rows(self, found: list[tuple[str, ...]]) -> Iterable[DecodedRow]:
        columns, strings, text_of_value = self._columns, self._strings, self._text
        made: _Making | None = None
        for number, _, letters, style, kind, formula, value, inline in found:
            if number:
                if made is not None:
                    yield made.row()
                made = _Making(number)
                cells, put = made.cells, made.put
            elif letters:
                column = columns[letters] if letters in columns else self._column(letters, -1)
                if kind == "s" and value:
                    text, code, shown = strings[int(value)], "", ""
                elif formula and value == self._not_computed:
                    text, code, shown = _WITHOUT_VALUE
                elif value:
                    text, code, shown = text_of_value(kind or "n", value, style or "0")
                else:
                    text, code, shown = unescaped(inline), "", ""
                # Nearly always the next cell with a text in it.
                if text and not code and column == len(cells):
                    cells.append(text)
                else:
                    put(column, text, code, shown)
        if made is not None:
            yield made.row()

    def _column(self, letters: str, before: int) -> int:
        """The column of this name, or the next one when the cell does not say."""
        if letters in self._columns:
            return self._columns[letters]
        column = column_index(letters) if letters else before + 1
        if not 0 <= column < MOST_COLUMNS:
            raise ValueError(f"{letters} is no column")
        if letters:
            self._columns[letters] = column
        return column

    def _element_text(self, cell: Element) -> tuple[str, str, str]:
        """The text of a cell; code and value of a flaw, or two empty texts."""
        kind, value = cell.get("t", "n"), cell.findtext(_VALUE)
        if value and value == self._not_computed and cell.find(_FORMULA) is not None:
            return _WITHOUT_VALUE
        if value:
            return self._text(kind, value, cell.get("s", "0"))
        inline = cell.find(_INLINE)
        if inline is not None:
            return rich_text(inline), "", ""
        # An empty result of a text formula is stored as t="str" with an empty value: that is a result.
        return ("", "", "") if kind == "str" or cell.find(_FORMULA) is None else _WITHOUT_VALUE

    def _text(self, kind: str, value: str, style: str) -> tuple[str, str, str]:
        """The text of a value; code and value of a flaw, or two empty texts. `kind` is the cell's `t`, `style` its `s`."""
        if kind == "s":
            return self._strings[int(value)], "", ""
        if kind == "n":
            return self._readers.get(style, general_number)(value)
        if kind == "e":
            return "", "formula_error", value
        if kind == "b":
            return "TRUE" if value.strip() in ("1", "true") else "FALSE", "", ""
        if kind == "d":
            return text_of(from_ISO8601(value)), "", ""
        return unescaped(value), "", ""


class _Making:
    """A row while its cells come in."""

    __slots__ = ("_flaws", "_number", "cells")

    def __init__(self, number: str | None) -> None:
        self._number = number
        self.cells: list[str] = []
        self._flaws: tuple[Flaw, ...] = ()

    def put(self, column: int, text: str, code: str, shown: str) -> None:
        """The text of one cell, and what is wrong with it."""
        cells = self.cells
        if code:
            self._flaws += (Flaw(column, code, shown),)
        if text:
            if column >= len(cells):
                cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = text

    def row(self) -> DecodedRow:
        """All of it."""
        return int(self._number) if self._number else None, self.cells, self._flaws
