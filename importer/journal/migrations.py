"""Journals of earlier versions become this version's: one step a version, all in one transaction, after a copy was kept.

schema.sql is what a new journal is made of; a step is what makes an old one the same, which a test holds. To change the
schema: change schema.sql, add a Step, and nothing else; VERSION follows.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

# A table whose key or CHECK changes is made anew beside the old one, filled from it, and takes its name.
_COMPANIES_AND_ADDRESSES = """
CREATE TABLE new_rows (
    run_id      INTEGER NOT NULL REFERENCES runs(id),
    entity      INTEGER NOT NULL DEFAULT 0 CHECK (entity IN (0, 1)),
    row         INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN
                    ('new','sending','created','updated','skipped','rejected','unsettled')),
    originator  TEXT,
    origin_id   TEXT,
    contact_id  INTEGER,
    code        TEXT,
    column_name TEXT,
    problem     TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    request_id  INTEGER,
    PRIMARY KEY (run_id, entity, row)
) WITHOUT ROWID;
INSERT INTO new_rows SELECT run_id, 0, row, position, state, originator, origin_id, contact_id, code, column_name, problem,
    attempts, request_id FROM rows;
DROP TABLE rows;
ALTER TABLE new_rows RENAME TO rows;
CREATE INDEX rows_new ON rows (run_id, entity, position, row) WHERE state = 'new';
CREATE INDEX rows_unsettled ON rows (run_id, entity, position, row) WHERE state = 'unsettled';

CREATE TABLE new_contents (
    run_id      INTEGER NOT NULL,
    entity      INTEGER NOT NULL DEFAULT 0,
    row         INTEGER NOT NULL,
    contact     TEXT,
    address     TEXT,
    cells       TEXT NOT NULL,
    PRIMARY KEY (run_id, entity, row)
) WITHOUT ROWID;
INSERT INTO new_contents SELECT run_id, 0, row, contact, NULL, cells FROM contents;
DROP TABLE contents;
ALTER TABLE new_contents RENAME TO contents;

CREATE TABLE new_requests (
    id          INTEGER PRIMARY KEY,
    run_id      INTEGER NOT NULL,
    purpose     TEXT NOT NULL CHECK (purpose IN ('add','find','beside','read')),
    commands    INTEGER NOT NULL,
    attempt     INTEGER NOT NULL DEFAULT 1,
    started     REAL NOT NULL,
    finished    REAL,
    state       TEXT NOT NULL CHECK (state IN ('open','answered','limited','refused','lost')),
    http_status INTEGER,
    code        TEXT,
    created     INTEGER NOT NULL DEFAULT 0,
    operating_s REAL
);
INSERT INTO new_requests SELECT id, run_id, purpose, commands, attempt, started, finished, state, http_status, code, created,
    operating_s FROM requests;
DROP TABLE requests;
ALTER TABLE new_requests RENAME TO requests;
CREATE INDEX requests_by_run ON requests (run_id, started);
"""

_LIST_ENTRIES = """
CREATE TABLE new_rows (
    run_id      INTEGER NOT NULL REFERENCES runs(id),
    entity      INTEGER NOT NULL DEFAULT 0 CHECK (entity IN (0, 1, 2)),
    row         INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN
                    ('new','sending','created','updated','skipped','rejected','unsettled')),
    originator  TEXT,
    origin_id   TEXT,
    contact_id  INTEGER,
    code        TEXT,
    column_name TEXT,
    problem     TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    request_id  INTEGER,
    PRIMARY KEY (run_id, entity, row)
) WITHOUT ROWID;
INSERT INTO new_rows SELECT * FROM rows;
DROP TABLE rows;
ALTER TABLE new_rows RENAME TO rows;
CREATE INDEX rows_new ON rows (run_id, entity, position, row) WHERE state = 'new';
CREATE INDEX rows_unsettled ON rows (run_id, entity, position, row) WHERE state = 'unsettled';
"""

_MATCHING_AND_UNDO = """CREATE TABLE new_rows (
    run_id      INTEGER NOT NULL REFERENCES runs(id),
    entity      INTEGER NOT NULL DEFAULT 0 CHECK (entity IN (0, 1, 2)),
    row         INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    action      TEXT NOT NULL DEFAULT 'create' CHECK (action IN ('create','update','delete','restore')),
    state       TEXT NOT NULL CHECK (state IN
                    ('new','sending','created','updated','deleted','restored','skipped','rejected','unsettled')),
    originator  TEXT,
    origin_id   TEXT,
    contact_id  INTEGER,
    code        TEXT,
    column_name TEXT,
    problem     TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    request_id  INTEGER,
    PRIMARY KEY (run_id, entity, row)
) WITHOUT ROWID;
INSERT INTO new_rows SELECT run_id, entity, row, position, 'create', state, originator, origin_id, contact_id, code, column_name,
    problem, attempts, request_id FROM rows;
DROP TABLE rows;
ALTER TABLE new_rows RENAME TO rows;
CREATE INDEX rows_new ON rows (run_id, entity, position, row) WHERE state = 'new';
CREATE INDEX rows_unsettled ON rows (run_id, entity, position, row) WHERE state = 'unsettled';

CREATE TABLE new_contents (
    run_id      INTEGER NOT NULL,
    entity      INTEGER NOT NULL DEFAULT 0,
    row         INTEGER NOT NULL,
    contact     TEXT,
    address     TEXT,
    cells       TEXT NOT NULL,
    identity    TEXT,
    digest      TEXT,
    files       TEXT,
    PRIMARY KEY (run_id, entity, row)
) WITHOUT ROWID;
INSERT INTO new_contents SELECT run_id, entity, row, contact, address, cells, NULL, NULL, NULL FROM contents;
DROP TABLE contents;
ALTER TABLE new_contents RENAME TO contents;

CREATE TABLE before_images (
    run_id      INTEGER NOT NULL,
    row         INTEGER NOT NULL,
    contact_id  INTEGER NOT NULL,
    held        TEXT NOT NULL,
    sent        TEXT NOT NULL,
    PRIMARY KEY (run_id, row)
) WITHOUT ROWID;
CREATE INDEX before_images_by_contact ON before_images (contact_id);

CREATE TABLE known (
    portal_host     TEXT NOT NULL,
    identity        TEXT NOT NULL,
    mapping_sha256  TEXT NOT NULL,
    digest          TEXT NOT NULL,
    files           TEXT,
    contact_id      INTEGER NOT NULL,
    PRIMARY KEY (portal_host, identity)
) WITHOUT ROWID;
CREATE UNIQUE INDEX known_contact ON known (portal_host, contact_id);

ALTER TABLE runs ADD COLUMN undoes INTEGER;
"""

_ROWIDS = """
CREATE TABLE new_contents (
    run_id      INTEGER NOT NULL,
    entity      INTEGER NOT NULL DEFAULT 0,
    row         INTEGER NOT NULL,
    contact     TEXT,
    address     TEXT,
    cells       TEXT NOT NULL,
    identity    TEXT,
    digest      TEXT,
    files       TEXT,
    PRIMARY KEY (run_id, entity, row)
);
INSERT INTO new_contents SELECT run_id, entity, row, contact, address, cells, identity, digest, files FROM contents
    ORDER BY run_id, entity, row;
DROP TABLE contents;
ALTER TABLE new_contents RENAME TO contents;

CREATE TABLE new_before_images (
    run_id      INTEGER NOT NULL,
    row         INTEGER NOT NULL,
    contact_id  INTEGER NOT NULL,
    held        TEXT NOT NULL,
    sent        TEXT NOT NULL,
    PRIMARY KEY (run_id, row)
);
INSERT INTO new_before_images SELECT run_id, row, contact_id, held, sent FROM before_images ORDER BY run_id, row;
DROP TABLE before_images;
ALTER TABLE new_before_images RENAME TO before_images;
CREATE INDEX before_images_by_contact ON before_images (contact_id);
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What makes a journal of the version before it one of version `to`."""

    to: int
    #: what is new, for the person who reads of it
    told: str
    #: statements, each ended by a semicolon; run inside the migration's transaction
    sql: str


#: In order, one a version, from the first version on.
STEPS = (
    Step(2, "companies and addresses beside contacts", _COMPANIES_AND_ADDRESSES),
    Step(3, "list entries beside contacts", _LIST_ENTRIES),
    Step(4, "contacts that were there already, and a way back", _MATCHING_AND_UNDO),
    Step(5, "rows of over 1,000 bytes take a quarter of the room", _ROWIDS),
)

#: Kept in PRAGMA user_version. A journal of a newer version is refused, never guessed at.
VERSION = STEPS[-1].to


def migrate(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Makes the journal one of this version and returns where its copy as it was is kept.

    All or nothing: a death or a full disk on the way leaves the journal as it was. The journal's lock is held by the caller.
    """
    kept = _keep_copy(connection, path, version)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS:
            if step.to > version:
                for statement in statements(step.sql):
                    connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may already have rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return kept


def statements(sql: str) -> list[str]:
    """The single statements of a script: sqlite3's executescript would commit the transaction they are to be part of."""
    found, so_far = [], ""
    for line in sql.splitlines(keepends=True):
        so_far += line
        if sqlite3.complete_statement(so_far):
            found.append(so_far.strip())
            so_far = ""
    return found


def _keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copies the journal, the part still in its write-ahead log included, to a file nobody has yet."""
    nth = 1
    while (kept := path.with_name(f"{path.name}.version-{version}" + (f"-{nth}" if nth > 1 else ""))).exists():
        nth += 1
    half = kept.with_name(kept.name + ".part")
    half.unlink(missing_ok=True)
    try:
        # Customers' data, as in the journal: readable by its owner alone from the first byte.
        os.close(os.open(half, os.O_CREAT | os.O_RDWR | os.O_EXCL, 0o600))
        target = sqlite3.connect(half)
        try:
            connection.backup(target)
        finally:
            target.close()
        with half.open("r+b") as file:
            os.fsync(file.fileno())
        half.replace(kept)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    return kept
