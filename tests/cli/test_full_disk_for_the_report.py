"""A disk without room for the report of a run that is whole: exit 4, no report named that is not there, and mended later."""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.journal.journal import Journal
from tests.cli.conftest import table
from tests.journal.conftest import NEW_RUN


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A disk with no room for a page, until the test is over or undoes it."""

    def write(facts: object, draft: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("importer.report.writing.write_page", write)
        yield patch


def test_no_report_is_named_that_is_not_there(folder: Path, b24, full_disk: pytest.MonkeyPatch) -> None:
    said = b24("run", table(folder, "d1;Anna;;;;", "d2;Boris;;;;31.02.1980"), "-m", "m.yaml")
    assert said.code == 4
    assert "the disk is full, the report is not complete" in said.err and "The run itself is finished" in said.err
    assert "1 created, 1 rejected" in said.out and "Report:" not in said.out and "rejects.csv" not in said.out
    full_disk.undo()
    assert b24("report").code == 0


def test_an_inbox_writes_the_report_and_moves_the_file_once_there_is_room(folder: Path, b24, full_disk: pytest.MonkeyPatch) -> None:
    (folder / "inbox").mkdir()
    table(folder / "inbox", "d3;Anna;;;;")
    night = ("run", "inbox/*.csv", "-m", "m.yaml", "--move-done", "done", "--settle", "0", "--json", "--report-dir", "told")
    assert b24(*night).code == 4
    assert (folder / "inbox" / "c.csv").exists()
    full_disk.undo()
    said = b24(*night)
    [run] = json.loads(said.out)["runs"]
    assert (said.code, run["moved_to"], run["exit_code"]) == (0, "done/c.csv", 0)
    assert (folder / "told" / run["run"] / "report.html").exists()


def test_a_plan_that_a_dead_run_left_and_no_room_to_remove_it_names_no_run_to_resume(folder: Path, b24, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(folder / ".b24-import" / "journal.db") as journal:
        journal.create_run(NEW_RUN)

    def full(journal: Journal, run_id: int) -> None:
        with journal.database.reporting():
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    monkeypatch.setattr(Journal, "forget", full)
    said = b24("run", table(folder, "d4;Anna;;;;"), "-m", "m.yaml")
    assert said.code == 4
    assert "database or disk is full. Nothing was sent yet: make room, then run it again." in said.err
    assert "resume" not in said.err
