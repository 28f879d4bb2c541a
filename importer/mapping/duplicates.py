"""The same person twice in one file: found while the rows go by, whatever their number.

Keys are kept as 64-bit digests in a temporary file of SQLite's, so that a million rows cost megabytes of disk and a few of
memory. Two different keys share a digest once in some ten million files of a million rows.
"""

from __future__ import annotations

import sqlite3
from hashlib import blake2b


class SeenBefore:
    """Remembers in which row a key was seen first."""

    def __init__(self) -> None:
        # An empty name is a private file that SQLite removes by itself, and keeps in memory while it is small.
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA cache_size = -32000")
        self._connection.execute("CREATE TABLE seen (digest INTEGER PRIMARY KEY, row INTEGER NOT NULL)")
        self._connection.execute("BEGIN")

    def first_row(self, kind: str, key: str, row: int) -> int | None:
        """The row that had this key before, or None, and then `row` has it from now on.

        `kind` keeps keys of different meanings apart (`origin`, `phone`, `email`).
        """
        digest = int.from_bytes(blake2b(f"{kind}\0{key}".encode(), digest_size=8).digest(), "big", signed=True)
        added = self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, row))
        if added.rowcount:
            return None
        return int(self._connection.execute("SELECT row FROM seen WHERE digest = ?", (digest,)).fetchone()[0])

    def close(self) -> None:
        """Frees the temporary file."""
        self._connection.close()
