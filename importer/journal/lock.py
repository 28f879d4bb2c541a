"""One process at a time on one journal: a lock the operating system frees when its holder dies."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from importer.errors import JournalBusy


class JournalLock:
    """Held while a command writes to the journal. A left-over lock file of a dead process does not block."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._lock = FileLock(str(journal) + ".lock")

    def __enter__(self) -> JournalLock:
        """Takes the lock or raises JournalBusy at once; it never waits."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise JournalBusy(
                f"{self._journal}: another run holds this journal. Wait until it ends (`b24-import runs` lists it), "
                "or give this run a journal of its own with --journal."
            ) from None
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()
