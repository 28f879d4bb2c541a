"""Many rows in one statement: SQLite makes the list of a CHECK … IN (…) anew for each statement it carries out.

That alone costs 10 µs, twice what writing the row does (measured, SQLite 3.40). What the rows mean stands in journal.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain

from pydantic_core import to_json

from importer.journal import states

# Older SQLite takes 999 values a statement. Source: sqlite.org, "Limits", SQLITE_MAX_VARIABLE_NUMBER.
_MOST_VALUES = 999


def insert(connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], same: Mapping[str, object]) -> None:
    """Inserts rows, each a value for every one of `columns`; `same` are columns in which all rows have one value.

    Columns that are left out cost nothing: a row of three values takes half of what it takes with nine more that are all alike.
    """
    at_once = (_MOST_VALUES - len(same)) // len(columns)
    for at in range(0, len(rows), at_once):
        some = rows[at : at + at_once]
        connection.execute(_inserting(table, tuple(same), tuple(columns), len(some)), (*same.values(), *chain.from_iterable(some)))


@cache
def _inserting(table: str, same: tuple[str, ...], columns: tuple[str, ...], rows: int) -> str:
    row = f"({','.join('?' * len(columns))})"
    chosen = ",".join([*"?" * len(same), *(f"column{number}" for number in range(1, len(columns) + 1))])
    return f"INSERT INTO {table} ({','.join([*same, *columns])}) SELECT {chosen} FROM (VALUES {','.join([row] * rows)})"


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({','.join(f'{value!r}' for value in values)})"


def take(connection: sqlite3.Connection, request_id: int, whose: tuple[int, int], rows: Sequence[int]) -> int:
    """Rows of (run, entity) leave with a request; how many of them were new."""
    which, values = _which(rows, first=4)
    return connection.execute(_taking(which), (request_id, *whose, *values)).rowcount


@cache
def _taking(which: str) -> str:
    return (
        f"UPDATE rows SET state = '{states.SENDING}', attempts = attempts + 1, request_id = ?1 "
        f"WHERE run_id = ?2 AND entity = ?3 AND {which} AND {_one_of('state', states.sources_of(states.SENDING))}"
    )


def settle(connection: sqlite3.Connection, state: str, whose: tuple[int, int], rows: Sequence[int], ids: Sequence[int | None]) -> int:
    """Rows of (run, entity) become `state`, each with its contact's id where there is one, without a word said about them; how many
    of them could."""
    which, values = _which(rows, first=4)
    if len(values) == 2:
        return connection.execute(_settling(state, which, "'$[' || (row - ?4) || ']'"), (json_text(ids), *whose, *values)).rowcount
    by_row = dict(zip(rows, ids, strict=True))
    return connection.execute(_settling(state, which, "'$.\"' || row || '\"'"), (json_text(by_row), *whose, *values)).rowcount


@cache
def _settling(state: str, which: str, place: str) -> str:
    return (
        f"UPDATE rows SET state = '{state}', contact_id = coalesce(json_extract(?1, {place}), contact_id), code = NULL, column_name = NULL, "
        f"problem = NULL WHERE run_id = ?2 AND entity = ?3 AND {which} AND {_one_of('state', states.sources_of(state))}"
    )


def _which(rows: Sequence[int], *, first: int) -> tuple[str, tuple[object, ...]]:
    """A condition for these rows, and the values of its parameters from number `first` on: the first and the last row where none
    is missing between them in that order, which takes half of what a list of them does."""
    if list(rows) == list(range(rows[0], rows[0] + len(rows))):
        return f"row BETWEEN ?{first} AND ?{first + 1}", (rows[0], rows[-1])
    return f"row IN (SELECT value FROM json_each(?{first}))", (json_text(list(rows)),)


def json_text(value: object) -> str:
    """The value as JSON: by pydantic's compiled encoder, for json.dumps takes five times as long."""
    return to_json(value).decode()


def settling_with_problem(state: str) -> str:
    """One row that becomes `state`: values are contact id or None, code, column, sentence, the run, the entity, the row."""
    return (
        f"UPDATE rows SET state = '{state}', contact_id = coalesce(?, contact_id), code = ?, column_name = ?, problem = ? "
        f"WHERE run_id = ? AND entity = ? AND row = ? AND {_one_of('state', states.sources_of(state))}"
    )
