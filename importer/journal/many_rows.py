"""Many rows in one statement: SQLite makes the list of a CHECK … IN (…) anew for each statement it carries out.

That alone costs 10 µs, twice what writing the row does (measured, SQLite 3.40). What the rows mean stands in journal.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from itertools import chain

from importer.journal import states

# Older SQLite takes 999 values a statement. Source: sqlite.org, "Limits", SQLITE_MAX_VARIABLE_NUMBER.
_MOST_VALUES = 999


def insert(connection: sqlite3.Connection, into: str, rows: Sequence[Sequence[object]]) -> None:
    """Inserts rows, each a value for every column; `into` is a table, with or without its columns."""
    width = len(rows[0]) if rows else 1
    at_once = _MOST_VALUES // width
    for at in range(0, len(rows), at_once):
        some = rows[at : at + at_once]
        connection.execute(_inserting(into, len(some), width), tuple(chain.from_iterable(some)))


@cache
def _inserting(into: str, rows: int, width: int) -> str:
    row = f"({','.join('?' * width)})"
    return f"INSERT INTO {into} VALUES {','.join([row] * rows)}"


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({','.join(f'{value!r}' for value in values)})"


#: Rows that leave: values are the request's id, the run, the entity, a JSON list of the rows.
TAKE = (
    f"UPDATE rows SET state = '{states.SENDING}', attempts = attempts + 1, request_id = ? "
    f"WHERE run_id = ? AND entity = ? AND row IN (SELECT value FROM json_each(?)) AND {_one_of('state', states.sources_of(states.SENDING))}"
)


def settling(state: str) -> str:
    """Rows that become `state` without a word said about them: values are a JSON object, row → contact id or null, the run,
    the entity."""
    return (
        f"UPDATE rows SET state = '{state}', contact_id = coalesce(json_extract(?1, '$.\"' || row || '\"'), contact_id), code = NULL, "
        "column_name = NULL, problem = NULL WHERE run_id = ?2 AND entity = ?3 "
        f"AND row IN (SELECT CAST(key AS INTEGER) FROM json_each(?1)) AND {_one_of('state', states.sources_of(state))}"
    )


def settling_with_problem(state: str) -> str:
    """One row that becomes `state`: values are contact id or None, code, column, sentence, the run, the entity, the row."""
    return (
        f"UPDATE rows SET state = '{state}', contact_id = coalesce(?, contact_id), code = ?, column_name = ?, problem = ? "
        f"WHERE run_id = ? AND entity = ? AND row = ? AND {_one_of('state', states.sources_of(state))}"
    )
