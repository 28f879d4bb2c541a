"""How many cells a file may make of those that stand in it.

A few bytes can ask for millions of cells: by a number of repetitions, or by one cell in the last column of each row. Each
takes time, up to a minute for every hundred kilobytes of such a file.
"""

from __future__ import annotations

# A table of contacts has some 300 columns at the most, of which each row fills several; whole sheets below the first number
# are read in seconds, however they are filled.
_FREE_CELLS, CELLS_FOR_ONE = 10_000_000, 200


class CellBudget:
    """What is left of it, while rows pass by."""

    def __init__(self) -> None:
        self._left = _FREE_CELLS

    def allows(self, made: int, written: int) -> bool:
        """Whether so many more cells may be made, of so many that are written; each of these buys `CELLS_FOR_ONE`."""
        self._left += CELLS_FOR_ONE * written - made
        return self._left >= 0
