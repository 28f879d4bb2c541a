"""Merged cells: their value counts for their first cell alone, and rows below that lack it are told so.

What a merged cell covers may keep a value of its own, but nobody sees it, so it is emptied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO, NamedTuple

from importer.reader.cells import column_index, column_letter
from importer.reader.grid import Flaw

_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""")
# Cells past which covered ones are no longer kept track of: no table of contacts is merged like that.
_MOST_COVERED = 1_000_000
_SHOWN_CHARS = 40
#: columns a sheet can have
MOST_COLUMNS = 16_384


class MergedRange(NamedTuple):
    """One merged cell: rows from 1, columns from 0, all included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{column_letter(self.left)}{self.top}:{column_letter(self.right)}{self.bottom}"


def merged_ranges(stream: BinaryIO) -> list[MergedRange]:
    """The merged cells of a sheet of an XLSX workbook.

    They stand below the rows they speak of, so the whole sheet is passed over for them.
    """
    ranges: list[MergedRange] = []
    rest, is_below_rows = b"", False
    while chunk := stream.read(1 << 20):
        rest += chunk
        is_below_rows = is_below_rows or b"mergeCell" in rest
        end = 0
        for found in _MERGED.finditer(rest) if is_below_rows else ():
            end = found.end()
            left, right = column_index(found[1].decode()), column_index(found[3].decode())
            ranges.append(MergedRange(int(found[2]), left, int(found[4]), right))
            if len(ranges) > _MOST_COVERED:
                return ranges
        rest = rest[max(end, len(rest) - (200 if is_below_rows else 20)) :]
    return ranges


class MergedCells:
    """The merged cells of one sheet while its rows pass by, from the first on."""

    def __init__(self, ranges: Iterable[MergedRange] = ()) -> None:
        """`ranges` may be none where a sheet tells of each at its first cell; see `begin`."""
        self._coming = sorted(ranges, reverse=True)
        #: those that reach the present row, with the value of their first cell
        self._open: list[tuple[MergedRange, str]] = []
        self._left_to_cover = _MOST_COVERED

    @property
    def is_over(self) -> bool:
        """No row from here on is covered, as far as is known."""
        return not self._open and not self._coming

    def begin(self, merged: MergedRange, cells: list[str]) -> None:
        """A merged cell whose first row is the one with these cells; they are empty when the sheet has no such row."""
        value = " ".join(cells[merged.left].split()) if merged.left < len(cells) else ""
        self._left_to_cover -= (merged.bottom - merged.top + 1) * (merged.right - merged.left + 1)
        if self._left_to_cover >= 0:
            self._open.append((merged, value))

    def cover(self, number: int, cells: list[str], flaws: tuple[Flaw, ...]) -> tuple[Flaw, ...]:
        """Empties what is covered in this row. Gives the flaws that can be seen, and one for each cell that looks
        filled from above; a row that has nothing else is a blank one, without a flaw."""
        if self._open:
            self._open = [(merged, value) for merged, value in self._open if merged.bottom >= number]
        while self._coming and self._coming[-1].top <= number:
            merged = self._coming.pop()
            if merged.bottom >= number:
                self.begin(merged, cells if merged.top == number else [])
        covered = {
            column
            for merged, _ in self._open
            for column in range(merged.left + (merged.top == number), min(merged.right + 1, MOST_COLUMNS))
        }
        for column in covered:
            cells[column : column + 1] = [""] if column < len(cells) else []
        flaws = tuple(flaw for flaw in flaws if flaw.index not in covered)
        if not any(cells):
            return flaws
        return flaws + tuple(
            Flaw(merged.left, "merged_cell", f'{merged}, whose value "{value[:_SHOWN_CHARS]}" is in row {merged.top}', value)
            for merged, value in self._open
            if value and merged.top < number
        )
