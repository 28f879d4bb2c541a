"""CSV, TSV and their like: lines of text become records, each numbered by the line it begins on.

The parser is the standard library's, in strict mode. A record it cannot read costs one line: the line is given as a
broken record, and reading goes on with the next line, so a quote that is never closed swallows nothing. The search
for a closing quote ends at `CELL_CHARACTERS`.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import BinaryIO

from importer.errors import SourceError
from importer.reader.backslash_quotes import with_doubled_quotes
from importer.reader.dialect import CANDIDATES, Dialect, find_dialect, wanted_delimiter
from importer.reader.encoding import BYTE_ORDER_MARK, DOS_END, Encoding, survey
from importer.reader.grid import Record
from importer.records import RowProblem

#: longest cell that is read; a spreadsheet's own limit is 32,767 characters
CELL_CHARACTERS = 1_000_000
#: longest line that is read; past it the file is refused before it fills the memory
LINE_BYTES = 64 << 20
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 300, 1 << 20
_MOST_SAMPLE_LINES = 20 * _SAMPLE_LINES
# What a line without text has.
_BLANK = " \r\n" + "".join(CANDIDATES)


class DelimitedGrid:
    """A text file as records; see `grid.Grid`."""

    kind = "csv"
    sheet = None
    is_ragged_possible = True

    def __init__(self, open_bytes: Callable[[], BinaryIO], encoding: Encoding, dialect: Dialect) -> None:
        self.notes = [encoding.note, dialect.note]
        self.encoding = encoding
        self.dialect = dialect
        self._open_bytes = open_bytes

    def records(self) -> Iterator[Record]:
        """Every record, broken ones with their problem; anew at each call."""
        csv.field_size_limit(CELL_CHARACTERS)
        with text_lines(self._open_bytes, self.encoding) as stream:
            lines = self._lines(stream)
            if self.dialect.has_sep_line:
                next(lines, None)
                lines.taken()
            yield from _parsed(lines, self.dialect)

    def _lines(self, stream: Iterator[str]) -> _Lines:
        lines = table_lines(stream, self.encoding)
        if self.dialect.has_backslash_quotes:
            return _RewrittenLines(lines, self.dialect.delimiter)
        return _Lines(lines)


def text_lines(open_bytes: Callable[[], BinaryIO], encoding: Encoding) -> io.TextIOWrapper:
    """The file as text whose lines end at CR, LF or CRLF and keep those ends."""
    stream = open_bytes()
    return io.TextIOWrapper(io.BufferedReader(stream, 1 << 18), encoding.codec, encoding.errors, newline="")


def table_lines(stream: Iterator[str], encoding: Encoding) -> Iterator[str]:
    """The lines without NUL, without the byte order marks that files glued together bring, without a DOS file's end (^Z)."""
    return map(_without_strays, stream) if encoding.has_strays else stream


def _without_strays(line: str) -> str:
    return line.replace("\0", "").lstrip(BYTE_ORDER_MARK).rstrip(DOS_END)


def _sample(lines: Iterator[str]) -> list[str]:
    """The first lines, blank ones besides: a report may begin with many."""
    sample: list[str] = []
    filled = characters = 0
    for line in itertools.islice(lines, _MOST_SAMPLE_LINES):
        sample.append(line)
        filled += bool(line.strip(_BLANK))
        characters += len(line)
        if filled == _SAMPLE_LINES or characters > _SAMPLE_CHARACTERS:
            break
    return sample


def open_delimited(
    name: str, open_bytes: Callable[[], BinaryIO], encoding: str, delimiter: str, expected: Collection[str]
) -> DelimitedGrid:
    """A text file with its encoding and dialect found, or as the two options say.

    Raises SourceError for options nobody can follow and for files that are not lines of text.
    """
    try:
        wanted = wanted_delimiter(delimiter)
    except ValueError:
        raise SourceError(
            f'{name}: the delimiter "{delimiter}" is not one character. Use auto, ",", ";", tab or "|".',
            option="delimiter",
        ) from None
    try:
        found = survey(open_bytes, encoding)
    except (LookupError, UnicodeError):
        raise SourceError(
            f'{name}: there is no encoding called "{encoding}". '
            "Use auto, utf-8, utf-16, cp1251, cp1252, koi8-r or another known one.",
            option="encoding",
        ) from None
    if found.longest_line_bytes > LINE_BYTES:
        raise SourceError(
            f"{name}: a line is longer than {LINE_BYTES >> 20} MB, so this is no table of contacts. "
            "Export it again as CSV."
        )
    with text_lines(open_bytes, found) as stream:
        lines = _sample(table_lines(stream, found))
    csv.field_size_limit(CELL_CHARACTERS)
    return DelimitedGrid(open_bytes, found, find_dialect(lines, expected, wanted))


class _Lines:
    """The lines of a file for `csv.reader`, those of the unfinished record kept so that they can be given again."""

    __slots__ = ("_again", "_source", "number", "pending")

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._again: deque[str] = deque()
        #: lines handed out since the last finished record
        self.pending: list[str] = []
        #: line on which the unfinished record begins, from 1
        self.number = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._source)
        self.pending.append(line)
        return line

    def taken(self) -> None:
        """The record is finished; the next one begins on the next line."""
        self.number += len(self.pending)
        self.pending.clear()

    def give_back_all_but_first(self) -> str:
        """Only the first line of the unfinished record is used up; it is returned."""
        first, *rest = self.pending
        self._again.extendleft(reversed(rest))
        self.pending.clear()
        self.number += 1
        return first


class _RewrittenLines(_Lines):
    """As `_Lines`, with quotes as `csv.reader` knows them; those kept to be given again are as they were."""

    __slots__ = ("_delimiter", "_is_open")

    def __init__(self, source: Iterator[str], delimiter: str) -> None:
        super().__init__(source)
        self._delimiter = delimiter
        self._is_open = False

    def __next__(self) -> str:
        is_open = self._is_open and bool(self.pending)
        line, self._is_open = with_doubled_quotes(super().__next__(), self._delimiter, is_open)
        return line


def _parsed(lines: _Lines, dialect: Dialect) -> Iterator[Record]:
    options = dialect.csv_options()
    pending = lines.pending
    while True:
        reader = csv.reader(lines, **options)  # type: ignore[call-overload]
        try:
            for cells in reader:
                number = lines.number
                lines.number += len(pending)
                yield number, cells, None, ()
                pending.clear()
            return
        except csv.Error as error:
            yield _broken(lines, dialect, error)


def _broken(lines: _Lines, dialect: Dialect, error: csv.Error) -> Record:
    """The first line of a record that cannot be read, split without regard to quotes so that nothing is hidden."""
    number, searched = lines.number, len(lines.pending)
    first = lines.give_back_all_but_first().rstrip("\r\n")
    cells = [cell[:CELL_CHARACTERS] for cell in first.split(dialect.delimiter)]
    if searched == 1 and "field limit" in str(error):
        longest = max(len(cell) for cell in cells)
        problem = RowProblem(
            "cell_too_long",
            f"a cell has {longest:,} characters; {CELL_CHARACTERS:,} are the most that are read. Shorten it.",
        )
    elif searched == 1 and "end of data" not in str(error):
        problem = RowProblem(
            "stray_quote",
            'a quote sign stands inside a quoted cell without being doubled. Write it as "" or take the quotes away.',
        )
    else:
        problem = RowProblem(
            "unclosed_quote",
            f"a cell opens with a quote that is not closed properly (searched to line {number + searched - 1}). "
            f"Close it; the lines after {number} were read on their own.",
        )
    return number, cells, problem, ()
