"""What the first records of a file say about its table: which is the header, and how wide it is.

A record of a text file must be as wide as the header. Three cases are not ragged: an empty column at the end of every
line (each line ends in a delimiter), surplus cells that are empty, and a file in which *all* sampled records lack the
same last columns, which a note tells. In any other case nobody can know which cell is missing: the row is broken.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from importer.reader.cells import column_letter, trimmed
from importer.reader.grid import Grid, Record
from importer.reader.header import SEARCHED_RECORDS, HeaderChoice, find_header
from importer.reader.rejects import REJECTS_COLUMNS
from importer.reader.undecodable import without_marks
from importer.records import RowProblem

#: records looked at to choose the header and the width
SAMPLE_RECORDS = 1000
_SAMPLE_CHARACTERS = 4_000_000


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
    texts = [cells for _, cells, _ in sample]
    choice = _asked_header(sample, header_row) if header_row else _rejects_header(texts) or find_header(texts, expected)
    if choice is None:
        return None
    number, header, problem = sample[choice.index]
    body = [cells for _, cells, _ in sample[choice.index + 1 :] if any(cells)]
    width = max(map(len, map(_without_empty_end, [header, *_naming(body, header, grid.is_ragged_possible)])))
    cells = [*header[:width], *[""] * (width - len(header))]
    notes = [f"header found in row {number}: {choice.reason}"]
    notes += [f"{choice.index} rows above the header left out"] if any(map(any, texts[: choice.index])) else []
    widths = _widths(body, len(header), width, notes) if grid.is_ragged_possible else frozenset()
    return Shape(cells, number, widths, notes, problem)


def _sample(records: Iterable[Record], first_row: int) -> list[tuple[int, list[str], RowProblem | None]]:
    sample: list[tuple[int, list[str], RowProblem | None]] = []
    characters = filled = 0
    for number, cells, problem, _ in map(without_marks, records):
        if number < first_row:
            continue
        sample.append((number, [trimmed(cell) for cell in cells], problem))
        characters += len(cells) + sum(map(len, cells))  # a cell takes time even if it is empty
        filled += any(sample[-1][1])
        if filled >= SAMPLE_RECORDS or characters > _SAMPLE_CHARACTERS or len(sample) > 20 * SAMPLE_RECORDS:
            break
    return sample


def _asked_header(sample: list[tuple[int, list[str], RowProblem | None]], row: int) -> HeaderChoice | None:
    is_there = bool(sample) and sample[0][0] == row and any(sample[0][1])
    return HeaderChoice(0, "as asked") if is_there else None


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
