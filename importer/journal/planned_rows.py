"""Planned rows as the journal's tables hold them: put together by what they have in common, and inserted many at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from importer.journal import many_rows, states
from importer.journal.entries import PlannedRow
from importer.journal.many_rows import json_text
from importer.journal.states import StateError

# What is told of most rows, and what is told of the others beside.
_PLAIN_ROW = ("row", "position", "origin_id")
_TOLD_ROW = (*_PLAIN_ROW, "contact_id", "code", "column_name", "problem")
_PLAIN_CONTENTS = ("row", "contact", "cells")
_RICH_CONTENTS = (*_PLAIN_CONTENTS, "address", "identity", "digest", "files")

#: Columns of a warning that differ from one to the next.
WARNING = ("row", "code", "column_name", "problem")

_Values = tuple[object, ...]


class PlannedChunk:
    """Rows that are written in one transaction; false when there are none.

    Each is turned into texts at once: a chunk holds tuples, and not rows with all their parts.
    """

    def __init__(self, rows: Iterable[PlannedRow]) -> None:
        """Takes all of `rows`. Raises StateError for one that cannot be planned as it is."""
        #: by what they have in common: the columns that are told of them, action, state, originator
        self._rows: dict[tuple[tuple[str, ...], str, str, str | None], list[_Values]] = {}
        self._contents: dict[tuple[str, ...], list[_Values]] = {}
        self._warnings: list[_Values] = []
        for row in rows:
            self._add(row)

    def __bool__(self) -> bool:
        return bool(self._rows)

    def _add(self, row: PlannedRow) -> None:
        if row.state not in states.PLANNED:
            raise StateError(f"row {row.row} cannot be planned as {row.state}")
        originator, origin_id = row.origin or (None, None)
        columns, told = _PLAIN_ROW, (row.row, row.row if row.position is None else row.position, origin_id)
        if row.problem is not None or row.contact_id is not None:
            said = (row.problem.code, row.problem.column, row.problem.problem) if row.problem else (None,) * 3
            columns, told = _TOLD_ROW, (*told, row.contact_id, *said)
        self._rows.setdefault((columns, row.action, row.state, originator), []).append(told)
        columns, parts = _PLAIN_CONTENTS, (row.row, None if row.fields is None else json_text(row.fields), json_text(row.cells))
        if row.address or row.identity or row.digest or row.files:
            address, files = (json_text(value) if value else None for value in (row.address, row.files))
            columns, parts = _RICH_CONTENTS, (*parts, address, row.identity, row.digest, files)
        self._contents.setdefault(columns, []).append(parts)
        self._warnings += [(row.row, warning.code, warning.column, warning.problem) for warning in row.warnings]

    def write(self, connection: sqlite3.Connection, run_id: int, entity: int) -> None:
        """Inserts them all, within the caller's transaction."""
        whose = {"run_id": run_id, "entity": entity}
        for (columns, action, state, originator), told in self._rows.items():
            many_rows.insert(connection, "rows", columns, told, {**whose, "action": action, "state": state, "originator": originator})
        for columns, parts in self._contents.items():
            many_rows.insert(connection, "contents", columns, parts, whose)
        many_rows.insert(connection, "warnings", WARNING, self._warnings, {"run_id": run_id})
