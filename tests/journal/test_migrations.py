"""A journal of an earlier version goes on with this one: nothing in it is lost, whatever happens on the way."""

from __future__ import annotations

import re
import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest

from importer.errors import ImporterError, Interrupted, JournalBusy
from importer.journal import migrations
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.journal.lock import JournalLock
from importer.journal.migrations import STEPS, VERSION

_VERSION_1 = Path(__file__).with_name("version_1.sql").read_text(encoding="utf-8")


@pytest.fixture
def old(path: Path) -> Path:
    """A journal of the first version, with a run that died in the middle."""
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.executescript(_VERSION_1)
    connection.close()
    path.chmod(0o600)
    return path


def _shape(connection: sqlite3.Connection) -> dict[str, str]:
    """Every table and index as it was declared, but for comments, blanks and quotes."""
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: re.sub(r'[\s"]', "", re.sub(r"--.*", "", sql)) for name, sql in found}


def test_an_old_journal_becomes_what_a_new_one_is(old: Path) -> None:
    fresh = sqlite3.connect(":memory:")
    fresh.executescript(files("importer.journal").joinpath("schema.sql").read_text(encoding="utf-8"))
    with Journal(old) as journal:
        assert _shape(journal.database.connection) == _shape(fresh)
        assert journal.database.connection.execute("PRAGMA user_version").fetchone()[0] == VERSION


def test_every_version_has_its_step() -> None:
    assert [step.to for step in STEPS] == list(range(2, VERSION + 1))


def test_its_run_goes_on_where_it_was(old: Path) -> None:
    with Journal(old) as journal:
        history = History(journal.database)
        assert history.unfinished().run == "260101-0300-old1"
        assert journal.recover(1) == 1
        assert [row.row for row in journal.unsettled(1)] == [3]
        assert history.counts(1) == {"created": 1, "unsettled": 1, "new": 1, "rejected": 1}
        assert [row.cells for row in history.rows(1, with_cells=True)] == [["Row 2"], ["Row 3"], ["Row 4"], ["Row 5"]]
        assert [r.purpose for r in history.requests(1)] == ["add", "add"]
        assert [code for _row, code, _column, _sentence in history.warnings(1)] == ["phone_guess"]


def test_what_version_4_kept_of_contacts_and_of_what_they_held_stays(old: Path) -> None:
    connection = sqlite3.connect(old)
    for step in STEPS:
        if step.to <= 4:
            connection.executescript(step.sql)
    connection.execute("UPDATE contents SET address = '{}', identity = 'i', digest = 'd', files = '{\"PHOTO\":\"p\"}' WHERE row = 3")
    connection.executemany("INSERT INTO before_images VALUES (1, ?, ?, ?, ?)", [(4, 44, '{"NAME":"Ann"}', '{"NAME":"Anna"}'), (2, 22, "{}", "{}")])
    connection.execute("PRAGMA user_version = 4")
    connection.commit()
    tables = ("contents", "before_images")
    there = {table: connection.execute(f"SELECT * FROM {table} ORDER BY run_id, row").fetchall() for table in tables}
    connection.close()
    with Journal(old) as journal:
        assert {table: list(map(tuple, journal.database.connection.execute(f"SELECT * FROM {table} ORDER BY run_id, row"))) for table in tables} == there
    assert len(there["contents"]) == 4


def test_a_copy_of_it_is_kept_as_it_was_and_said(old: Path) -> None:
    with Journal(old) as journal:
        [said] = journal.database.notes
    kept = old.with_name("journal.db.version-1")
    assert kept.name in said
    assert kept.stat().st_mode & 0o777 == 0o600
    connection = sqlite3.connect(kept)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
    assert connection.execute("SELECT state FROM rows ORDER BY row").fetchall() == [("created",), ("sending",), ("new",), ("rejected",)]
    connection.close()
    with Journal(old) as journal:
        assert journal.database.notes == []
    assert len(list(old.parent.glob("journal.db.version-*"))) == 1


def test_a_copy_that_is_there_is_never_written_over(old: Path) -> None:
    old.with_name("journal.db.version-1").write_text("somebody's", encoding="utf-8")
    Journal(old).close()
    assert old.with_name("journal.db.version-1").read_text(encoding="utf-8") == "somebody's"
    assert old.with_name("journal.db.version-1-2").is_file()


def test_reading_an_old_journal_brings_it_here_too(old: Path) -> None:
    history = History.open(old)
    assert [run.run for run in history.runs()] == ["260101-0300-old1"]
    history.close()


def test_an_old_journal_in_use_is_not_touched(old: Path) -> None:
    before = old.read_bytes()
    with JournalLock(old), pytest.raises(JournalBusy):
        History.open(old)
    assert old.read_bytes() == before


@pytest.mark.parametrize("broken_by", ["a death", "a full disk"])
def test_a_migration_that_breaks_leaves_the_journal_as_it_was(old: Path, broken_by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if broken_by == "a death":
        # Inside the transaction, after the tables were replaced.
        real = migrations.statements
        monkeypatch.setattr(migrations, "statements", lambda sql: [*real(sql), "SELECT die()"])
        with pytest.raises(sqlite3.OperationalError, match="die"):
            Journal(old)
    else:
        real_migrate = migrations.migrate

        def on_a_full_disk(connection: sqlite3.Connection, path: Path, version: int) -> Path:
            connection.execute("PRAGMA max_page_count = 1")
            return real_migrate(connection, path, version)

        monkeypatch.setattr("importer.journal.database.migrate", on_a_full_disk)
        with pytest.raises(Interrupted, match="disk is full"):
            Journal(old)
    monkeypatch.undo()
    with sqlite3.connect(old) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
        assert connection.execute("SELECT count(*) FROM rows").fetchone()[0] == 4
    connection.close()
    with Journal(old) as journal:
        assert sum(History(journal.database).counts(1).values()) == 4
    assert not list(old.parent.glob("*.part"))


def test_another_programs_file_of_version_1_is_refused_untouched(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.executescript("CREATE TABLE notes (text); PRAGMA user_version = 1;")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ImporterError, match="an SQLite file of another program"):
        Journal(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["journal.db"]
