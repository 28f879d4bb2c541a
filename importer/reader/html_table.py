"""The HTML table that Bitrix24 and other systems export under the name .xls.

The table with the most rows is read; rows are numbered within it, as a spreadsheet program that opens the file does.
A cell that spans rows or columns gives its value once, as merged cells do, and rows below its first are told so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import BinaryIO, NamedTuple

from importer.errors import SourceError
from importer.reader.delimited import text_lines
from importer.reader.encoding import Encoding, survey
from importer.reader.grid import Record
from importer.reader.merged import MergedCells, MergedRange

_CHUNK_CHARACTERS = 1 << 16
_MAX_SPAN = 1000
# As many columns as a sheet of Excel can have.
_MOST_CELLS = 16_384
# Longest tag, comment or style sheet; the parser looks through an unfinished one anew with each chunk.
_UNFINISHED_CHARACTERS = 8 << 20
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.I)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BREAKS = {"br", "p", "div", "li"}
_UNSEEN = {"style", "script", "head", "title"}
# What servers and programs declare without having looked at the text.
_DECLARED_BY_DEFAULT = {"iso8859-1", "cp1252", "ascii"}


class _HtmlRow(NamedTuple):
    """A row as the page has it."""

    #: number of its table, from 1
    table: int
    cells: list[str]
    #: column, rows and columns of each cell that spans several rows
    spans: list[tuple[int, int, int]]


class HtmlGrid:
    """One table of a page as records; see `grid.Grid`."""

    kind = "html"
    sheet = None
    is_ragged_possible = False

    def __init__(self, name: str, open_bytes: Callable[[], BinaryIO], encoding: Encoding, table: int, notes: list[str]) -> None:
        self.notes = notes
        self._name = name
        self._open_bytes = open_bytes
        self._encoding = encoding
        self._table = table

    def records(self) -> Iterator[Record]:
        """Every row of the table, blank ones included; anew at each call."""
        number, merged = 0, MergedCells()
        for table, cells, spans in _all_rows(self._name, self._open_bytes, self._encoding):
            if table == self._table:
                number += 1
                yield number, cells, None, () if merged.is_over else merged.cover(number, cells, ())
                for column, rows, columns in spans:
                    merged.begin(MergedRange(number, column, number + rows - 1, column + columns - 1), cells)


def open_html(name: str, open_bytes: Callable[[], BinaryIO], head: bytes, wanted: str) -> HtmlGrid:
    """The largest table of a page. Raises SourceError when the page has none, or is cut off within one."""
    declared = _CHARSET.search(head)
    try:
        encoding = survey(open_bytes, wanted)
        if wanted == "auto" and declared and not (encoding.is_clean and encoding.codec.startswith("utf")):
            encoding = _as_declared(open_bytes, declared[1].decode("ascii"), encoding)
    except (LookupError, UnicodeError):
        raise SourceError(
            f'{name}: there is no encoding called "{wanted}". Use auto, utf-8, cp1251 or another known one.'
        ) from None
    sizes: dict[int, int] = {}
    for table, cells, _ in _all_rows(name, open_bytes, encoding):
        sizes[table] = sizes.get(table, 0) + bool(any(cells))
    if not sizes:
        raise SourceError(
            f"{name}: this is a web page without a table, such as a log-in or error page saved instead of the export. "
            "Log in and export again."
        )
    largest = max(sizes, key=lambda table: sizes[table])
    notes = ["an HTML table, whatever its name says", encoding.note]
    notes += [f"table {largest} of {len(sizes)}: the one with the most rows"] if len(sizes) > 1 else []
    return HtmlGrid(name, open_bytes, encoding, largest, notes)


def _as_declared(open_bytes: Callable[[], BinaryIO], charset: str, guessed: Encoding) -> Encoding:
    """The encoding the page itself names, if it makes text of every byte or nothing else does; else the one guessed."""
    try:
        declared = survey(open_bytes, charset, "as the page says of itself")
    except (LookupError, UnicodeError):
        return guessed
    is_believed = declared.is_clean and declared.codec not in _DECLARED_BY_DEFAULT
    return declared if is_believed or not guessed.is_clean else guessed


def _all_rows(name: str, open_bytes: Callable[[], BinaryIO], encoding: Encoding) -> Iterator[_HtmlRow]:
    """Rows of all tables as the page is read.

    Raises SourceError at a page that cannot be read on, and at the end of one that is cut off.
    """
    parser = _TableParser()
    try:
        with text_lines(open_bytes, encoding) as stream:
            while chunk := stream.read(_CHUNK_CHARACTERS):
                parser.feed(chunk)
                if len(parser.rawdata) > _UNFINISHED_CHARACTERS:
                    raise _Unreadable("has a tag or comment that does not end")
                yield from parser.taken()
        # An unfinished tag is given up: closing the parser would read it as text, from each "<" in it anew.
        if not parser.rawdata.startswith("<"):
            parser.close()
    except (_Unreadable, AssertionError) as error:  # the latter is the parser's word for a declaration it cannot read
        what = str(error) if isinstance(error, _Unreadable) else "has a declaration that cannot be read"
        raise SourceError(f"{name}: the page {what}. Export the contacts again, as CSV or XLSX.") from error
    if parser.is_within_table:
        raise SourceError(
            f"{name}: the page ends within its table, so rows may be missing. Copy or download it again; "
            "if it is whole all the same, add </table> at its end."
        )
    yield from parser.taken(is_end=True)


class _Unreadable(Exception):
    """The page cannot be read on; the text is the rest of a sentence about it."""


class _TableParser(HTMLParser):
    """Collects rows; a table inside a cell is text of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._finished: list[_HtmlRow] = []
        self._spans: list[tuple[int, int, int]] = []
        self._tables = self._depth = self._unseen = 0
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = 1
        #: column → rows below in which a cell from above covers it
        self._covered: dict[int, int] = {}
        self._rows_spanned = 1
        self._is_page_closed = False

    @property
    def is_within_table(self) -> bool:
        """Neither the table that began last nor the page has been closed."""
        return self._depth > 0 and not self._is_page_closed

    def taken(self, is_end: bool = False) -> list[_HtmlRow]:
        """Rows finished since the last call; with `is_end`, also one the page forgot to close."""
        if is_end:
            self._end_row()
        finished, self._finished = self._finished, []
        return finished

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += tag != "head"
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._tables += 1
                self._covered = {}
        elif self._depth != 1:
            self._break(tag)
        elif tag == "tr":
            self._end_row()
            self._row = []
        elif tag in ("td", "th"):
            self._end_cell()
            self._begin_cell(dict(attrs))
        else:
            self._break(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - (tag != "head"))
        elif tag in ("body", "html"):
            self._is_page_closed = True
        elif tag == "table" and self._depth:
            if self._depth == 1:
                self._end_row()
            self._depth -= 1
        elif self._depth == 1 and tag == "tr":
            self._end_row()
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unseen:
            self._cell.append(_SPACE.sub(" ", data))

    def _break(self, tag: str) -> None:
        if tag in _BREAKS and self._cell is not None:
            self._cell.append("\n")

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        if self._row is None:
            self._row = []
        while self._covered.get(len(self._row), 0):
            self._covered[len(self._row)] -= 1
            self._row.append("")
        self._cell = []
        self._span = _span(attributes.get("colspan"))
        self._rows_spanned = _span(attributes.get("rowspan"))

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        text = "".join(self._cell)
        column = len(self._row)
        if column + self._span > _MOST_CELLS:
            raise _Unreadable(f"has a row of more than {_MOST_CELLS:,} cells, which is no table of contacts")
        self._row.append("\n".join(line.strip(" ") for line in text.split("\n")))
        self._row.extend([""] * (self._span - 1))
        if self._rows_spanned > 1:
            self._covered.update(dict.fromkeys(range(column, column + self._span), self._rows_spanned - 1))
            self._spans.append((column, self._rows_spanned, self._span))
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            for column in range(len(self._row), max(self._covered, default=-1) + 1):
                self._covered[column] = max(0, self._covered.get(column, 0) - 1)
            self._finished.append(_HtmlRow(self._tables, self._row, self._spans))
        self._row, self._spans = None, []


def _span(text: str | None) -> int:
    return min(max(1, int(text)), _MAX_SPAN) if text and text.isdecimal() and len(text) < 6 else 1
