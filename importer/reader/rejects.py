"""Rows of a rejects file of ours that nobody has mended: records that were broken in the original and still are.

A rejects file is regular, whatever its rows were: short records are padded, surplus cells stand under `_more_1`,
`_more_2` … before the four columns of ours. Without a look at those a record whose cells have slipped would be taken
for a sound one the second time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from importer.records import Rejected, RowProblem

#: the columns a rejects file of ours ends with
REJECTS_COLUMNS = ["_row", "_code", "_column", "_problem"]

_MORE = re.compile(r"_more_\d+")
# What is said of a record with cells too many, in the first round and in later ones.
_SURPLUS = ("the header ends before it", "_more_")
# Longer numbers are no rows.
_MOST_DIGITS = 9
_CELLS = re.compile(r"cells in the record: (\d+), expected: \d+")


def unmended(header: Sequence[str], cells: Sequence[str]) -> RowProblem | None:
    """The problem of a record of a rejects file that is as broken as it was; None when it may be taken.

    `header` and `cells` are whole, with our four columns last.
    """
    own = len(header) - len(REJECTS_COLUMNS)
    code, problem = cells[own + 1], cells[own + 3]
    if code == "ragged_row":
        surplus = [name for name, cell in zip(header[:own], cells, strict=False) if cell and _MORE.fullmatch(name)]
        if surplus:
            return _still(code, f"{surplus[0]} still has a value: move it where it belongs, or empty it")
        lacking = _CELLS.search(problem)
        is_surplus = any(word in problem for word in _SURPLUS)
        if not is_surplus and (lacking is None or not any(cells[int(lacking[1]) : own])):
            counts = f" ({lacking[0]})" if lacking else ""
            return _still(code, f"the record lacked cells and still does{counts}: put each value under its column, or empty `_code` if they are right as they are")
    if code == "bad_encoding" and any("\ufffd" in cell for cell in cells[:own]):
        return _still(code, 'a character could not be read, which "\ufffd" marks: write what it should be')
    return None


def said_of(cells: Sequence[str]) -> Rejected | None:
    """What our four columns say, the last of the record's; None where a person has emptied the code. A row that is no number is 0."""
    row, code, _, problem = cells[-len(REJECTS_COLUMNS) :]
    return Rejected(int(row) if row.isdecimal() and len(row) <= _MOST_DIGITS else 0, code, problem) if code else None


def _still(code: str, what: str) -> RowProblem:
    return RowProblem(code, f"Not mended yet: {what}.")
