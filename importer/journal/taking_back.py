"""Reading and closing a run that is taken back: which of its rows are, what was sent for them, who wrote to their contacts since.

A row is done with once an undo has deleted or restored its contact, or found it gone or as it was before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from importer.journal import states
from importer.journal.database import Database
from importer.journal.entries import CONTACT, RunRecord
from importer.journal.memory import REQUISITES

#: codes of rows that an undo has skipped because nothing is left to do
GONE, AS_BEFORE = "gone", "as_before"

#: code of the rows that a run had not sent when it was taken back
TAKEN_BACK = "taken_back"

_DONE_WITH = (
    "EXISTS (SELECT 1 FROM runs AS undo JOIN rows AS done ON done.run_id = undo.id WHERE undo.undoes = rows.run_id "
    "AND done.entity = rows.entity AND done.row = rows.row "
    f"AND (done.state IN ('deleted','restored') OR (done.state = 'skipped' AND done.code IN ('{GONE}','{AS_BEFORE}'))))"
)

_PAGE_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Made:
    """A row that a run created or changed something for, and that is to be taken back."""

    row: int
    #: delete, restore
    action: str
    #: what it became: a contact, company, entry; None of an entry that may be there
    id: int | None
    origin: tuple[str, str] | None
    #: what was sent for it: of a company its title, of an entry its text
    fields: dict[str, object]


@dataclass(frozen=True, slots=True)
class Original:
    """What is to be known of one row of a run before its contact is touched."""

    #: as they were planned: files by their path, placeholders for what was created before
    fields: dict[str, object]
    #: of a changed contact: what it held, and what was sent; empty of a created one
    held: dict[str, object]
    sent: dict[str, object]
    #: when the request that carried the row last was over; None when none did
    sent_until: float | None
    #: when an undo of a later run last wrote to the contact; None where none did
    rewritten_until: float | None


def unsettled_rows(database: Database, run_id: int) -> int:
    """How many rows of a run, of every kind, may or may not be in the portal."""
    sql = "SELECT count(*) FROM rows WHERE run_id = ? AND state IN ('sending','unsettled') AND contact_id IS NULL"
    return int(_one(database, sql, run_id)[0])


def made_rows(database: Database, run_id: int, entity: int = CONTACT) -> Iterator[list[Made]]:
    """What a run has made of one kind and no undo has done with, by row, some thousand at a time."""
    after = -1
    while page := _page(database, run_id, entity, after):
        yield page
        after = page[-1].row


def _page(database: Database, run_id: int, entity: int, after: int) -> list[Made]:
    # What is unsettled and has an id is there, and only what stands beside it is in doubt; an entry's code finds it.
    is_there = "contact_id IS NOT NULL" if entity != 2 else "(contact_id IS NOT NULL OR state = 'unsettled')"
    sql = (
        "SELECT rows.row, originator, origin_id, coalesce(images.contact_id, rows.contact_id) AS id, images.row AS changed, contact FROM rows "
        "JOIN contents USING (run_id, entity, row) LEFT JOIN before_images AS images ON rows.entity = 0 AND images.run_id = rows.run_id "
        "AND images.row = rows.row WHERE rows.run_id = ? AND rows.entity = ? AND rows.row > ? "
        f"AND ((action = 'create' AND state IN ('created','unsettled') AND {is_there.replace('contact_id', 'rows.contact_id')}) "
        f"OR (images.row IS NOT NULL AND (state NOT IN ('rejected','skipped') OR code = '{TAKEN_BACK}'))) "
        f"AND NOT {_DONE_WITH} ORDER BY rows.row LIMIT ?"
    )
    with database.reporting():
        found = database.connection.execute(sql, (run_id, entity, after, _PAGE_ROWS)).fetchall()
    return [
        Made(row["row"], "delete" if row["changed"] is None else "restore", row["id"],
             (row["originator"], row["origin_id"]) if row["originator"] is not None else None,
             json.loads(row["contact"]) if entity != CONTACT and row["contact"] else {})
        for row in found
    ]  # fmt: skip


def original(database: Database, run_id: int, row: int) -> Original:
    """What a run planned, found and sent for one of its rows."""
    sql = (
        "SELECT contact, held, sent, images.contact_id AS changed, rows.contact_id AS created, coalesce(requests.finished, requests.started) AS finished FROM rows "
        "JOIN contents USING (run_id, entity, row) LEFT JOIN requests ON requests.id = rows.request_id "
        "LEFT JOIN before_images AS images ON images.run_id = rows.run_id AND images.row = rows.row "
        "WHERE rows.run_id = ? AND rows.entity = 0 AND rows.row = ?"
    )
    found = _one(database, sql, run_id, row)
    held, sent = (json.loads(found["held"]), json.loads(found["sent"])) if found["held"] else ({}, {})
    contact_id = found["changed"] or found["created"]
    # A later run that was taken back has written to the contact last, by its undo.
    [restored] = _one(
        database,
        "SELECT max(requests.finished) FROM before_images AS images JOIN runs ON runs.id = images.run_id AND runs.undoes IS NOT NULL "
        "JOIN rows ON rows.run_id = images.run_id AND rows.entity = 0 AND rows.row = images.row JOIN requests ON requests.id = rows.request_id "
        "WHERE images.contact_id = ? AND images.run_id > ?",
        contact_id, run_id,
    )  # fmt: skip
    return Original(json.loads(found["contact"] or "{}"), held, sent, found["finished"], restored)


def later_run(database: Database, run: RunRecord, contact_id: int) -> str | None:
    """The name of the newest run after this one that changed the contact and was not taken back itself."""
    sql = (
        "SELECT runs.run FROM before_images AS images JOIN runs ON runs.id = images.run_id JOIN rows ON rows.run_id = images.run_id "
        "AND rows.entity = 0 AND rows.row = images.row WHERE images.contact_id = ? AND images.run_id > ? AND portal_host = ? "
        f"AND undoes IS NULL AND (rows.state NOT IN ('rejected','skipped') OR rows.code = '{TAKEN_BACK}') AND NOT {_DONE_WITH} ORDER BY images.run_id DESC LIMIT 1"
    )
    with database.reporting():
        found = database.connection.execute(sql, (contact_id, run.id, run.portal_host)).fetchone()
    return found[0] if found else None


def seen_by_later_runs(database: Database, run_id: int, contact_id: int) -> list[tuple[str, float | None]]:
    """(DATE_MODIFY as it was before, when the change was over) of each change of a contact by a later run or its undo, in order."""
    sql = (
        "SELECT json_extract(held, '$.DATE_MODIFY') AS seen, requests.finished AS until FROM before_images AS images "
        "JOIN rows ON rows.run_id = images.run_id AND rows.entity = 0 AND rows.row = images.row "
        "LEFT JOIN requests ON requests.id = rows.request_id WHERE images.contact_id = ? AND images.run_id > ? ORDER BY images.run_id, images.row"
    )
    with database.reporting():
        found = database.connection.execute(sql, (contact_id, run_id)).fetchall()
    return [(row["seen"], row["until"]) for row in found if row["seen"]]


def added_requisites(database: Database, run_id: int, undo_id: int) -> list[tuple[int, int]]:
    """(row, contact id) of the contacts that a run gave a requisite, and an undo has restored."""
    sql = (
        "SELECT images.row, images.contact_id FROM before_images AS images JOIN rows ON rows.run_id = ? AND rows.entity = 0 "
        "AND rows.row = images.row WHERE images.run_id = ? AND rows.state = 'restored' AND instr(held, ?) > 0 ORDER BY images.row"
    )
    with database.reporting():
        return [tuple(row) for row in database.connection.execute(sql, (undo_id, run_id, f'"{REQUISITES}"'))]


def holds_fields(database: Database, run_id: int, *names: str) -> bool:
    """True when a row of a run has one of these fields among what was sent for it."""
    sql = "SELECT EXISTS (SELECT 1 FROM contents WHERE run_id = ? AND entity = 0 AND instr(contact, ?) > 0)"
    return any(_one(database, sql, run_id, f'"{name}"')[0] for name in names)


def close_taken_back(database: Database, run: RunRecord, undo: str) -> None:
    """Ends a run in the moment it is taken back, where it was not finished: what it has not sent, it never will."""
    problem = f"Not sent: undo {undo} took the run back before this row."
    with database.transaction() as connection:
        connection.execute(f"UPDATE rows SET state = '{states.SKIPPED}', code = ?, problem = ? WHERE run_id = ? AND state = '{states.NEW}'", (TAKEN_BACK, problem, run.id))
        connection.execute(
            "UPDATE runs SET state = 'finished', stopped_by = ? WHERE id = ? AND state <> 'finished'", (f"Taken back by undo {undo}.", run.id)
        )


def _one(database: Database, sql: str, *values: object):
    with database.reporting():
        return database.connection.execute(sql, values).fetchone()
