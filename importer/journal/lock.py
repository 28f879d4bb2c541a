"""One process at a time on one journal: a lock the operating system frees when its holder dies."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from importer.errors import ImporterError, JournalBusy

# Whoever only looks whether it is held has it for less than a thousandth of that.
_LOOK_S = 0.2


class JournalLock:
    """Held while a command writes to the journal. A left-over lock file of a dead process does not block."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        # Of the file itself: a run that names it by a link must not pass one that names it straight.
        self._lock = FileLock(_lock_file(journal))

    def __enter__(self) -> JournalLock:
        """Takes the lock or raises JournalBusy at once. ImporterError where no lock can be made."""
        try:
            self._lock.acquire(timeout=_LOOK_S, poll_interval=_LOOK_S / 10)
        except Timeout:
            raise JournalBusy(
                f"{self._journal}: another run holds this journal. Wait until it ends (`b24-import runs` lists it). Only a file into "
                "another portal can do with another --journal: what this one remembers as created, another would create once more."
            ) from None
        except OSError as error:
            raise ImporterError(
                f"{self._journal}: the journal cannot be locked ({error}). Name a place that can be written with --journal."
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def is_held(journal: Path) -> bool:
    """True while a process works on the journal, or where that cannot be told."""
    lock_file = _lock_file(journal)
    if not os.path.exists(lock_file):
        return False
    try:
        with FileLock(lock_file, timeout=0):
            return False
    except (Timeout, OSError):
        return True


def _lock_file(journal: Path) -> str:
    return os.path.realpath(journal) + ".lock"
