import csv
import errno
import json
import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from importer.errors import ImporterError, Interrupted
from importer.report import writing
from importer.report.writing import write_report

from .conftest import Filled

FILES = {"report.html", "report.xlsx", "rejects.csv", "results.csv", "summary.json"}


def test_all_five_files_are_there_and_agree_on_the_numbers(mixed: Filled, tmp_path):
    folder = tmp_path / "reports" / "k3"
    facts = write_report(mixed.history, mixed.run, folder)
    assert {path.name for path in folder.iterdir()} == FILES
    counts = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["counts"]
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        outcomes = [row["outcome"] for row in csv.DictReader(file)]
    assert {name: outcomes.count(name) for name in counts if name != "rows"} | {"rows": len(outcomes)} == counts == facts.counts
    assert load_workbook(folder / "report.xlsx")["Results"].max_row == counts["rows"] + 1


def test_a_report_written_again_replaces_the_first(mixed: Filled, tmp_path):
    write_report(mixed.history, mixed.run, tmp_path / "r")
    before = (tmp_path / "r" / "results.csv").read_bytes()
    write_report(mixed.history, mixed.run, tmp_path / "r")
    assert (tmp_path / "r" / "results.csv").read_bytes() == before
    assert {path.name for path in (tmp_path / "r").iterdir()} == FILES


def test_a_folder_that_is_a_file_is_named_with_what_to_do(mixed: Filled, tmp_path):
    (tmp_path / "r").write_text("here")
    with pytest.raises(ImporterError, match=r"r: the report cannot be written .* --report-dir names another folder"):
        write_report(mixed.history, mixed.run, tmp_path / "r")


def test_a_folder_in_the_place_of_a_file_is_named_and_nothing_half_is_left(mixed: Filled, tmp_path):
    (tmp_path / "r" / "rejects.csv").mkdir(parents=True)
    with pytest.raises(ImporterError, match="rejects.csv: the report cannot be written"):
        write_report(mixed.history, mixed.run, tmp_path / "r")
    assert {path.name for path in (tmp_path / "r").iterdir()} == {"rejects.csv", "results.csv"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_named(mixed: Filled, tmp_path):
    folder = tmp_path / "r"
    folder.mkdir(mode=0o500)
    with pytest.raises(ImporterError, match="Permission denied"):
        write_report(mixed.history, mixed.run, folder)


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_full_disk_interrupts_and_keeps_the_earlier_file_whole(mixed: Filled, tmp_path, monkeypatch, file):
    write_report(mixed.history, mixed.run, tmp_path / "r")
    before = (tmp_path / "r" / file).read_bytes()
    writer = {"report.html": "write_page", "report.xlsx": "write_workbook", "rejects.csv": "write_rejects",
              "results.csv": "write_results", "summary.json": "write_summary"}[file]  # fmt: skip

    def half(*args):
        Path(args[-1]).write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing, writer, half)
    with pytest.raises(Interrupted, match=f"{file}: the disk is full.* `b24-import report 20251121-1923-k3`"):
        write_report(mixed.history, mixed.run, tmp_path / "r")
    assert (tmp_path / "r" / file).read_bytes() == before
    assert {path.name for path in (tmp_path / "r").iterdir()} == FILES


def test_the_journal_can_be_written_again_after_a_report_that_failed(mixed: Filled, tmp_path):
    (tmp_path / "r" / "rejects.csv").mkdir(parents=True)
    with pytest.raises(ImporterError):
        write_report(mixed.history, mixed.run, tmp_path / "r")
    mixed.journal.note_pause(mixed.id, 1.0, 2.0, "operating")
    assert mixed.history.pauses(mixed.id) == [(1.0, 2.0, "operating")]
