"""Reading the journal: when a row of a rejects file was rejected, through all the files it came in, and what became of its neighbours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from importer.journal.database import Database
from importer.records import Rejected


@dataclass(frozen=True, slots=True)
class Generation:
    """One time at which a row was rejected."""

    run_id: int
    row: int
    code: str
    problem: str
    originator: str | None
    origin_id: str | None


class Rejections:
    """The rows that runs into one portal have rejected. What it reads of a run it keeps: a rejects file asks for row after row."""

    def __init__(self, database: Database, portal_host: str) -> None:
        self._database, self._portal_host = database, portal_host
        #: run → its contacts and their rows
        self._contacts: dict[int, dict[int, int]] = {}
        #: run over a rejects file → what that said of each row
        self._rejects: dict[int, dict[str, list]] = {}

    def _query(self, sql: str, *values: object) -> list:
        with self._database.reporting():
            return self._database.connection.execute(sql, values).fetchall()

    def generations(self, rejected: Rejected) -> list[Generation]:
        """The times at which a row of a rejects file was rejected, the last first: it may come from a file that was one itself.

        Found by number, reason and sentence; where a spreadsheet has changed the sentence, by the first two.
        """
        found: list[Generation] = []
        todo = [(rejected.row, rejected.code, rejected.problem)]
        while todo:
            row, code, problem = todo.pop()
            sql = ("SELECT run_id, originator, origin_id, problem FROM rows WHERE run_id IN (SELECT id FROM runs WHERE portal_host = ?) AND entity = 0 "
                   "AND row = ? AND state = 'rejected' AND code = ? ORDER BY run_id DESC")  # fmt: skip
            hits = self._query(sql, self._portal_host, row, code)
            for run_id, originator, origin_id, said in [hit for hit in hits if hit["problem"] == problem] or hits:
                if any((one.run_id, one.row) == (run_id, row) for one in found):
                    continue
                found.append(Generation(run_id, row, code, said or "", originator, origin_id))
                todo += [tuple(before)] if (before := self._rejects_of(run_id).get(str(row))) else []
        return found

    def taken_beside(self, generations: Sequence[Generation], contact_id: int) -> int | None:
        """The other row that was about a contact in one of the runs which rejected a row; None for none."""
        return next((other for one in generations if (other := self._contacts_of(one.run_id).get(contact_id)) not in (None, one.row)), None)

    def _rejects_of(self, run_id: int) -> dict[str, list]:
        if run_id not in self._rejects:
            self._rejects[run_id] = json.loads(self._query("SELECT settings FROM runs WHERE id = ?", run_id)[0][0]).get("rejects_of", {})
        return self._rejects[run_id]

    def _contacts_of(self, run_id: int) -> dict[int, int]:
        """Contact → the row of a run that is about it; kept, for whoever asks does so for many rows."""
        if run_id not in self._contacts:
            found = self._query("SELECT contact_id, row FROM rows WHERE run_id = ? AND entity = 0 AND state IN ('created','updated','skipped') AND contact_id IS NOT NULL", run_id)
            self._contacts[run_id] = {row[0]: row[1] for row in found}
        return self._contacts[run_id]
