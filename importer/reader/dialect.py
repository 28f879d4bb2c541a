"""How a text file separates its cells: the delimiter and the quoting, chosen on the header candidate and its followers.

Line 1 alone cannot decide: it may be a title without any delimiter. Each candidate splits the first lines; the one
under which a header has most of the expected names wins, then the one under which most records are as wide as the
header, then the wider.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from importer.reader.backslash_quotes import rewritten
from importer.reader.cells import trimmed
from importer.reader.header import find_header, normalised

CANDIDATES = (",", ";", "\t", "|")
_NAMES = {"\t": "tab", " ": "space"}
_WORDS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
_SEP_LINE = re.compile(r'^"?sep=(.)"?[;,\t]*\s*$', re.IGNORECASE | re.DOTALL)

_BACKSLASH_NOTE = '; \\" inside quotes is read as a quote, every other backslash is kept'


@dataclass(frozen=True)
class Dialect:
    """How cells are separated and quoted. Quotes are `"` and doubled inside quotes."""

    delimiter: str
    #: why this delimiter, for a person
    note: str = ""
    #: a space may stand between a delimiter and an opening quote
    has_space_before_quotes: bool = False
    #: quotes inside quotes are written `\\"`; `backslash_quotes` rewrites the lines then
    has_backslash_quotes: bool = False
    #: line 1 is `sep=;` and no record
    has_sep_line: bool = False

    def csv_options(self) -> dict[str, object]:
        """Keyword arguments for `csv.reader`; strict, so that a stray quote is an error and never a swallowed row."""
        return {
            "delimiter": self.delimiter,
            "skipinitialspace": self.has_space_before_quotes,
            "strict": True,
        }


def delimiter_name(delimiter: str) -> str:
    """The delimiter as a person reads it: `";"`, `tab`."""
    return _NAMES.get(delimiter, f'"{delimiter}"')


def wanted_delimiter(text: str) -> str | None:
    """The delimiter an option names: one character or a word such as `tab`; None for `auto`.

    Raises ValueError when the option is neither.
    """
    word = text if len(text) == 1 else text.strip().lower()
    if word == "auto":
        return None
    delimiter = _WORDS.get(word, word)
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise ValueError(text)
    return delimiter


def find_dialect(lines: Sequence[str], expected: Collection[str] = (), wanted: str | None = None) -> Dialect:
    """The dialect of a file that begins with these lines (with their line ends)."""
    sep = _SEP_LINE.match(lines[0]) if lines else None
    if sep:
        lines = lines[1:]
    if wanted:
        dialect = Dialect(wanted, f"delimiter {delimiter_name(wanted)}, as asked", has_sep_line=bool(sep))
    elif sep:
        dialect = Dialect(sep[1], f"delimiter {delimiter_name(sep[1])}: line 1 says so", has_sep_line=True)
    else:
        best = max(CANDIDATES, key=lambda delimiter: _fit(lines, Dialect(delimiter), expected))
        dialect = Dialect(best, f"delimiter {delimiter_name(best)}: it splits the header and the records alike")
    variants = (
        dialect,
        replace(dialect, has_space_before_quotes=True),
        replace(dialect, has_backslash_quotes=True, note=dialect.note + _BACKSLASH_NOTE),
    )
    # Equal counts leave the plain one: `min` takes the first.
    return min(variants, key=lambda variant: _faults(lines, variant))


def sample_records(lines: Sequence[str], dialect: Dialect) -> tuple[list[list[str]], int]:
    """The records these lines make, trimmed, and how many lines begin a record that is broken."""
    records: list[list[str]] = []
    faults, start = 0, 0
    while start < len(lines):
        rest: Iterable[str] = lines[start:]
        if dialect.has_backslash_quotes:
            rest = rewritten(rest, dialect.delimiter)
        reader = csv.reader(rest, **dialect.csv_options())  # type: ignore[arg-type]
        done = 0
        try:
            for cells in reader:
                records.append([trimmed(cell) for cell in cells])
                done = reader.line_num
            return records, faults
        except csv.Error:
            # The last record may only be cut off by the end of the sample.
            faults += reader.line_num < len(lines) - start
            records.append([trimmed(cell) for cell in lines[start + done].split(dialect.delimiter)])
            start += done + 1
    return records, faults


def _faults(lines: Sequence[str], dialect: Dialect) -> tuple[int, int]:
    records, faults = sample_records(lines, dialect)
    widths = [len(cells) for cells in records if any(cells)]
    usual = max(set(widths), key=widths.count, default=0)
    return faults, sum(width != usual for width in widths)


def _fit(lines: Sequence[str], dialect: Dialect, expected: Collection[str]) -> tuple[int, float, int]:
    records, faults = sample_records(lines, dialect)
    choice = find_header(records, expected)
    if choice is None:
        return (0, 0.0, 0)
    header = records[choice.index]
    hits = len({normalised(name) for name in expected} & {normalised(cell) for cell in header})
    width = len(header)
    if width < 2:
        return (hits, 0.0, 0)
    # Out of all records, those above the header included: a delimiter under which they fit better is the right one.
    filled = [cells for cells in records if any(cells)]
    alike = sum(len(cells) == width for cells in records[choice.index :] if any(cells))
    return (hits, round((alike - faults) / len(filled), 1), width)
