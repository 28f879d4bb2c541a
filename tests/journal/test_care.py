"""A journal in health: damage is found after an unclean end, old runs go without a trace, what is needed stays."""

from __future__ import annotations

import os
import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest

from importer.errors import ImporterError, Interrupted
from importer.journal import database as database_module
from importer.journal.care import kept_copies, prunable, prune, size
from importer.journal.entries import COMPANY, RunRecord
from importer.journal.history import History
from importer.journal.journal import Journal
from tests.journal.conftest import NEW_RUN, Ledger, planned


def _run(run_id: int, state: str = "finished", finished: float | None = 100.0, undoes: int | None = None) -> RunRecord:
    about = {name: getattr(NEW_RUN, name) for name in NEW_RUN.__dataclass_fields__} | {"undoes": undoes}
    return RunRecord(**about, id=run_id, state=state, finished=finished)


@pytest.mark.parametrize(
    ("runs", "go"),
    [
        ([_run(1), _run(2, finished=200.0)], [1]),
        ([_run(1, "stopped"), _run(2, "interrupted"), _run(3, "running", None), _run(4, "ready", None)], []),
        ([_run(1), _run(2, undoes=1)], [1, 2]),
        ([_run(1), _run(2, finished=200.0, undoes=1)], []),
        ([_run(1), _run(2, "stopped", undoes=1)], []),
    ],
)
def test_only_what_is_finished_and_old_goes_and_nothing_that_an_undo_still_needs(runs: list[RunRecord], go: list[int]) -> None:
    assert [run.id for run in prunable(runs, before=150.0)] == go


def _finished(ledger: Ledger, *, finished: float) -> None:
    ledger.journal.end(ledger.id, "finished", finished, exit_code=0, busy_s=1.0)


def _two_runs(path: Path) -> tuple[Ledger, int]:
    """An old finished run of many rows, and an unfinished one; the id of the latter."""
    ledger = Ledger(path, (planned(row) for row in range(1, 3001)))
    _finished(ledger, finished=1000.0)
    second = ledger.journal.create_run(replace(NEW_RUN, run="260301-0000-zzzz"))
    ledger.journal.plan(second, [replace(planned(2), cells=["Kept person"])])
    ledger.journal.ready(second)
    return ledger, second


def test_a_removed_run_leaves_nothing_of_its_people_and_gives_its_room_back(path: Path) -> None:
    ledger, second = _two_runs(path)
    before = size(path)
    prune(ledger.journal.database, prunable(ledger.history.runs(), time.time()))
    assert [run.id for run in ledger.history.runs()] == [second]
    assert [row.cells for row in ledger.history.rows(second, with_cells=True)] == [["Kept person"]]
    assert size(path) < before / 5
    ledger.journal.close()
    everything = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"Kept person" in everything
    assert b"Name 17" not in everything and b"id-17" not in everything


def test_what_a_removed_run_knew_goes_whatever_else_has_its_numbers(path: Path) -> None:
    ledger, second = _two_runs(path)
    with ledger.journal.database.transaction() as connection:
        connection.execute("INSERT INTO known VALUES (?, 'anna', 'm', 'd', NULL, 5), (?, 'ben', 'm', 'd', NULL, 6)", [NEW_RUN.portal_host] * 2)
        connection.execute("UPDATE rows SET state = 'created', contact_id = 6 WHERE run_id = ?", [second])
    # A contact of another portal, and a company of the same.
    elsewhere = ledger.journal.create_run(replace(NEW_RUN, run="260302-0000-yyyy", portal_host="other.example.com"))
    ledger.journal.plan(elsewhere, [replace(planned(2, "skipped"), contact_id=5)])
    ledger.journal.plan(second, [replace(planned(9, "skipped"), contact_id=5)], COMPANY)
    prune(ledger.journal.database, prunable(ledger.history.runs(), time.time()))
    assert [row[0] for row in ledger.journal.database.connection.execute("SELECT identity FROM known")] == ["ben"]


def test_without_room_to_write_the_journal_anew_its_people_are_gone_all_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, second = _two_runs(path)

    class Full:
        """A connection to a disk that is full when the journal is written anew."""

        def __init__(self, connection: sqlite3.Connection) -> None:
            self._connection = connection

        def __getattr__(self, name: str) -> object:
            return getattr(self._connection, name)

        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            if sql == "VACUUM":
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            return self._connection.execute(sql, *values)

    ledger.journal.database.connection = Full(ledger.journal.database.connection)
    with pytest.raises(Interrupted, match="disk is full"):
        prune(ledger.journal.database, prunable(ledger.history.runs(), time.time()))
    ledger.journal.close()
    assert b"Name 17" not in b"".join(file.read_bytes() for file in path.parent.iterdir())
    with Journal(path) as journal:
        assert [run.id for run in History(journal.database).runs()] == [second]


def test_old_copies_of_the_journal_are_found_with_it(tmp_path: Path) -> None:
    for name, age in (("j.db.version-1", 50), ("j.db.version-2", 5), ("other.db.version-1", 50)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    assert [copy.name for copy in kept_copies(tmp_path / "j.db", 980)] == ["j.db.version-1"]


# -- damage -----------------------------------------------------------------------------------


def _left_open(path: Path) -> None:
    """The journal as a killed process leaves it, one of its pages damaged: far from what opening it reads."""
    ledger = Ledger(path, (planned(row) for row in range(1, 3001)))
    connection = ledger.journal.database.connection
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    page, root = (connection.execute(sql).fetchone()[0] for sql in ("PRAGMA page_size", "SELECT rootpage FROM sqlite_master WHERE name = 'contents'"))
    connection.execute("UPDATE runs SET exit_code = 3")
    log = path.with_name("journal.db-wal").read_bytes()
    ledger.journal.close()
    path.with_name("journal.db-wal").write_bytes(log)
    with path.open("r+b") as file:
        file.seek((root - 1) * page)
        file.write(b"\xff" * page)


def test_damage_is_found_when_a_journal_is_opened_after_an_unclean_end(path: Path) -> None:
    _left_open(path)
    with pytest.raises(ImporterError, match="damaged") as refused:
        Journal(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert "\n" not in str(refused.value)


def test_a_journal_that_was_closed_is_not_looked_through(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Ledger(path, [planned(1)]).journal.close()
    monkeypatch.setattr(database_module.Database, "_expect_sound", lambda self: pytest.fail("it was looked through"))
    Journal(path).close()


def test_looking_for_damage_takes_a_bounded_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Ledger(path, (planned(row) for row in range(1, 20001))).journal.close()
    monkeypatch.setattr(database_module, "_LONGEST_CHECK_S", -1.0)
    with Journal(path) as journal:
        journal.database._expect_sound()
        assert journal.database.connection.execute("SELECT count(*) FROM rows").fetchone()[0] == 20000
