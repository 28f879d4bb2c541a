"""Reading the journal: what became of a run's rows and requests, for reports, comparing and taking back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from importer.journal.entries import EntryRecord, RequestRecord, RowRecord, RunRecord, SentRow
from importer.journal.memory import Known, known_rows
from importer.journal.runs import Runs
from importer.records import STAMP

#: row, state, origin id, contact id, code, column, problem, attempts
RowOutcome = tuple[int, str, str | None, int | None, str | None, str | None, str | None, int]

# As planning makes it; what a person's own mapping says may have our name as its originator, too.
_IS_STAMP = f"(originator = '{STAMP}' AND origin_id = runs.run || ':' || rows.row)"


class History(Runs):
    """What the journal holds, read-only; may be used while another process writes."""

    def created_in(self, portal_host: str) -> Iterator[tuple[str, str, int]]:
        """(originator, origin id, contact id) of every contact that the journal's runs created in a portal and no undo has
        deleted, but for those that bear a run's stamp. Streams."""
        for row in self._stream(
            "SELECT originator, origin_id, contact_id FROM rows JOIN runs ON runs.id = rows.run_id "
            "WHERE portal_host = ? AND entity = 0 AND rows.state IN ('created', 'updated') "
            f"AND originator IS NOT NULL AND NOT {_IS_STAMP} "
            # The first of the two is looked up in a list of few; only rows of runs that were taken back need the second.
            "AND (rows.run_id NOT IN (SELECT undoes FROM runs WHERE undoes IS NOT NULL) OR NOT EXISTS (SELECT 1 FROM runs AS undo "
            "JOIN rows AS back ON back.run_id = undo.id AND back.entity = 0 AND back.row = rows.row WHERE undo.undoes = rows.run_id "
            "AND (back.state = 'deleted' OR back.code = 'gone'))) ORDER BY rows.run_id",
            portal_host,
        ):  # fmt: skip
            yield tuple(row)

    def taken_back(self, run_id: int) -> set[int]:
        """The rows of a run whose contacts an undo has deleted or restored."""
        return {row[0] for row in self._query("SELECT row FROM rows JOIN runs ON runs.id = run_id WHERE undoes = ? AND entity = 0 "
                                              "AND rows.state IN ('deleted','restored')", run_id)}  # fmt: skip

    def known_rows(self, portal_host: str, mapping_sha256: str, identities: Sequence[str]) -> dict[str, Known]:
        """Identity → what is known of the row, of those that the same mapping brought into the portal; see `memory`."""
        return known_rows(self._database, portal_host, mapping_sha256, identities)

    # -- rows of the source: companies and entries are counted and listed apart ------------------------------

    def counts(self, run_id: int) -> dict[str, int]:
        """Rows by state; a state without rows is absent."""
        found = self._query("SELECT state, count(*) AS n FROM rows WHERE run_id = ? AND entity = 0 GROUP BY state", run_id)
        return {row["state"]: row["n"] for row in found}

    def rows(self, run_id: int, states: tuple[str, ...] | None = None, *, with_cells: bool = False) -> Iterator[RowRecord]:
        """The rows of a run in source order, all or those in some states; their cells only when asked for. Streams."""
        where = "" if states is None else f" AND state IN ({','.join('?' * len(states))})"
        cells = "(SELECT cells FROM contents WHERE contents.run_id = rows.run_id AND contents.entity = rows.entity AND contents.row = rows.row)" if with_cells else "'[]'"
        for row in self._stream(
            f"SELECT row, state, origin_id, contact_id, code, column_name, problem, attempts, {cells} FROM rows "
            f"WHERE run_id = ? AND entity = 0{where} ORDER BY row", run_id, *(states or ()),
        ):  # fmt: skip
            yield RowRecord(*row[:8], cells=json.loads(row[8]) if with_cells else [])

    def outcomes(self, run_id: int) -> Iterator[RowOutcome]:
        """Every row of a run in source order, as plain tuples: a report of a million rows spends half its time on their like. Streams."""
        cursor = self._database.connection.cursor()
        cursor.row_factory = None
        with self._database.reporting():
            yield from cursor.execute(
                "SELECT row, state, origin_id, contact_id, code, column_name, problem, attempts FROM rows "
                "WHERE run_id = ? AND entity = 0 ORDER BY row", (run_id,),
            )  # fmt: skip

    def problems(self, run_id: int) -> dict[tuple[str, str], int]:
        """How many rows each problem has: (state, code) → rows, of rows that were not sent as asked."""
        found = self._query(
            "SELECT state, code, count(*) AS n FROM rows WHERE run_id = ? AND entity = 0 AND code IS NOT NULL "
            "AND state <> 'created' GROUP BY state, code ORDER BY n DESC", run_id,
        )  # fmt: skip
        return {(row["state"], row["code"]): row["n"] for row in found}

    def settled_by_sending(self, run_id: int) -> int:
        """Rows that left for the portal and whose outcome is known."""
        return self._query(
            "SELECT count(*) AS n FROM rows WHERE run_id = ? AND entity = 0 AND attempts > 0 "
            "AND state IN ('created','updated','deleted','restored','skipped','rejected')", run_id,
        )[0]["n"]  # fmt: skip

    def created_by_originator(self, run_id: int) -> list[tuple[str | None, int]]:
        """(ORIGINATOR_ID, rows) of the contacts a run created, the most frequent first; None: created without one."""
        return [tuple(row) for row in self._query(
            "SELECT originator, count(*) AS n FROM rows WHERE run_id = ? AND entity = 0 AND state = 'created' GROUP BY originator ORDER BY n DESC",
            run_id,
        )]  # fmt: skip

    def warnings(self, run_id: int) -> Iterator[tuple[int, str, str | None, str]]:
        """(row, code, column, sentence) of every warning, in source order. Streams."""
        for row in self._stream(
            "SELECT row, code, column_name, problem FROM warnings WHERE run_id = ? ORDER BY row, rowid", run_id
        ):
            yield tuple(row)

    def companies(self, run_id: int) -> Iterator[tuple[str, str, int | None, str | None]]:
        """(title, state, company id, why it was refused) of the companies a run creates for its rows, in their order. Streams."""
        for row in self._stream(
            "SELECT (SELECT json_extract(contact, '$.TITLE') FROM contents WHERE contents.run_id = rows.run_id AND contents.entity = 1 "
            "AND contents.row = rows.row), state, contact_id, problem FROM rows WHERE run_id = ? AND entity = 1 ORDER BY row", run_id,
        ):  # fmt: skip
            yield tuple(row)

    def company_counts(self, run_id: int) -> dict[str, int]:
        """The companies a run creates for its rows, by state; a state without one is absent."""
        found = self._query("SELECT state, count(*) AS n FROM rows WHERE run_id = ? AND entity = 1 GROUP BY state", run_id)
        return {row["state"]: row["n"] for row in found}

    def left_beside(self, run_id: int) -> Iterator[str]:
        """Why companies and list entries that an undo was to delete are still there. Streams."""
        for row in self._stream(
            "SELECT problem FROM rows WHERE run_id = ? AND entity > 0 AND state IN ('skipped','rejected') AND code <> 'gone' ORDER BY entity, row", run_id
        ):
            yield row["problem"]

    def entries(self, run_id: int) -> Iterator[EntryRecord]:
        """The entries of directories and lists that a run's rows need, in their order. Streams."""
        for row in self._stream(
            "SELECT originator, (SELECT contact FROM contents WHERE contents.run_id = rows.run_id AND contents.entity = 2 AND "
            "contents.row = rows.row) AS entry, origin_id, state, contact_id, problem FROM rows WHERE run_id = ? AND entity = 2 ORDER BY row", run_id,
        ):  # fmt: skip
            entry = json.loads(row["entry"])
            yield EntryRecord(row["originator"], entry["is_directory"], entry["text"], row["origin_id"], row["state"], row["contact_id"], row["problem"])

    def entry_counts(self, run_id: int) -> dict[str, int]:
        """The entries that a run's rows need, by state; a state without one is absent."""
        found = self._query("SELECT state, count(*) AS n FROM rows WHERE run_id = ? AND entity = 2 GROUP BY state", run_id)
        return {row["state"]: row["n"] for row in found}

    def originators(self, run_id: int) -> list[str]:
        """The originators of the rows that left."""
        return [r[0] for r in self._query("SELECT DISTINCT originator FROM rows WHERE run_id = ? AND entity = 0 AND action = 'create' AND originator IS NOT NULL "
                                          "AND attempts > 0 ORDER BY originator", run_id)]  # fmt: skip

    def is_stamp(self, run: RunRecord, originator: str) -> bool:
        """True where the identities of an originator are the run's own stamps, which no older contact has."""
        sql = f"SELECT 1 FROM rows JOIN runs ON runs.id = rows.run_id WHERE run_id = ? AND entity = 0 AND originator = ? AND NOT {_IS_STAMP} LIMIT 1"
        return originator == STAMP and not self._query(sql, run.id, originator)

    def rows_of(self, run_id: int, originator: str) -> int:
        """How many rows of an originator have left."""
        return self._query("SELECT count(*) FROM rows WHERE run_id = ? AND entity = 0 AND action = 'create' AND originator = ? AND attempts > 0", run_id, originator)[0][0]

    def unidentified(self, run_id: int) -> int:
        """How many rows have left without an identity by which they could be found again."""
        return self._query("SELECT count(*) FROM rows WHERE run_id = ? AND entity = 0 AND action = 'create' AND originator IS NULL AND attempts > 0", run_id)[0][0]

    def sent_rows(self, run_id: int, originator: str) -> Iterator[SentRow]:
        """The rows of an originator that left, in source order. Streams."""
        for row in self._stream(
            "SELECT rows.row, rows.state, origin_id, contact_id, requests.finished FROM rows LEFT JOIN requests "
            "ON requests.id = rows.request_id WHERE rows.run_id = ? AND entity = 0 AND action = 'create' AND originator = ? AND attempts > 0 ORDER BY rows.row",
            run_id, originator,
        ):  # fmt: skip
            yield SentRow(*row)

    def updated_rows(self, run_id: int) -> Iterator[tuple[int, int, dict[str, object]]]:
        """(row, contact id, the fields it was to have) of the rows whose contacts a run updated, in source order. Streams."""
        for row in self._stream(
            "SELECT row, contact_id, contact FROM rows JOIN contents USING (run_id, entity, row) "
            "WHERE run_id = ? AND entity = 0 AND action = 'update' AND state = 'updated' ORDER BY row", run_id,
        ):  # fmt: skip
            yield row["row"], row["contact_id"], json.loads(row["contact"])

    # -- requests -----------------------------------------------------------------------------

    def requests(self, run_id: int) -> Iterator[RequestRecord]:
        """Every request of a run in the order they left. Streams."""
        for row in self._stream(
            "SELECT purpose, commands, attempt, started, finished, state, code, created, operating_s FROM requests "
            "WHERE run_id = ? ORDER BY started, id", run_id,
        ):  # fmt: skip
            yield RequestRecord(*row)

    def request_counts(self, run_id: int) -> dict[str, int]:
        """sent: requests that left; retried: second and later sendings; limited: refused by a limit, wholly or in part; failed: refused otherwise, or lost."""
        row = self._query(
            "SELECT count(*) AS sent, coalesce(sum(attempt > 1), 0) AS retried, coalesce(sum(state = 'limited' OR (state = 'answered' AND code IS NOT NULL)), 0) AS limited, "
            "coalesce(sum(state IN ('refused','lost')), 0) AS failed FROM requests WHERE run_id = ?", run_id,
        )[0]  # fmt: skip
        return dict(row)

    def pauses(self, run_id: int) -> list[tuple[float, float, str]]:
        """(began, ended, why) of each wait that a limit imposed."""
        return [tuple(row) for row in self._query("SELECT began, ended, reason FROM pauses WHERE run_id = ? ORDER BY began", run_id)]

    def renamed_portal(self, host: str) -> str | None:
        """The address a renamed portal was last seen at, if it was."""
        found = self._query("SELECT new_base FROM renamed_portals WHERE old_host = ?", host)
        return found[0]["new_base"] if found else None
