"""Keeping a journal in health: is it sound after an unclean end, how large is it, and what of it may go."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from importer.journal.database import Database
from importer.journal.entries import RunRecord

DAY_S = 86_400.0


def size(path: Path) -> int:
    """Bytes of the journal and of what SQLite keeps beside it."""
    return sum(file.stat().st_size for file in (path, path.with_name(path.name + "-wal")) if file.is_file())


def prunable(runs: Sequence[RunRecord], before: float) -> list[RunRecord]:
    """The runs that were finished before a moment (Unix seconds), but for those that a run which stays takes back."""
    old = [run for run in runs if run.state == "finished" and run.finished is not None and run.finished < before]
    needed = {run.undoes for run in runs if run not in old}
    return [run for run in old if run.id not in needed]


def kept_copies(path: Path, before: float) -> list[Path]:
    """Copies of the journal as earlier versions wrote it, made before a moment."""
    return [copy for copy in sorted(path.parent.glob(f"{path.name}.version-*")) if copy.stat().st_mtime < before]


def prune(database: Database, runs: Sequence[RunRecord]) -> None:
    """Removes runs with every row, value and request of theirs, and gives the room back to the disk.

    A death or a full disk on the way leaves each run wholly there or wholly gone. Removed pages are overwritten, so that
    nothing of them stays in the file even if there is no room to write it anew.
    """
    connection = database.connection
    with database.reporting():
        connection.execute("PRAGMA secure_delete = ON")
    tables = _tables_with_runs(connection)
    for run in runs:
        with database.transaction():
            for table in tables:
                connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (run.id,))
            connection.execute("DELETE FROM runs WHERE id = ?", (run.id,))
    with database.transaction():
        # What is known of a contact by no run that stays is the removed runs' knowledge.
        connection.execute(
            "DELETE FROM known WHERE (portal_host, contact_id) NOT IN "
            "(SELECT portal_host, contact_id FROM rows JOIN runs ON runs.id = run_id WHERE entity = 0 AND contact_id IS NOT NULL)"
        )
    with database.reporting():
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _tables_with_runs(connection: sqlite3.Connection) -> list[str]:
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [name for name in names if any(column[1] == "run_id" for column in connection.execute(f"PRAGMA table_info({name})"))]
