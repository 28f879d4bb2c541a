"""Rows whose answers are lost again and again: when a row is to blame, and when the portal is. Counting only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from importer.journal.entries import QueuedRow, Settled
from importer.records import RowProblem

# A row that was lost so often, the last times alone in its request, and each time was not in the portal, while
# other rows got through: the portal fails on this very row.
MOST_LOSSES = 8


@dataclass(slots=True)
class Losses:
    """What was lost in one run of a batcher."""

    #: rows whose answer was lost, and how often: they travel in ever smaller company
    _of_row: dict[int, int] = field(default_factory=dict)
    #: how many rows were answered when a row was lost for the first time
    _answered_before: dict[int, int] = field(default_factory=dict)
    #: rows the portal answered for
    answered: int = 0

    def company(self, rows: Sequence[QueuedRow], capacity: int) -> int:
        """How many of these rows, from the first, may share a request: one that was lost before travels with half as many."""
        if not self._of_row:
            return len(rows)
        most, count = len(rows), 0
        for row in rows:
            bearable = max(1, capacity >> self._of_row.get(row.row, 0))
            if count >= min(most, bearable):
                break
            most, count = min(most, bearable), count + 1
        return count

    def part(self, rows: Sequence[QueuedRow]) -> None:
        """Rows that were refused together, and certainly did not go: next time in smaller company."""
        for row in rows:
            self._of_row[row.row] = self._of_row.get(row.row, 0) + 1

    def verdicts(self, missing: Sequence[QueuedRow]) -> tuple[list[Settled], list[QueuedRow]]:
        """Rows that are not in the portal: sent again, but for those on which alone the portal fails every time."""
        outcomes: list[Settled] = []
        again: list[QueuedRow] = []
        for row in missing:
            lost = self._of_row[row.row] = self._of_row.get(row.row, 0) + 1
            before = self._answered_before.setdefault(row.row, self.answered)
            if lost >= MOST_LOSSES and self.answered > before:
                problem = RowProblem("portal_fails", f"The portal failed {lost} times on this row and does not have it. "
                                     "Correct the row, or enter the contact by hand.")  # fmt: skip
                outcomes.append(Settled(row.row, "rejected", problem=problem))
            else:
                outcomes.append(Settled(row.row, "new"))
                again.append(row)
        return outcomes, again

    def is_hopeless(self, again: Sequence[QueuedRow]) -> bool:
        """True for a portal that answers for no row at all: no row is to blame, it fails as a whole."""
        return any(self._of_row.get(row.row, 0) >= MOST_LOSSES for row in again)
