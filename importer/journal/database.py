"""The SQLite file under the journal: opening, version, transactions, and what a broken or full disk means."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from importer.errors import ImporterError, Interrupted, JournalBusy
from importer.journal.lock import JournalLock
from importer.journal.migrations import VERSION, migrate

# SQLite looks through some 80 MB of a journal in a second (300 MB in 3.9 s on two busy cores). So this is done after an
# unclean end only, and no longer than this.
_LONGEST_CHECK_S = 10.0

_DAMAGED = (
    "{path}: this file is not a journal, or it is damaged ({what}). "
    "Name another with --journal; keep the damaged one, it may still tell what was sent."
)

# PRAGMA synchronous. FULL: what is committed is on the disk before a request leaves, so that a power cut cannot make a row
# that was sent look new. In WAL mode NORMAL commits without waiting for the disk: a power cut may take the last commits back,
# never one of them without all after it. Source: sqlite.org, "PRAGMA synchronous".
_OFF, _NORMAL, _FULL = 0, 1, 2

# What every version's journal has, however it was changed since.
_TABLES = {"runs", "rows", "contents", "requests"}

# SQLITE_FULL and SQLITE_IOERR with its extended codes (low byte 10): the disk, not our statement, is at fault.
_DISK_CODES = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


class Database:
    """One connection to a journal file. Raises ImporterError when the file is not a journal of ours.

    One of an earlier version is made one of this version, its copy kept beside it: `notes` then says so.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        #: whether commits wait for the disk, and how the last one did
        self._waits, self._level = True, -1
        #: what its person should know of the opening, a sentence each
        self.notes: list[str] = []
        if read_only and _is_older(path):
            # Reading needs this version's tables as well: whoever opens the journal first brings it there.
            with JournalLock(path):
                earlier = Database(path)
                self.notes += earlier.notes
                earlier.close()
        has_ended_badly = not read_only and _is_left_open(path)
        self.connection = self._connect(read_only)
        try:
            with self.reporting():
                self._prepare(read_only)
                if has_ended_badly:
                    self._expect_sound()
        except BaseException:
            self.connection.close()
            raise

    def _connect(self, read_only: bool) -> sqlite3.Connection:
        try:
            if read_only:
                expect_journal(self.path)
                return sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Customers' data: made readable by its owner alone before SQLite writes the first page.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            return sqlite3.connect(self.path, isolation_level=None)
        except (OSError, sqlite3.OperationalError) as error:
            raise ImporterError(f"{self.path}: the journal cannot be opened ({error}). Name another place with --journal.") from error

    def _prepare(self, read_only: bool) -> None:
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA busy_timeout = 5000")
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        tables = {row[0] for row in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if (version or tables) and not (version and tables >= _TABLES):
            raise ImporterError(f"{self.path}: this is an SQLite file of another program, not a journal. Name another with --journal.")
        if version > VERSION:
            raise ImporterError(
                f"{self.path}: this is not a journal of this version of b24-import (version {version}, not {VERSION}). "
                "Go on with the version that wrote it, or name a new file with --journal."
            )
        if read_only:
            if not version:
                raise ImporterError(f"{self.path}: the journal is empty. `b24-import run` writes the first run into it.")
            return
        self.connection.execute("PRAGMA journal_mode = WAL")
        self._wait_as(_FULL)
        self.connection.execute("PRAGMA wal_autocheckpoint = 8000")
        if 0 < version < VERSION:
            kept = migrate(self.connection, self.path, version)
            self.notes.append(f"{self.path} is now a journal of version {VERSION} (it was of {version}); as it was, it is kept as {kept.name}.")
        elif not version:
            schema = files("importer.journal").joinpath("schema.sql").read_text(encoding="utf-8")
            self.connection.executescript(f"BEGIN; {schema} PRAGMA user_version = {VERSION}; COMMIT;")

    def _expect_sound(self) -> None:
        """Looks for damage, for a bounded time: what cannot be read in it is found when it is read."""
        until = time.monotonic() + _LONGEST_CHECK_S
        self.connection.set_progress_handler(lambda: time.monotonic() > until, 100_000)
        try:
            found = self.connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return
        finally:
            self.connection.set_progress_handler(None, 0)
        if found != "ok":
            raise ImporterError(_DAMAGED.format(path=self.path, what=" ".join(found.split())))

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Turns SQLite's errors about the file or the disk into sentences; other errors are bugs and pass."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DISK_CODES:
                raise Interrupted(
                    f"{self.path}: the disk is full or cannot be written ({error}). What was sent before is journaled. "
                    "Make room, then `b24-import resume`."
                ) from error
            if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                raise ImporterError(_DAMAGED.format(path=self.path, what=error)) from error
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise JournalBusy(
                    f"{self.path}: another program holds the journal ({error}), perhaps a backup or a database viewer. "
                    "Close it and go on with `b24-import resume`."
                ) from error
            if code == sqlite3.SQLITE_CANTOPEN:
                raise ImporterError(
                    f"{self.path}: the journal cannot be opened ({error}). Its folder must be there and may have to be written, "
                    "even for reading; or name another place with --journal."
                ) from error
            if code == sqlite3.SQLITE_READONLY:
                raise ImporterError(f"{self.path}: the journal may not be written. Change its permissions, or use --journal.") from error
            raise

    def _wait_as(self, level: int) -> None:
        if level != self._level:
            self.connection.execute(f"PRAGMA synchronous = {level}")
            self._level = level

    def wait_for_nothing(self) -> None:
        """From now on no commit waits for the disk: for tests, whose journals need outlive no power cut."""
        self._waits = False
        self._wait_as(_OFF)

    @contextmanager
    def transaction(self, *, is_awaited: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: on the disk when the block ends, undone when it raises.

        With `is_awaited` False it is on the disk with the next one that is awaited. A power cut before that takes it back,
        a mere death of ours does not; transactions reach the disk in their order.
        """
        with self.reporting():
            if self._waits:
                self._wait_as(_FULL if is_awaited else _NORMAL)
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                # A full disk may already have rolled back by itself.
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Closes the file; the write-ahead log is folded in by SQLite."""
        with self.reporting():
            self.connection.close()


def expect_journal(path: Path) -> None:
    """Raises ImporterError when there is no file."""
    if not path.is_file():
        raise ImporterError(f"{path}: there is no journal here yet. `b24-import run` makes one; --journal names another.")


def _is_older(path: Path) -> bool:
    """True for a journal of ours that an earlier version wrote; anything odd is left to the opening itself."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return False
    try:
        return 0 < connection.execute("PRAGMA user_version").fetchone()[0] < VERSION
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()


def _is_left_open(path: Path) -> bool:
    """True when the last process that wrote here did not close it: its log is still beside it."""
    try:
        return path.with_name(path.name + "-wal").stat().st_size > 0
    except OSError:
        return False
