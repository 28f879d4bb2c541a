"""Reading the journal: which runs it holds, and picking the one to go on with, to report or to take back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from importer.errors import UsageError
from importer.journal.database import Database
from importer.journal.entries import RunRecord
from importer.journal.lock import is_held
from importer.journal.rejections import Rejections

_RESUMABLE = ("ready", "running", "stopped", "interrupted")


class Runs:
    """The journal's runs, read-only; may be used while another process writes."""

    def __init__(self, database: Database) -> None:
        """Reads through an open database: a journal's own, or `Database(path, read_only=True)`."""
        self._database = database
        #: whether another process may be at work on the journal
        self._is_beside = False

    @classmethod
    def open(cls, path: Path) -> Self:
        """Those of a journal file; ImporterError when there is none."""
        reading = cls(Database(path, read_only=True))
        reading._is_beside = True
        return reading

    def rejections(self, portal_host: str) -> Rejections:
        """What runs into a portal have rejected."""
        return Rejections(self._database, portal_host)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read in the block is as of one moment, whatever another process writes meanwhile."""
        connection = self._database.connection
        if connection.in_transaction:
            yield
            return
        with self._database.reporting():
            connection.execute("BEGIN")
            try:
                yield
            finally:
                # A damaged file may already have ended it.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _query(self, sql: str, *values: object) -> list:
        with self._database.reporting():
            return self._database.connection.execute(sql, values).fetchall()

    def _stream(self, sql: str, *values: object) -> Iterator:
        with self._database.reporting():
            yield from self._database.connection.execute(sql, values)

    def runs(self) -> list[RunRecord]:
        """Every run, oldest first, but those that died while their rows were read.

        Read beside other processes, one that was killed in the middle is `interrupted`: no process is there to end it.
        """
        runs = self._runs()
        if self._is_beside and any(run.state == "running" for run in runs) and not is_held(self._database.path):
            # Once more: it may have ended between the two looks.
            runs = self._runs()
            for run in runs:
                run.state = "interrupted" if run.state == "running" else run.state
        return runs

    def _runs(self) -> list[RunRecord]:
        return [_run(row) for row in self._query("SELECT * FROM runs WHERE state <> 'planning' ORDER BY id")]

    def run(self, run_id: int) -> RunRecord:
        """The run with this id of the journal."""
        return _run(self._query("SELECT * FROM runs WHERE id = ?", run_id)[0])

    def find(self, name: str | None) -> RunRecord:
        """The run a person means: its name, an unambiguous beginning or end of it, or the latest for None.

        Raises UsageError when there is none or several.
        """
        runs = self.runs()
        if name is None:
            if not runs:
                raise UsageError(f"{self._database.path}: the journal holds no run yet.")
            return runs[-1]
        hits = [r for r in runs if r.run == name] or [r for r in runs if r.run.startswith(name) or r.run.endswith(name)]
        if len(hits) != 1:
            what = "several runs fit" if hits else "there is no run"
            raise UsageError(f'{self._database.path}: {what} "{name}". `b24-import runs` lists them.')
        return hits[0]

    def unfinished(self, name: str | None = None) -> RunRecord:
        """The run to go on with: the one named, or the latest that is not finished. UsageError when there is none."""
        if name is not None:
            run = self.find(name)
            if run.state not in _RESUMABLE:
                raise UsageError(f"run {run.run} is {run.state}: there is nothing to go on with.")
            return run
        open_runs = [run for run in self.runs() if run.state in _RESUMABLE]
        if not open_runs:
            raise UsageError(f"{self._database.path}: no run is unfinished, there is nothing to go on with.")
        return open_runs[-1]

    def unfinished_of(self, source_sha256: str, mapping_sha256: str, portal_host: str) -> RunRecord | None:
        """The latest unfinished run of the same file and mapping towards the same portal, if there is one."""
        found = self._query(
            "SELECT * FROM runs WHERE source_sha256 = ? AND mapping_sha256 = ? AND portal_host = ? AND undoes IS NULL "
            "AND state IN ('ready','running','stopped','interrupted') ORDER BY id DESC LIMIT 1",
            source_sha256, mapping_sha256, portal_host,
        )  # fmt: skip
        return _run(found[0]) if found else None

    def unfinished_at(self, source_path: str, portal_host: str) -> RunRecord | None:
        """The latest unfinished run of the file at a path towards a portal, whatever the file and its mapping were then."""
        found = self._query(
            "SELECT * FROM runs WHERE source_path = ? AND portal_host = ? AND undoes IS NULL "
            "AND state IN ('ready','running','stopped','interrupted') ORDER BY id DESC LIMIT 1",
            source_path, portal_host,
        )  # fmt: skip
        return _run(found[0]) if found else None

    def finished_of(self, source_sha256: str, mapping_sha256: str, portal_host: str) -> RunRecord | None:
        """The latest finished run of the same file and mapping towards the same portal that created contacts."""
        found = self._query(
            "SELECT * FROM runs WHERE source_sha256 = ? AND mapping_sha256 = ? AND portal_host = ? AND state = 'finished' "
            "AND EXISTS (SELECT 1 FROM rows WHERE run_id = runs.id AND entity = 0 AND state = 'created') "
            "AND id NOT IN (SELECT undoes FROM runs WHERE undoes IS NOT NULL) ORDER BY id DESC LIMIT 1",
            source_sha256, mapping_sha256, portal_host,
        )  # fmt: skip
        return _run(found[0]) if found else None

    def unfinished_undo(self, run_id: int) -> RunRecord | None:
        """The undo of a run that was begun and is not finished, if there is one."""
        found = self._query("SELECT * FROM runs WHERE undoes = ? AND state IN ('ready','running','stopped','interrupted') ORDER BY id DESC LIMIT 1", run_id)
        return _run(found[0]) if found else None

    def undos_of(self, run_id: int) -> list[RunRecord]:
        """The undos of a run that were agreed to, oldest first."""
        return [_run(row) for row in self._query("SELECT * FROM runs WHERE undoes = ? AND state <> 'planning' ORDER BY id", run_id)]

    def left_planning(self) -> list[int]:
        """Runs that died before anything was sent; nobody needs them."""
        return [row["id"] for row in self._query("SELECT id FROM runs WHERE state = 'planning'")]


def _run(row) -> RunRecord:
    names = [name for name in row.keys() if name not in ("source_header", "settings")]
    return RunRecord(
        **{name: row[name] for name in names},
        source_header=tuple(json.loads(row["source_header"])),
        settings=json.loads(row["settings"]),
    )
