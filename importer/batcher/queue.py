"""The rows still to be sent, in their order: read from the journal a little ahead, returned ones first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from importer.journal.entries import CONTACT, QueuedRow
from importer.journal.journal import Journal

# Rows read and prepared at once, ten batches: what is done after each wait for the portal's pace costs half as much again,
# because the processor has forgotten how.
_AHEAD = 500

# Bytes of contacts read at once, reckoned by those before, so that memory stays flat where they are long.
_AHEAD_BYTES = 4 * 1024 * 1024

# Read first, while their length is unknown, and at the least: one batch.
_LEAST_AHEAD = 50


class Queue:
    """Rows to send. A row that was taken is nobody else's until it is given back."""

    def __init__(self, journal: Journal, run_id: int, travels_alone: Callable[[QueuedRow], bool], entity: int = CONTACT,
                 action: str = "create", prepare: Callable[[list[QueuedRow]], None] = lambda rows: None) -> None:  # fmt: skip
        """`travels_alone` says which rows must not share a request, of those that `prepare`, which sees many at once, left unready."""
        self._journal = journal
        self._run_id = run_id
        self._travels_alone = travels_alone
        self._entity, self._action = entity, action
        self._prepare = prepare
        self._ahead: deque[QueuedRow] = deque()
        #: rows given back before the journal was read as far as they stand in it: it must not bring them again
        self._early: set[int] = set()
        self._read_to: tuple[int, int] | None = None
        self._at_once = _LEAST_AHEAD
        self._is_read_through = False

    def _look_ahead(self) -> None:
        while not self._ahead and not self._is_read_through:
            rows = self._journal.queued(self._run_id, self._at_once, self._read_to, self._entity, self._action)
            coming = [row for row in rows if row.row not in self._early]
            self._prepare(coming)
            self._ahead.extend(coming)
            self._is_read_through = len(rows) < self._at_once
            if rows:
                self._read_to = (rows[-1].position, rows[-1].row)
                longest = max(len(row.contact) for row in rows)
                self._at_once = min(_AHEAD, max(_LEAST_AHEAD, _AHEAD_BYTES // max(longest, 1)))

    def is_empty(self) -> bool:
        """True when no row is left to take; rows that others hold may still come back."""
        self._look_ahead()
        return not self._ahead

    def take(self, most: int) -> list[QueuedRow]:
        """Up to `most` rows that may share one request; a row that must travel alone comes alone."""
        taken: list[QueuedRow] = []
        while len(taken) < most and (self._ahead or not self.is_empty()):
            row = self._ahead[0]
            is_alone = row.ready is None and self._travels_alone(row)
            if is_alone and taken:
                break
            taken.append(self._ahead.popleft())
            if is_alone:
                break
        return taken

    def give_back(self, rows: list[QueuedRow]) -> None:
        """These rows are to be sent again, before any other; also rows that another process had taken."""
        self._early.update(row.row for row in rows if self._read_to is None or (row.position, row.row) > self._read_to)
        self._ahead.extendleft(reversed(rows))
