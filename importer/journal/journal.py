"""Writing the journal: one method a move, one transaction each. Reading it back is in runs.py and history.py.

The order that must hold everywhere: the journal first, then the call. A death between the two leaves rows
`sending`, which `recover` turns into `unsettled`, which are looked up in the portal before anything is sent.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from pydantic_core import from_json

from importer.journal import many_rows, states
from importer.journal.database import Database
from importer.journal.entries import CONTACT, NewRun, PlannedRow, QueuedRow, RequestRecord, Settled
from importer.journal.many_rows import json_text
from importer.journal.planned_rows import WARNING, PlannedChunk
from importer.journal.states import StateError
from importer.records import RowProblem

_PLAN_CHUNK = 2000


class Journal:
    """The journal open for writing. Hold a JournalLock while using it; not shared between threads."""

    def __init__(self, path: Path) -> None:
        """Opens the file, making it (readable by its owner alone) when it is not there."""
        self.path = path
        self.database = Database(path)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self.database.close()

    # -- runs ---------------------------------------------------------------------------------

    def create_run(self, new: NewRun) -> int:
        """The id of a new run in state `planning`."""
        with self.database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO runs (run, state, started, source_path, source_sha256, source_sheet, source_header, mapping_path, "
                "mapping_name, mapping_sha256, portal_host, portal_user, card_url, settings, report_dir, undoes) "
                "VALUES (?, 'planning', ?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (new.run, new.started, new.source_path, new.source_sha256, new.source_sheet, json_text(new.source_header),
                 new.mapping_path, new.mapping_name, new.mapping_sha256, new.portal_host, new.portal_user, new.card_url,
                 json_text(new.settings), new.report_dir, new.undoes),
            )  # fmt: skip
            return int(cursor.lastrowid or 0)

    def plan(self, run_id: int, rows: Iterable[PlannedRow], entity: int = CONTACT) -> None:
        """Journals the rows of a run before anything is sent. Streams: memory stays flat in their number."""
        rows = iter(rows)
        while chunk := PlannedChunk(islice(rows, _PLAN_CHUNK)):
            with self.database.transaction() as connection:
                chunk.write(connection, run_id, entity)

    def ready(self, run_id: int, settings: dict[str, object] | None = None) -> None:
        """Every row of the run is journaled; `settings` are the run's from now on, where given."""
        with self.database.transaction() as connection:
            self._move_run(connection, run_id, "ready", ("planning",))
            if settings is not None:
                connection.execute("UPDATE runs SET settings = ? WHERE id = ?", (json_text(settings), run_id))
        # All rows of the run were written just now, and sending reads them back: from the database file that takes less than
        # from its log. A disk too full for that is told by the next thing that must be written.
        with suppress(sqlite3.OperationalError):
            self.database.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def start(self, run_id: int, *, last_id_before: int | None = None) -> None:
        """Calls may leave from now on. The newest contact id is remembered once, at the first start."""
        with self.database.transaction() as connection:
            self._move_run(connection, run_id, "running", ("ready", "running", "stopped", "interrupted"))
            connection.execute("UPDATE runs SET last_id_before = coalesce(last_id_before, ?), exit_code = NULL, "
                               "stopped_by = NULL WHERE id = ?", (last_id_before, run_id))  # fmt: skip

    def end(self, run_id: int, state: str, finished: float, *, exit_code: int, busy_s: float, stopped_by: str | None = None) -> None:
        """The run is `finished`, or `stopped` or `interrupted` and resumable; `busy_s` is added to its time."""
        with self.database.transaction() as connection:
            self._move_run(connection, run_id, state, ("ready", "running"))
            connection.execute(
                "UPDATE runs SET finished = ?, exit_code = ?, stopped_by = ?, busy_s = busy_s + ? WHERE id = ?",
                (finished, exit_code, stopped_by, busy_s, run_id),
            )

    def set_exit_code(self, run_id: int, exit_code: int) -> None:
        """Notes the exit code of a run that has ended."""
        with self.database.transaction() as connection:
            connection.execute("UPDATE runs SET exit_code = ? WHERE id = ?", (exit_code, run_id))

    def forget(self, run_id: int) -> None:
        """Removes a run of which nothing was sent: one that died, or was refused, while it was planned."""
        with self.database.transaction() as connection:
            self._expect_run(connection, run_id, ("planning", "ready"), "forgotten")
            for table in ("warnings", "requests", "pauses", "before_images", "contents", "rows"):
                connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (run_id,))
            connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))

    def _move_run(self, connection, run_id: int, state: str, sources: tuple[str, ...]) -> None:
        self._expect_run(connection, run_id, sources, state)
        connection.execute("UPDATE runs SET state = ? WHERE id = ?", (state, run_id))

    def _expect_run(self, connection, run_id: int, sources: tuple[str, ...], target: str) -> None:
        found = connection.execute("SELECT state FROM runs WHERE id = ?", (run_id,)).fetchone()
        if found is None or found["state"] not in sources:
            raise StateError(f"run {run_id} is {found and found['state']}, it cannot be {target}")

    # -- rows and requests --------------------------------------------------------------------

    def queued(self, run_id: int, limit: int, after: tuple[int, int] | None = None, entity: int = CONTACT,
               action: str = "create") -> list[QueuedRow]:  # fmt: skip
        """Up to `limit` rows still to be sent, in the order of sending, past the (position, row) `after`."""
        return self._rows((run_id, entity, action), states.NEW, limit, after)

    def unsettled(self, run_id: int, entity: int = CONTACT, action: str = "create") -> list[QueuedRow]:
        """Rows that may or may not be in the portal, with when they were sent last: some batches at the most.

        Of a row with an address, that is when any address was sent last: nothing tells whose it was.
        """
        rows = self._rows((run_id, entity, action), states.UNSETTLED, -1, None)
        if any(row.address for row in rows):
            with self.database.reporting():
                sql = "SELECT max(started) FROM requests WHERE run_id = ? AND purpose = 'beside'"
                [beside] = self.database.connection.execute(sql, (run_id,)).fetchone()
            for row in rows:
                if row.address and beside is not None:
                    row.last_sent = max(row.last_sent or beside, beside)
        return rows

    def _rows(self, whose: tuple[int, int, str], state: str, limit: int, after: tuple[int, int] | None) -> list[QueuedRow]:
        position, row = after or (-(1 << 62), 0)
        with self.database.reporting():
            found = self.database.connection.execute(
                # As bytes: decoding a text only to have it parsed costs a tenth of reading a row.
                "SELECT rows.row, position, CAST(contact AS BLOB), originator, origin_id, attempts, requests.started, address, contact_id FROM rows "
                "JOIN contents ON contents.run_id = rows.run_id AND contents.entity = rows.entity AND contents.row = rows.row "
                "LEFT JOIN requests ON requests.id = rows.request_id "
                # The state stands in the text: bound to a parameter it would keep SQLite from the index of just these rows.
                f"WHERE rows.run_id = ? AND rows.entity = ? AND action = ? AND rows.state = '{state}' AND (position, rows.row) > (?, ?) "
                "ORDER BY position, rows.row LIMIT ?",
                (*whose, position, row, limit),
            ).fetchall()
        return [
            QueuedRow(row, position, contact, (originator, origin_id) if originator is not None else None, attempts, sent,
                      from_json(address) if address else {}, contact_id)
            for row, position, contact, originator, origin_id, attempts, sent, address, contact_id in found
        ]  # fmt: skip

    def taken(self, run_id: int, ids: Iterable[int], entity: int = CONTACT) -> set[int]:
        """Those of these ids that rows of the run have become already."""
        with self.database.reporting():
            sql = "SELECT 1 FROM rows WHERE run_id = ? AND entity = ? AND contact_id = ? LIMIT 1"
            return {number for number in ids if self.database.connection.execute(sql, (run_id, entity, number)).fetchone()}

    def begin_request(self, run_id: int, request: RequestRecord, rows: Sequence[int] = (), entity: int = CONTACT) -> int:
        """Notes a request that is about to leave, and the rows it carries as `sending`; its id."""
        with self.database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO requests (run_id, purpose, commands, attempt, started, state) VALUES (?,?,?,?,?,'open')",
                (run_id, request.purpose, request.commands, request.attempt, request.started),
            )
            request_id = int(cursor.lastrowid or 0)
            if rows and (taken := many_rows.take(connection, request_id, (run_id, entity), rows)) != len(rows):
                raise StateError(f"{taken} of {len(rows)} rows were new when they were taken")
            return request_id

    def end_request(self, run_id: int, request_id: int, request: RequestRecord, http_status: int | None,
                    outcomes: Sequence[Settled] = (), entity: int = CONTACT, *, is_awaited: bool = True) -> None:  # fmt: skip
        """Completes a request and, in the same transaction, says what became of its rows.

        With `is_awaited` False the disk may have it with the next request: after a power cut before that the rows are
        `sending`, and looked up in the portal as after any death.
        """
        with self.database.transaction(is_awaited=is_awaited) as connection:
            connection.execute(
                "UPDATE requests SET finished = ?, state = ?, http_status = ?, code = ?, created = ?, operating_s = ? WHERE id = ?",
                (request.finished, request.state, http_status, request.code, request.created, request.operating_s, request_id),
            )
            self._settle(connection, (run_id, entity), outcomes)

    def note_request(self, run_id: int, request: RequestRecord, http_status: int | None) -> None:
        """Notes a request that was sent before the run had a name: the look at the portal."""
        with self.database.transaction() as connection:
            connection.execute(
                "INSERT INTO requests (run_id, purpose, commands, attempt, started, finished, state, http_status, code) "
                "VALUES (?,?,?,?,?,?,?,?,?)",
                (run_id, request.purpose, request.commands, request.attempt, request.started, request.finished,
                 request.state, http_status, request.code),
            )  # fmt: skip

    def settle(self, run_id: int, outcomes: Sequence[Settled], entity: int = CONTACT) -> None:
        """Says what became of rows, outside a request that carried them."""
        with self.database.transaction() as connection:
            self._settle(connection, (run_id, entity), outcomes)

    def warn(self, run_id: int, warnings: Sequence[tuple[int, RowProblem]]) -> None:
        """Notes (row, what its person should know) of rows that are settled already; what was noted before is not noted again."""
        with self.database.transaction() as connection:
            connection.executemany(
                "INSERT INTO warnings (run_id, row, code, column_name, problem) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS "
                "(SELECT 1 FROM warnings WHERE run_id = ?1 AND row = ?2 AND code = ?3 AND problem = ?5)",
                [(run_id, row, warning.code, warning.column, warning.problem) for row, warning in warnings],
            )

    def _settle(self, connection, whose: tuple[int, int], outcomes: Sequence[Settled]) -> None:
        plain: dict[str, tuple[list[int], list[int | None]]] = {}
        explained: dict[str, list[tuple[object, ...]]] = {}
        for outcome in outcomes:
            if (problem := outcome.problem) is None:
                rows, ids = plain.setdefault(outcome.state, ([], []))
                rows.append(outcome.row)
                ids.append(outcome.contact_id)
            else:
                said = (problem.code, problem.column, problem.problem)
                explained.setdefault(outcome.state, []).append((outcome.contact_id, *said, *whose, outcome.row))
        for state, (rows, ids) in plain.items():
            _expect(state, len(rows), many_rows.settle(connection, state, whose, rows, ids))
        for state, settled in explained.items():
            _expect(state, len(settled), connection.executemany(many_rows.settling_with_problem(state), settled).rowcount)
        warnings = [(o.row, o.warning.code, o.warning.column, o.warning.problem) for o in outcomes if o.warning]
        many_rows.insert(connection, "warnings", WARNING, warnings, {"run_id": whose[0]})

    def note_pause(self, run_id: int, began: float, ended: float, reason: str) -> None:
        """Notes a wait that the portal's limits imposed, for the picture of throughput."""
        with self.database.transaction() as connection:
            connection.execute("INSERT INTO pauses VALUES (?,?,?,?)", (run_id, began, ended, reason))

    def recover(self, run_id: int) -> int:
        """After a death: requests without an answer are lost, rows that were leaving are unsettled; how many rows."""
        with self.database.transaction() as connection:
            connection.execute("UPDATE requests SET state = 'lost' WHERE run_id = ? AND state = 'open'", (run_id,))
            return connection.execute(
                "UPDATE rows SET state = 'unsettled' WHERE run_id = ? AND state = 'sending'", (run_id,)
            ).rowcount

    # -- portals ------------------------------------------------------------------------------

    def remember_renamed(self, old_host: str, new_base: str, seen: float) -> None:
        """The portal at `old_host` answers at `new_base` from now on."""
        with self.database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO renamed_portals VALUES (?,?,?)", (old_host, new_base, seen))


def _expect(state: str, wanted: int, moved: int) -> None:
    if moved != wanted:
        raise StateError(f"of {wanted} rows only {moved} could become {state}")
