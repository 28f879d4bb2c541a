"""Opening the file, and what a wrong, foreign, damaged or full one makes of a run: a sentence and an exit code."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from importer.errors import ImporterError, Interrupted, JournalBusy
from importer.journal.database import VERSION, Database
from importer.journal.entries import Settled
from importer.journal.history import History
from importer.journal.journal import Journal
from tests.journal.conftest import NEW_RUN, Ledger, planned, request

_POSIX = pytest.mark.skipif(os.name == "nt", reason="permissions of another kind")


@_POSIX
def test_the_journal_and_what_sqlite_puts_beside_it_are_their_owners_alone(ledger: Ledger, path: Path) -> None:
    found = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert found.keys() >= {"journal.db", "journal.db-wal"}
    assert set(found.values()) == {0o600}


def test_every_commit_reaches_the_disk_before_a_request_leaves(path: Path) -> None:
    with Journal(path) as journal:
        level = journal.database.connection.execute
        assert level("PRAGMA journal_mode").fetchone()[0] == "wal"
        run_id = journal.create_run(NEW_RUN)
        journal.plan(run_id, [planned(row) for row in range(1, 5)])
        journal.ready(run_id)
        journal.start(run_id)
        for rows in ([1, 2], [3, 4]):
            request_id = journal.begin_request(run_id, request(), rows)
            assert level("PRAGMA synchronous").fetchone()[0] == 2
            # What the answer said may reach the disk with the next request where the rows can be looked up after a power cut.
            outcomes = [Settled(row, "created", row + 100) for row in rows]
            journal.end_request(run_id, request_id, request("answered"), 200, outcomes, is_awaited=rows == [3, 4])
            assert level("PRAGMA synchronous").fetchone()[0] == (2 if rows == [3, 4] else 1)
        journal.end(run_id, "finished", 3000.0, exit_code=0, busy_s=1.0)
        assert level("PRAGMA synchronous").fetchone()[0] == 2


def test_a_journal_is_opened_again_as_it_was(path: Path) -> None:
    Ledger(path, [planned(1)]).journal.close()
    with Journal(path) as journal:
        assert [run.run for run in History(journal.database).runs()] == ["260205-1718-k7mq"]


# -- files that are no journals ---------------------------------------------------------------


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (text)")


def _newer(path: Path) -> None:
    Ledger(path).journal.close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")


def _damaged(path: Path) -> None:
    ledger = Ledger(path, [planned(row) for row in range(1, 400)])
    ledger.journal.close()
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        size = file.tell()
        file.seek(4096)
        file.write(os.urandom(size - 4096))


_WRONG = {
    "a text file": (lambda path: path.write_text("Name;Phone\n" * 400), "not a journal"),
    "an empty folder of that name": (lambda path: path.mkdir(), "cannot be opened"),
    "another program's database": (_foreign, "an SQLite file of another program"),
    "a newer version's journal": (_newer, f"version {VERSION + 1}, not {VERSION}"),
    "a damaged journal": (_damaged, "damaged"),
}


@pytest.mark.parametrize("way", ["to write", "to read"])
@pytest.mark.parametrize("what", _WRONG)
def test_a_wrong_file_is_refused_in_one_line_that_names_it_and_the_way_out(path: Path, what: str, way: str) -> None:
    make, says = _WRONG[what]
    path.parent.mkdir()
    make(path)
    before = path.read_bytes() if path.is_file() else None

    def use() -> None:
        history = History.open(path) if way == "to read" else History(Journal(path).database)
        history.runs()
        list(history.rows(1))

    if what == "an empty folder of that name" and way == "to read":
        says = "no journal here yet"
    with pytest.raises(ImporterError, match=says) as caught:
        use()
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "--journal" in message
    assert "\n" not in message
    assert caught.value.exit_code == 2
    if before is not None and what != "a damaged journal":
        assert path.read_bytes() == before


def test_reading_a_journal_that_is_not_there_makes_none(path: Path) -> None:
    with pytest.raises(ImporterError, match="no journal here yet"):
        History.open(path)
    assert not path.parent.exists()


def test_reading_an_empty_file_says_so(tmp_path: Path) -> None:
    empty = tmp_path / "journal.db"
    empty.touch()
    with pytest.raises(ImporterError, match="empty"):
        History.open(empty)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ImporterError, match="cannot be opened"):
        Journal(tmp_path / "file" / "journal.db")


# Root may write anywhere, so the child becomes nobody once it has imported what it needs.
_AS_NOBODY = """
import os, sys
from pathlib import Path
from importer.errors import ImporterError
from importer.journal.database import Database
os.geteuid() or os.setuid(65534)
try:
    Database(Path(sys.argv[1]), read_only=sys.argv[2] == "read")
except ImporterError as error:
    print(type(error).__name__, error)
"""


@_POSIX
@pytest.mark.parametrize("way", ["read", "write"])
def test_a_journal_that_may_not_be_touched_is_a_sentence_not_a_trace(path: Path, way: str) -> None:
    Ledger(path).journal.close()
    path.chmod(0o400)
    path.parent.chmod(0o500)
    child = subprocess.run([sys.executable, "-c", _AS_NOBODY, str(path), way], capture_output=True, text=True, check=False)
    assert child.stderr == ""
    # Who owns the file may still read it.
    assert child.stdout.startswith("ImporterError") or (way == "read" and child.stdout == "")


# -- a disk that is full, a file that is held -------------------------------------------------


def _fill(ledger: Ledger) -> None:
    for row in range(1, 2001):
        request_id = ledger.take(row)
        ledger.journal.end_request(ledger.id, request_id, request("answered"), 200, [Settled(row, "created", row)])


def test_a_full_disk_interrupts_and_what_was_written_before_stands(path: Path) -> None:
    ledger = Ledger(path, (planned(row) for row in range(1, 2001)))
    connection = ledger.journal.database.connection
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0] + 3}")
    with pytest.raises(Interrupted, match="disk is full") as caught:
        _fill(ledger)
    assert caught.value.exit_code == 4
    assert "b24-import resume" in str(caught.value)
    _expect_sound(ledger.history, ledger.id)


_UNDER_A_LIMIT = """
import resource, sys
from pathlib import Path
from importer.errors import Interrupted
from importer.journal.history import History
from tests.journal.conftest import Ledger, planned
from tests.journal.test_database import _fill
ledger = Ledger(Path(sys.argv[1]), (planned(row) for row in range(1, 2001)))
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
try:
    _fill(ledger)
except Interrupted as error:
    print("Interrupted", error.exit_code)
"""


@_POSIX
def test_a_file_that_may_grow_no_more_interrupts_and_resume_finds_every_row(path: Path) -> None:
    """A quota, in a process of its own, which then ends without tidying up."""
    child = subprocess.run([sys.executable, "-c", _UNDER_A_LIMIT, str(path)], capture_output=True, text=True, check=False)
    assert (child.stdout, child.stderr) == ("Interrupted 4\n", "")
    with Journal(path) as journal:
        journal.recover(1)
        _expect_sound(History(journal.database), 1)


def _expect_sound(history: History, run_id: int) -> None:
    counts = history.counts(run_id)
    assert sum(counts.values()) == 2000
    assert 0 < counts["created"] < 2000
    assert counts.get("sending", 0) + counts.get("unsettled", 0) <= 1
    assert history._database.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


@pytest.mark.parametrize("use", [lambda ledger: ledger.take(1), lambda ledger: ledger.journal.recover(ledger.id)])
def test_a_journal_held_by_another_program_stops_in_good_order(ledger: Ledger, path: Path, use: Callable[[Ledger], object]) -> None:
    ledger.journal.database.connection.execute("PRAGMA busy_timeout = 1")
    viewer = sqlite3.connect(path, isolation_level=None)
    viewer.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalBusy, match="another program holds the journal"):
        use(ledger)
    viewer.execute("ROLLBACK")
    viewer.close()
    assert ledger.take(1)


def test_a_history_is_read_while_a_run_writes(ledger: Ledger, path: Path) -> None:
    history = History.open(path)
    with history.snapshot():
        assert history.counts(ledger.id) == {"new": 5}
        ledger.take(1, 2)
        assert history.counts(ledger.id) == {"new": 5}
    assert history.counts(ledger.id) == {"new": 3, "sending": 2}
    history.close()


def test_a_bug_in_a_statement_is_not_taken_for_a_full_disk(ledger: Ledger) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), ledger.journal.database.transaction() as connection:
        connection.execute("UPDATE nowhere SET x = 1")
    assert ledger.take(1)


def test_a_transaction_that_raises_leaves_nothing(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.journal.database.transaction() as connection:
        connection.execute("DELETE FROM rows")
        raise ZeroDivisionError
    assert len(ledger.states()) == 5


def test_a_database_that_could_not_be_opened_is_not_left_open(path: Path, recwarn: pytest.WarningsRecorder) -> None:
    path.parent.mkdir()
    _foreign(path)
    with pytest.raises(ImporterError):
        Database(path)
    path.unlink()
    assert not list(path.parent.glob("journal.db-*"))
