"""What every kind of file offers before anyone knows where its header is: numbered records of text cells.

Holds the protocol only. `delimited`, `xlsx_sheet`, `calamine_sheet`, `ods_sheet` and `html_table` implement it;
`source` turns a grid into a header and rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from importer.records import RowProblem


class Flaw(NamedTuple):
    """Damage in one cell that only the file's own format shows, such as an error value."""

    #: position of the cell in the record, from 0
    index: int
    #: stable word of ours: `formula_error`, `formula_without_value`, `digits_lost`, `merged_cell`, `maybe_total`
    code: str
    #: what stood in the cell
    found: str
    #: text of the merged cell it belongs to, for `merged_cell`
    covering: str = ""


#: number, cells, problem, flaws. A plain tuple, because millions of them are made: a class here costs a
#: fifth of the reading speed. A blank record has no cells, or only empty ones.
Record = tuple[int, list[str], RowProblem | None, tuple[Flaw, ...]]


class Grid(Protocol):
    """A readable file of one kind, opened on one sheet."""

    #: csv, xlsx, xlsm, xls, xlsb, ods, html
    kind: str
    #: name of the chosen sheet; None where the kind has none
    sheet: str | None
    #: what was guessed on the way, one sentence each
    notes: list[str]
    #: False for kinds that end a row at its last filled cell, where fewer cells than columns mean nothing
    is_ragged_possible: bool

    def records(self) -> Iterator[Record]:
        """Every record from the first, blank ones included (at least one for any gap); anew at each call."""
        ...
