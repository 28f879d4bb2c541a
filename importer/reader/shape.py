"""What the first records of a file say about its table: which is the header, and how wide it is.

A record of a text file must be as wide as the header. Three cases are not ragged: an empty column at the end of every
line (each line ends in a delimiter), surplus cells that are empty, and a file in which *all* sampled records lack the
same last columns, which a note tells. In any other case nobody can know which cell is missing: the row is broken.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from importer.reader.cells import column_letter, trimmed
from importer.reader.grid import Grid, Record
from importer.reader.header import SEARCHED_RECORDS, HeaderChoice, find_header, normalised
from importer.reader.rejects import REJECTS_COLUMNS
from importer.reader.undecodable import without_marks
from importer.records import RowProblem

#: records looked at to choose the header and the width
SAMPLE_RECORDS = 1000
_SAMPLE_CHARACTERS = 4_000_000
# A header has fewer lines than this below its first.
_HEADER_LINES = 3

# An e-mail, a phone or a date: no column is called so.
_DATA = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|\+?\d[\d\s().-]{6,}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


@dataclass(frozen=True)
class Shape:
    """What the sample says about the table."""

    #: header cells, trimmed, without a trailing empty column
    cells: list[str]
    #: row or line of the header, from 1
    number: int
    #: counts of cells a record may have; empty for kinds whose rows may end anywhere
    widths: frozenset[int] = frozenset()
    #: what was guessed, one sentence each
    notes: list[str] = field(default_factory=list)
    #: broken header record, if it is
    problem: RowProblem | None = None

    @property
    def is_rejects(self) -> bool:
        """The columns end in those of a rejects file of ours."""
        return self.cells[-len(REJECTS_COLUMNS) :] == REJECTS_COLUMNS and len(self.cells) > len(REJECTS_COLUMNS)


def shape_of(grid: Grid, expected: Collection[str] = (), header_row: int | None = None) -> Shape | None:
    """The shape of the grid's table; None when it has no text at all, or none in `header_row`."""
    sample = _sample(grid.records(), header_row or 1)
    texts = [sampled.seen() for sampled in sample]
    choice = _asked_header(sample, header_row) if header_row else _rejects_header(texts) or find_header(texts, expected)
    if choice is None:
        return None
    if not header_row:
        choice = _last_line(sample, choice, {normalised(name) for name in expected})
    number, header, problem = sample[choice.index].number, texts[choice.index], sample[choice.index].problem
    body = [sampled.cells for sampled in sample[choice.index + 1 :] if any(sampled.cells)]
    width = max(map(len, map(_without_empty_end, [header, *_naming(body, header, grid.is_ragged_possible)])))
    cells = [*header[:width], *[""] * (width - len(header))]
    notes = [f"header found in row {number}: {choice.reason}"]
    notes += [f'row {number} was taken for the header, and "{cell}" in it looks like data: if the file names no columns, write their names above it'
              for cell in header if _DATA.fullmatch(cell)][:1]  # fmt: skip
    notes += [f"{choice.index} row{'s' if choice.index > 1 else ''} above the header left out"] if any(map(any, texts[: choice.index])) else []
    widths = _widths(body, len(header), width, notes) if grid.is_ragged_possible else frozenset()
    return Shape(cells, number, widths, notes, problem)


class _Sampled(NamedTuple):
    """A record of the sample, trimmed."""

    number: int
    cells: list[str]
    problem: RowProblem | None
    #: column → text of a merged cell that covers it from above
    covered: dict[int, str]

    def seen(self) -> list[str]:
        """The cells as a person sees them, who takes a merged cell for one of each row it covers."""
        cells = [*self.cells, *[""] * (max(self.covered, default=-1) + 1 - len(self.cells))]
        return [self.covered.get(index, cell) for index, cell in enumerate(cells)] if self.covered else self.cells


def _sample(records: Iterable[Record], first_row: int) -> list[_Sampled]:
    sample: list[_Sampled] = []
    characters = filled = 0
    for number, cells, problem, flaws in map(without_marks, records):
        if number < first_row:
            continue
        covered = {flaw.index: trimmed(flaw.covering) for flaw in flaws if flaw.covering}
        sample.append(_Sampled(number, [trimmed(cell) for cell in cells], problem, covered))
        characters += len(cells) + sum(map(len, cells))  # a cell takes time even if it is empty
        filled += any(sample[-1].cells)
        if filled >= SAMPLE_RECORDS or characters > _SAMPLE_CHARACTERS or len(sample) > 20 * SAMPLE_RECORDS:
            break
    return sample


def _asked_header(sample: list[_Sampled], row: int) -> HeaderChoice | None:
    is_there = bool(sample) and sample[0].number == row and any(sample[0].cells)
    return HeaderChoice(0, "as asked") if is_there else None


def _last_line(sample: list[_Sampled], choice: HeaderChoice, expected: set[str]) -> HeaderChoice:
    """The last line of a header of several: its names without a second line are merged down from the first.

    Names of groups of columns stand in the lines above. A cell merged further than a header is high says nothing, such
    as a title beside the table; nor is a line taken that has fewer of the expected names.
    """
    lines = list(itertools.takewhile(lambda sampled: sampled.covered, sample[choice.index + 1 :][:_HEADER_LINES]))
    names = [expected & set(map(normalised, sampled.seen())) for sampled in (sample[choice.index], *lines)]
    if not 0 < len(lines) < _HEADER_LINES or len(names[-1]) < len(names[0]):
        return choice
    return HeaderChoice(choice.index + len(lines), f"{choice.reason}, and cells merged from row {sample[choice.index].number} end there")


def _rejects_header(texts: list[list[str]]) -> HeaderChoice | None:
    filled = ((index, cells) for index, cells in enumerate(texts) if any(cells))
    for index, cells in itertools.islice(filled, SEARCHED_RECORDS):
        if _without_empty_end(cells)[-len(REJECTS_COLUMNS) :] == REJECTS_COLUMNS:
            return HeaderChoice(index, "it is a file of rejected rows")
    return None


def _without_empty_end(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _naming(body: list[list[str]], header: list[str], is_ragged_possible: bool) -> list[list[str]]:
    """The parts of records that make a column without a name a column.

    In a sheet any filled cell does. In a text file only those under an empty header cell: past the last header cell
    a value may as well be the surplus of a record torn at a delimiter.
    """
    return [cells[: len(header)] for cells in body] if is_ragged_possible else body


def _widths(body: list[list[str]], header_width: int, width: int, notes: list[str]) -> frozenset[int]:
    """Counts of cells that a record may have; surplus empty cells are forgiven besides."""
    seen = {len(cells) for cells in body}
    if len(seen) != 1 or len(body) == 1:
        return frozenset({width, header_width})
    (usual,) = seen
    if usual >= width:
        return frozenset({usual})
    missing = ", ".join(column_letter(index) for index in range(usual, width))
    notes.append(f"all records end before column {missing}: read as empty")
    return frozenset({usual, width})
