"""How far a run is: plain numbers that the batcher keeps and whoever watches reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Progress:
    """Counts of one run as they stand now. Nothing here decides anything."""

    #: reading (or asking, where no file is read), searching, entries, companies, sending, updating, reporting; of an undo deleting, restoring, beside
    phase: str = "reading"
    rows: int = 0
    created: int = 0
    updated: int = 0
    #: of an undo
    deleted: int = 0
    restored: int = 0
    skipped: int = 0
    rejected: int = 0
    #: rows whose answer was lost, waiting to be looked up or past it
    unsettled: int = 0
    requests: int = 0
    #: requests on their way
    in_flight: int = 0
    #: Unix second at which sending began in this process
    started: float = 0.0
    #: rows that had their outcome by then: skipped ones, and those of before a resume
    done_before: int = 0
    #: requests a second that the portal lets through in the long run
    allowed_per_s: float = 0.0
    #: Unix second until which the portal's budget makes us wait, and why
    paused_until: float | None = None
    pause_reason: str = ""
    #: rows in doubt that wait: the Unix second at which the portal is asked for them, and how many they are
    lookups: list[tuple[float, int]] = field(default_factory=list)
    #: commands in the next batch, and batches at once
    batch_size: int = 0
    width: int = 0
    #: what the person should be told once, newest last
    messages: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Rows with an outcome."""
        return self.created + self.updated + self.deleted + self.restored + self.skipped + self.rejected

    def begin(self, phase: str, now: float, allowed_per_s: float) -> None:
        """The rows that are left are sent from now on."""
        self.phase, self.started, self.allowed_per_s = phase, now, allowed_per_s
        self.done_before = self.done

    @property
    def in_doubt(self) -> int:
        """Rows that wait until the portal can be asked for them."""
        return sum(rows for _, rows in self.lookups)

    @contextmanager
    def looking_up(self, at: float, rows: int) -> Iterator[None]:
        """While the block waits, so many rows are in doubt until the Unix second `at`."""
        self.lookups.append((at, rows))
        try:
            yield
        finally:
            self.lookups.remove((at, rows))

    def count(self, state: str, by: int = 1) -> None:
        """Adds to the count of an outcome."""
        setattr(self, state, getattr(self, state) + by)
