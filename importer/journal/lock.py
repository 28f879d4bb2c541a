"""One process at a time on one journal: a lock the operating system frees when its holder dies."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from importer.errors import ImporterError, JournalBusy


class JournalLock:
    """Held while a command writes to the journal. A left-over lock file of a dead process does not block."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        # Of the file itself: a run that names it by a link must not pass one that names it straight.
        self._lock = FileLock(os.path.realpath(journal) + ".lock")

    def __enter__(self) -> JournalLock:
        """Takes the lock or raises JournalBusy at once; it never waits. ImporterError where no lock can be made."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise JournalBusy(
                f"{self._journal}: another run holds this journal. Wait until it ends (`b24-import runs` lists it), "
                "or give this run a journal of its own with --journal."
            ) from None
        except OSError as error:
            raise ImporterError(
                f"{self._journal}: the journal cannot be locked ({error}). Name a place that can be written with --journal."
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()
