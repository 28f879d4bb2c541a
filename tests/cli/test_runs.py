"""`runs`: what the journal holds and how large it is; --prune removes old runs and says what is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.cli.conftest import table
from tests.cli.test_run import _portal


def test_the_size_of_the_journal_is_stated(folder: Path, b24) -> None:
    b24("run", table(folder, "size1;Anna;;;;"), "-m", "m.yaml")
    said = b24("runs")
    assert " MB, 1 run" in said.out.splitlines()[-1]
    assert json.loads(b24("runs", "--json").out)["size_bytes"] == os.path.getsize(".b24-import/journal.db")


def test_pruning_asks_first_and_says_what_is_lost(folder: Path, b24) -> None:
    b24("run", table(folder, "ask1;Anna;;;;"), "-m", "m.yaml")
    said = b24("runs", "--prune", "0")
    assert said.code == 2
    for text in ("Removes 1 run with all their rows", "no longer be undone", "created again", "--yes"):
        assert text in said.err
    assert len(json.loads(b24("runs", "--json").out)["runs"]) == 1


def test_pruning_removes_finished_runs_of_that_age_and_keeps_the_unfinished(folder: Path, b24, webhook: str) -> None:
    b24("run", table(folder, *[f"old{n};Annabella Bygone;;;;" for n in range(40)]), "-m", "m.yaml")
    _portal(webhook, "faults", [{"when": {"row": "open1", "times": 1}, "do": {"status": 503, "code": "OVERLOAD_LIMIT", "text": "stop"}}])
    assert b24("run", table(folder, "open1;Olga;;;;", name="d.csv"), "-m", "m.yaml").code == 3
    assert json.loads(b24("runs", "--prune", "1", "--yes", "--json").out)["pruned"] == []
    told = json.loads(b24("runs", "--prune", "0", "--yes", "--json").out)
    assert (len(told["pruned"]), len(told["unfinished"])) == (1, 1)
    assert told["size_bytes"] < told["size_bytes_before"]
    assert not any(b"Annabella Bygone" in path.read_bytes() for path in (folder / ".b24-import").iterdir())
    assert b24("resume").code == 0
    said = b24("runs", "--prune", "0", "--yes")
    assert (said.code, said.out.startswith("1 run removed, 0 kept; ")) == (0, True)
    assert json.loads(b24("runs", "--json").out)["runs"] == []


def test_there_is_nothing_to_prune_where_there_is_no_journal(folder: Path, b24) -> None:
    said = b24("runs", "--prune", "30", "--yes")
    assert (said.code, "there is no journal here yet" in said.err) == (2, True)
    assert not (folder / ".b24-import").exists()
