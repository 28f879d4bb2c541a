"""`b24-import undo` as a person calls it: what it shows, asks and answers, and how its report reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from importer.cli import undo_command
from tests.cli.conftest import Said, table

B24 = Callable[..., Said]


@pytest.fixture
def imported(folder: Path, b24: B24) -> str:
    """The name of a run that created two contacts."""
    table(folder, f"{folder.name}-1;Ann;Reed;;ann@example.com;", f"{folder.name}-2;Ben;Moss;;ben@example.com;")
    said = b24("run", "c.csv", "-m", "m.yaml", "--json", "--quiet")
    assert said.code == 0, said.err
    return json.loads(said.out)["run"]


def test_without_a_terminal_it_shows_what_it_would_do_and_does_nothing(imported: str, b24: B24) -> None:
    said = b24("undo", imported)
    assert said.code == 2
    assert "delete 2 contacts that it created" in said.err
    assert "Nothing was changed: answer with --yes." in said.err
    assert len(json.loads(b24("runs", "--json").out)["runs"]) == 1


def test_a_person_is_asked_and_may_say_no(imported: str, b24: B24, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(undo_command.sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(undo_command.sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(undo_command.click, "confirm", lambda question, **_: asked.append(question) or False)
    said = b24("undo", imported)
    assert (said.code, asked) == (2, ["Go on?"])
    assert "Nothing was changed." in said.err


def test_a_dry_run_only_shows(imported: str, b24: B24) -> None:
    said = b24("undo", imported, "--dry-run")
    assert (said.code, "delete 2 contacts" in said.out) == (0, True)
    said = b24("undo", imported, "--dry-run", "--json")
    assert json.loads(said.out)["would"] == {"delete": 2, "restore": 0, "leave": {}, "companies": 0, "list_entries": 0}


def test_it_is_done_told_and_listed(imported: str, b24: B24) -> None:
    said = b24("undo", imported, "--yes")
    assert said.code == 0, said.err
    assert f"Run {imported} is taken back: 2 contacts were deleted." in said.out
    assert "2 contacts: 2 deleted" in said.out
    listed = b24("runs").out
    assert f"undo of {imported} (c.csv)" in listed and "2 deleted" in listed
    again = b24("undo", imported, "--yes")
    assert (again.code, "nothing is left to take back" in again.out) == (0, True)


def test_standard_output_is_one_object(imported: str, b24: B24) -> None:
    summary = json.loads(b24("undo", imported, "--yes", "--json").out)
    assert summary["counts"] == {"rows": 2, "deleted": 2, "restored": 0, "skipped": 0, "rejected": 0, "unsettled": 0}
    assert (summary["undoes"], summary["exit_code"]) == (imported, 0)
    assert json.loads(b24("undo", imported, "--yes", "--json").out)["would"]["delete"] == 0


def test_every_face_of_its_report_speaks_of_an_undo(imported: str, b24: B24, folder: Path) -> None:
    before = (folder / "reports" / imported / "report.html").read_text("utf-8")
    assert f"<code>b24-import undo {imported} --journal {folder}/.b24-import/journal.db</code>" in before
    said = b24("undo", imported, "--yes", "--report-dir", "back")
    assert said.code == 0, said.err
    page = (folder / "back" / "report.html").read_text("utf-8")
    assert f"Takes back run <b>{imported}</b>" in page
    assert "contacts the run had created" in page
    assert "How to undo this import" not in page
    book = load_workbook(folder / "back" / "report.xlsx")
    cells = [[cell.value for cell in row] for row in book["Summary"].iter_rows()]
    assert cells[0][0] == f"Run {imported} is taken back: 2 contacts were deleted."
    assert ["deleted", 2] in [row[:2] for row in cells]
    assert [row[2].value for row in book["Results"].iter_rows(min_row=2)] == ["deleted", "deleted"]
    b24("report", imported)
    assert "It was taken back by run" in (folder / "reports" / imported / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("undo", "nobody", "--yes"), 'there is no run "nobody"'), (("undo",), "Missing argument")],
)
def test_a_wrong_call_is_told(imported: str, b24: B24, arguments: tuple[str, ...], told: str) -> None:
    said = b24(*arguments)
    assert (said.code, told in said.err) == (2, True)


def test_another_portal_is_refused(imported: str, b24: B24, monkeypatch: pytest.MonkeyPatch, webhook: str) -> None:
    monkeypatch.setenv("B24_WEBHOOK_URL", webhook.replace("127.0.0.1", "localhost"))
    said = b24("undo", imported, "--yes")
    assert (said.code, f"run {imported} went to 127.0.0.1" in said.err) == (2, True)


def test_two_at_once_are_refused(imported: str, b24: B24, folder: Path) -> None:
    from importer.journal.lock import JournalLock

    with JournalLock(folder / ".b24-import" / "journal.db"):
        assert b24("undo", imported, "--yes").code == 5


def test_json_logs_stay_one_event_a_line(imported: str, b24: B24) -> None:
    said = b24("undo", imported, "--yes", "--log-format", "json")
    assert said.code == 0
    assert all(json.loads(line) for line in said.err.splitlines())
    assert "Reed" not in said.err and "ann@" not in said.err
