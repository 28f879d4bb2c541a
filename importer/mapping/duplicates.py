"""The same person twice in one file: what makes two rows the same, found while they go by, whatever their number.

Keys are kept as 64-bit digests in a temporary file of SQLite's, so that a million rows cost megabytes of disk and a few of
memory. Two different keys share a digest once in some ten million files of a million rows.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from importer.mapping.communication import LOCAL, email_key, national_digits, phone_key
from importer.records import Contact

# A phone as mapping writes a valid one: its key stands in it, and need not be found out at the library's cost.
_E164 = re.compile(r"(\+[0-9]{7,15})(?:;ext=[0-9]*)?")


class SeenBefore:
    """Remembers in which row a key was seen first."""

    def __init__(self) -> None:
        self._has_local = False
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
        digest = _digest(kind, key)
        added = self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, row))
        if added.rowcount:
            return None
        return int(self._connection.execute("SELECT row FROM seen WHERE digest = ?", (digest,)).fetchone()[0])

    def first_alike(self, kind: str, key: str, row: int, *, is_kept: bool = True) -> int | None:
        """The same for a key of `keys_of`, where a phone equals what `match` would find under it or it under another.

        A number in E.164 is looked for in the portal under its national spellings, too, so a row that has one of these is
        the same person; two numbers in E.164 that only share them are not. A row that is not `is_kept` is only compared,
        and none is compared with itself: many write one number in two ways.
        """
        first = self.first_row(kind, key, row) if is_kept else self.recall(kind, key)
        if kind != "phone":
            return first if first != row else None
        if key.startswith(LOCAL):
            self._has_local = self._has_local or is_kept
            digits = key.removeprefix(LOCAL)
            others = [("phone", f"+{digits}"), ("spelled", digits)]
        else:
            spelled = national_digits(key)
            for digits in spelled if is_kept else ():
                self.first_row("spelled", digits, row)
            others = [("phone", LOCAL + digits) for digits in (key.removeprefix("+"), *spelled)] if self._has_local else []
        rows = {first, *(self.recall(*other) for other in others)} - {None, row}
        return min(rows, default=None)

    def forget(self, kind: str, key: str, row: int) -> None:
        """Takes back what `first_alike` kept of a row that is not sent after all."""
        spelled = () if kind != "phone" or key.startswith(LOCAL) else national_digits(key)
        digests = [_digest(kind, key), *(_digest("spelled", digits) for digits in spelled)]
        self._connection.executemany("DELETE FROM seen WHERE digest = ? AND row = ?", [(digest, row) for digest in digests])

    def remember(self, kind: str, key: str, value: int) -> None:
        """Keeps a number for a key, whatever was kept for it before."""
        self._connection.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (_digest(kind, key), value))

    def recall(self, kind: str, key: str) -> int | None:
        """The number kept for a key; None when there is none."""
        found = self._connection.execute("SELECT row FROM seen WHERE digest = ?", (_digest(kind, key),)).fetchone()
        return int(found[0]) if found else None

    def close(self) -> None:
        """Frees the temporary file."""
        self._connection.close()


def _digest(kind: str, key: str) -> int:
    return int.from_bytes(blake2b(f"{kind}\0{key}".encode(), digest_size=8).digest(), "big", signed=True)


def keys_of(contact: Contact, by: Sequence[str]) -> list[tuple[str, str]]:
    """(kind, key) of everything that makes the contact the same as another, each once, in the order of `by`.

    `by` is `phone`, `email`, whose keys are those by which contacts are found. For `SeenBefore.first_alike`.
    """
    return list(dict.fromkeys((kind, key) for kind in by for key in _keys(contact, kind)))


def _keys(contact: Contact, kind: str) -> Iterator[str]:
    for value in _values(contact.fields.get(kind.upper())):
        key = email_key(value) if kind == "email" else _phone_key(value)
        if key:
            yield key


def _values(entries: object) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            yield str(entry["VALUE"])


def _phone_key(phone: str) -> str:
    whole = _E164.fullmatch(phone)
    return whole[1] if whole else phone_key(phone)
