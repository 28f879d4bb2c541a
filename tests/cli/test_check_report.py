"""`check --report-dir`: every problem in a file, and the rows that would be rejected ready to be mended."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from importer.preparing import source_folder
from tests.cli.conftest import table

ROWS = ["1;Ann;;8 916 000-00-01;;01.02.1990", "2;;;8 916 000-00-02;;31.02.1990", "3;=Ben;;x;;", "4;Cid;a;b;c;d;e", *(f"{n};;;;;" for n in range(5, 12)), "12;Dan;;12;;"]


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_problem_of_every_row_is_listed_in_the_rows_order(folder: Path, b24) -> None:
    said = b24("check", table(folder, *ROWS), "-m", "m.yaml", "--report-dir", "out")
    assert (said.code, "out/check-problems.csv" in said.out, "out/check-rejects.csv" in said.out) == (1, True, True)
    problems = _lines(folder / "out" / "check-problems.csv")
    rejecting = [(line["row"], line["code"], line["column"]) for line in problems if line["outcome"] == "rejected"]
    assert rejecting[:3] == [("3", "bad_date", "Born"), ("3", "no_name", ""), ("4", "bad_phone", "Phone")]
    assert [int(line["row"]) for line in problems] == sorted(int(line["row"]) for line in problems)
    assert ("13", "odd_phone", "warning") in [(line["row"], line["code"], line["outcome"]) for line in problems]
    rejects = _lines(folder / "out" / "check-rejects.csv")
    assert [line["_row"] for line in rejects] == ["3", "4", "5", *map(str, range(6, 13))]
    assert "31.02.1990" in rejects[0]["_problem"] and "Fill one of them." in rejects[0]["_problem"]
    assert (rejects[1]["First name"], rejects[2]["_more_1"]) == ("'=Ben", "e")


def test_rejects_of_a_check_are_those_of_a_run_and_import_once_they_are_mended(folder: Path, b24) -> None:
    file = table(folder, *[row.replace(";", ";Cr", 1) for row in ROWS])
    b24("check", file, "-m", "m.yaml", "--report-dir", "out")
    checked = (folder / "out" / "check-rejects.csv").read_bytes()
    b24("run", file, "-m", "m.yaml", "--report-dir", "out")
    assert (folder / "out" / "rejects.csv").read_bytes() == checked
    mended = folder / "out" / "check-rejects.csv"
    mended.write_text(mended.read_text("utf-8-sig").replace("31.02.1990", "28.02.1990"), encoding="utf-8")
    said = b24("check", str(mended), "-m", "m.yaml", "--json")
    assert json.loads(said.out)["counts"]["create"] == 1


def test_what_json_prints_is_kept_with_the_place_of_the_source_beside_which_files_lie(folder: Path, b24) -> None:
    (folder / "data").mkdir()
    file = table(folder, *ROWS, name="data/c.csv")
    said = b24("check", file, "-m", "m.yaml", "--report-dir", "out", "--json")
    kept = json.loads((folder / "out" / "check.json").read_text("utf-8"))
    assert kept.pop("source") == {"file": str(folder / "data" / "c.csv")}
    assert kept == json.loads(said.out)
    assert source_folder(folder / "out" / "check-rejects.csv") == folder / "data"


def test_several_files_have_folders_of_their_own(folder: Path, b24) -> None:
    b24("check", table(folder, ROWS[1], name="a.csv"), table(folder, ROWS[2], name="b.csv"), "-m", "m.yaml", "--report-dir", "out")
    assert [_lines(folder / "out" / name / "check-rejects.csv")[0]["Id"] for name in "ab"] == ["2", "3"]


def test_the_file_that_is_checked_is_never_replaced(folder: Path, b24) -> None:
    b24("check", table(folder, *ROWS), "-m", "m.yaml", "--report-dir", "out")
    before = (folder / "out" / "check-rejects.csv").read_bytes()
    said = b24("check", "out/check-rejects.csv", "-m", "m.yaml", "--report-dir", "out")
    assert (said.code, "would be replaced" in said.err) == (2, True)
    assert (folder / "out" / "check-rejects.csv").read_bytes() == before


def test_a_check_that_fails_leaves_no_files(folder: Path, b24) -> None:
    said = b24("check", table(folder, *ROWS), "-m", "m.yaml", "--report-dir", "out", "--sheet", "Nowhere")
    assert (said.code, os.listdir("out")) == (2, [])


@pytest.mark.skipif(os.name == "nt", reason="another kind of full disk")
@pytest.mark.parametrize("folder_is", ["below a file", "no place for a file"])
def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(folder: Path, b24, folder_is: str) -> None:
    (folder / "out").write_text("") if folder_is == "below a file" else (folder / "out" / "in" / "check-rejects.csv").mkdir(parents=True)
    said = b24("check", table(folder, *ROWS), "-m", "m.yaml", "--report-dir", "out/in")
    assert (said.code, "cannot be written" in said.err, "Nothing was sent" in said.err) == (2, True, True)


def test_what_is_wrong_for_every_file_is_said_once(folder: Path, b24, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [table(folder, ROWS[0], name=name) for name in ("a.csv", "b.csv")]
    for wrong in (("--max-rejects", "some"), ("--to", "oauth")):
        said = b24("check", *files, "-m", "m.yaml", *wrong)
        assert (said.code, len(said.err.strip().splitlines())) == (2, 1)
    assert len(b24("check", *files, "-m", "nowhere.yaml").err.strip().splitlines()) == 1


def test_the_sheet_of_rejects_is_read_whatever_the_mapping_says_of_the_source(folder: Path, b24) -> None:
    (folder / "h.yaml").write_text("source: {header_row: 3, sheet: Contacts}\n" + (folder / "m.yaml").read_text("utf-8"), encoding="utf-8")
    b24("run", table(folder, *ROWS), "-m", "m.yaml", "--report-dir", "out")
    said = b24("check", "out/report.xlsx", "--sheet", "Rejects", "-m", "h.yaml", "--json")
    assert json.loads(said.out)["rows"] == len(_lines(folder / "out" / "rejects.csv"))


def test_a_check_tells_which_rejects_nobody_has_mended(folder: Path, b24) -> None:
    b24("run", table(folder, "007;Eva;;;;", "007;Ben;;;;", "0099;;;;;"), "-m", "m.yaml", "--report-dir", "out")
    rejects = folder / "out" / "rejects.csv"
    rejects.write_text(rejects.read_text("utf-8-sig").replace("0099,", "99,Dan"), encoding="utf-8")
    said = b24("check", str(rejects), "-m", "m.yaml")
    assert (said.code, "Not mended yet" in said.out, 'rejected as "0099" and is "99" now' in said.out) == (1, True, True)
