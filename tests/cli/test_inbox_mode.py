"""`run` over an inbox, as a scheduler calls it: each file a run, moved when it is finished, never taken twice or half."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from importer.journal.lock import JournalLock
from tests.cli.conftest import MAPPING, Said, table
from tests.cli.test_run import _portal


@pytest.fixture
def night(folder: Path, b24, request: pytest.FixtureRequest):
    """Calls `run 'inbox/*.csv'` as at night; each test's contacts have an identity of their own."""
    (folder / "m.yaml").write_text(MAPPING.replace("legacy", request.node.originalname[:100]), encoding="utf-8")
    (folder / "inbox").mkdir()

    def call(*more: str) -> Said:
        return b24("run", "inbox/*.csv", "-m", "m.yaml", "--move-done", "done", "--move-failed", "failed", "--settle", "0", "--json", *more)

    return call


def _deliver(folder: Path, name: str, *lines: str) -> str:
    return table(folder / "inbox", *lines, name=name)


def _objects(said: Said) -> list[tuple[str, str | None, int]]:
    runs = json.loads(said.out)["runs"]
    return [(Path(run["file"]).name, run["moved_to"], run["exit_code"]) for run in runs]


def test_files_are_taken_by_name_each_as_a_run_and_moved_where_they_belong(folder: Path, night) -> None:
    _deliver(folder, "3-rejects.csv", "c1;;;;;", "c2;Olga;;;;")
    _deliver(folder, "1-good.csv", "a1;Anna;;;;")
    (folder / "inbox" / "2-broken.csv").write_text("Something;else\n1;2\n", encoding="utf-8")
    (folder / "inbox" / "4-half.csv.part").write_text("Id;First", encoding="utf-8")
    said = night()
    assert said.code == json.loads(said.out)["exit_code"] == 2
    assert _objects(said) == [("1-good.csv", "done/1-good.csv", 0), ("2-broken.csv", "failed/2-broken.csv", 2), ("3-rejects.csv", "done/3-rejects.csv", 1)]
    assert os.listdir("inbox") == ["4-half.csv.part"]
    assert len(os.listdir("reports")) == 2


def test_an_inbox_logged_to_standard_error_is_one_json_event_a_line(folder: Path, night) -> None:
    _deliver(folder, "a.csv", "l1;Anna;;;;")
    events = [json.loads(line) for line in night("--log-format", "json").err.splitlines()]
    assert [event["to"] for event in events if event["event"] == "moved"] == ["done/a.csv"]


def test_an_empty_inbox_is_no_mistake_and_says_so(folder: Path, night) -> None:
    said = night()
    assert (said.code, json.loads(said.out)) == (0, {"exit_code": 0, "runs": [], "waiting": {}})
    assert "no file is there, nothing to do" in said.err


def test_the_same_name_every_night_never_overwrites_the_night_before(folder: Path, night, b24) -> None:
    for number in range(3):
        _deliver(folder, "clients.csv", f"n{number};Anna;;;;")
        assert night("--report-dir", "told").code == 0
    runs = [run["run"] for run in json.loads(b24("runs", "--json").out)["runs"]]
    assert sorted(os.listdir("done")) == sorted(["clients.csv", f"clients.{runs[1]}.csv", f"clients.{runs[2]}.csv"])
    assert sorted(os.listdir("told")) == sorted(runs)


def test_a_file_whose_run_died_before_it_was_moved_is_only_moved(folder: Path, night, b24, webhook: str) -> None:
    (folder / "m.yaml").write_text(MAPPING.replace("origin: {originator: legacy, id: [Id]}\n", ""), encoding="utf-8")
    _deliver(folder, "c.csv", "x1;Zoe Only Moved;;;;", "x2;;;;;")
    # What a call leaves that dies between the end of its run and the move.
    assert b24("run", "inbox/c.csv", "-m", "m.yaml", "--report-dir", "out").code == 1
    (folder / "out" / "summary.json").unlink()
    said = night()
    assert "has imported it and ended before it was moved" in said.err
    assert (said.code, _objects(said)) == (1, [("c.csv", "done/c.csv", 1)])
    assert len(json.loads(b24("runs", "--json").out)["runs"]) == 1
    assert (folder / "out" / "summary.json").is_file()
    # The same content delivered anew is another delivery, not the one of before.
    path = folder / "inbox" / "c.csv"
    path.write_bytes((folder / "done" / "c.csv").read_bytes())
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert json.loads(night().out)["runs"][0]["counts"]["created"] == 1


@pytest.mark.parametrize("state", ["finished", "stopped"])
def test_a_run_that_was_taken_back_is_no_reason_to_pass_its_file_over(folder: Path, night, b24, state: str) -> None:
    _deliver(folder, "c.csv", f"back{state};Anna;;;;")
    assert b24("run", "inbox/c.csv", "-m", "m.yaml").code == 0
    with sqlite3.connect(folder / ".b24-import" / "journal.db") as connection:
        connection.execute("CREATE TEMP TABLE undo AS SELECT * FROM runs")
        connection.execute("UPDATE undo SET id = 2, run = 'undo-1', undoes = 1, state = ?", (state,))
        connection.execute("INSERT INTO runs SELECT * FROM undo")
    connection.close()
    said = night()
    assert "ended before it was moved" not in said.err
    assert [(run["state"], run["moved_to"]) for run in json.loads(said.out)["runs"]] == [("finished", "done/c.csv")]


def test_after_a_trial_the_whole_file_is_still_to_do(folder: Path, night, b24) -> None:
    _deliver(folder, "c.csv", "t1;Anna;;;;", "t2;Olga;;;;")
    assert b24("run", "inbox/c.csv", "-m", "m.yaml", "--limit", "1").code == 0
    [run] = json.loads(night().out)["runs"]
    assert (run["counts"]["created"], run["counts"]["skipped"], run["moved_to"]) == (1, 1, "done/c.csv")


def test_a_portal_that_refuses_leaves_every_file_where_it_is_and_the_next_call_goes_on_there(folder: Path, night, webhook: str, b24) -> None:
    _deliver(folder, "a.csv", *[f"stop{n};Anna;;;;" for n in range(9)])
    _deliver(folder, "b.csv", "later;Olga;;;;")
    _portal(webhook, "faults", [{"when": {"row": "stop3", "times": 1}, "do": {"status": 503, "code": "OVERLOAD_LIMIT", "text": "stop"}}])
    assert night().code == 3
    assert sorted(os.listdir("inbox")) == ["a.csv", "b.csv"]
    # Overnight the other program has put its next file in the place of the one that was not finished.
    _deliver(folder, "a.csv", "next;Ida;;;;")
    said = night()
    assert said.code == 0, said.err
    first, *others = json.loads(said.out)["runs"]
    assert (first["counts"]["rows"], first["counts"]["created"], first["moved_to"]) == (9, 9, None)
    assert [(Path(run["file"]).name, run["counts"]["created"], run["moved_to"]) for run in others] == [("a.csv", 1, "done/a.csv"), ("b.csv", 1, "done/b.csv")]
    assert len(json.loads(b24("runs", "--json").out)["runs"]) == 3


def test_a_guard_rail_puts_the_file_among_the_failed(folder: Path, night) -> None:
    _deliver(folder, "a.csv", "g1;Anna;;;;")
    _deliver(folder, "b.csv", "g2;Anna;;;;")
    said = night("--min-rows", "100")
    assert [moved for _, moved, _ in _objects(said)] == ["failed/a.csv", "failed/b.csv"]
    assert said.code == 2


@pytest.mark.parametrize("what", ["no portal", "a wrong mapping", "a trial", "a folder that is the inbox", "a folder above it", "a folder for files", "a folder that cannot be"])
def test_what_is_not_the_files_fault_moves_no_file(folder: Path, night, b24, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.csv", "b.csv"):
        _deliver(folder, name, "p1;Anna;;;;")
    more = {"a trial": ["--limit", "1"], "a folder that is the inbox": ["--move-done", "inbox"], "a folder above it": ["--move-done", "."], "a folder for files": ["inbox"], "a folder that cannot be": ["--move-done", "m.yaml/x"]}
    if what == "no portal":
        monkeypatch.delenv("B24_WEBHOOK_URL")
    elif what == "a wrong mapping":
        (folder / "m.yaml").write_text("version: 1\nfields: {NAMEE: First name}\nfieldz: 1\n", encoding="utf-8")
    assert night(*more.get(what, [])).code == 2
    assert sorted(os.listdir("inbox")) == ["a.csv", "b.csv"]


def test_two_calls_at_once_are_one(folder: Path, night) -> None:
    _deliver(folder, "a.csv", "w1;Anna;;;;")
    (folder / ".b24-import").mkdir()
    with JournalLock(folder / ".b24-import" / "journal.db"):
        assert night().code == 5
    assert os.listdir("inbox") == ["a.csv"]


def test_a_file_written_to_while_it_is_read_waits_and_nothing_of_it_is_sent(folder: Path, night, b24, monkeypatch: pytest.MonkeyPatch) -> None:
    from importer import run

    _deliver(folder, "a.csv", "h1;Anna;;;;")
    real = run.plan

    def plan(*given):
        yield from real(*given)
        with open("inbox/a.csv", "a", encoding="utf-8") as stream:
            stream.write("h2;Olga;;;;\n")

    monkeypatch.setattr(run, "plan", plan)
    said = night()
    assert (said.code, json.loads(said.out)["runs"]) == (0, [])
    assert "it waits for the next time" in said.err
    assert os.listdir("inbox") == ["a.csv"]
    assert json.loads(b24("runs", "--json").out)["runs"] == []


def test_with_markers_a_file_waits_for_its_own(folder: Path, night) -> None:
    _deliver(folder, "a.csv", "m1;Anna;;;;")
    _deliver(folder, "b.csv", "m2;Anna;;;;")
    (folder / "inbox" / "b.csv.done").touch()
    said = night("--marker")
    assert _objects(said) == [("b.csv", "done/b.csv", 0)]
    assert list(json.loads(said.out)["waiting"]) == ["inbox/a.csv"]
    assert os.listdir("inbox") == ["a.csv"]


def test_a_finished_file_that_cannot_be_moved_is_told_and_moved_the_next_time(folder: Path, night, monkeypatch: pytest.MonkeyPatch) -> None:
    _deliver(folder, "a.csv", "u1;Anna;;;;")
    with monkeypatch.context() as patched:
        patched.setattr("importer.inbox._rename", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
        said = night()
    assert (said.code, "cannot be moved to done (Permission denied)" in said.err) == (1, True)
    assert (night().code, os.listdir("done")) == (0, ["a.csv"])


def test_without_an_inbox_a_pattern_names_files_too(folder: Path, night, b24) -> None:
    _deliver(folder, "a.csv", "q1;Anna;;;;")
    _deliver(folder, "b.csv", "q2;Anna;;;;")
    assert len(json.loads(b24("run", "inbox/*.csv", "-m", "m.yaml", "--json", "--quiet").out)["runs"]) == 2
    said = b24("run", "inbox/*.xlsx", "-m", "m.yaml")
    assert (said.code, "inbox/*.xlsx: no file fits" in said.err) == (2, True)


def test_a_plain_path_in_a_folder_that_is_not_there_is_refused_like_a_pattern(folder: Path, b24) -> None:
    for file in ("nowhere/c.csv", "nowhere/*.csv"):
        said = b24("run", file, "-m", "m.yaml", "--move-done", "done")
        assert (said.code, "there is no folder nowhere" in said.err) == (2, True)
