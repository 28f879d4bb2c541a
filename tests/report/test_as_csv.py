import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.records import RowProblem
from importer.report.as_csv import write_rejects, write_results

from .conftest import NEW_RUN, Filled, created, new, rejected
from .test_formulas import taken_off


def rejects_of(run: Filled, folder: Path) -> list[list[str]]:
    path = folder / "rejects.csv"
    write_rejects(run.history, run.facts, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def results_of(run: Filled, folder: Path) -> list[dict[str, str]]:
    path = folder / "results.csv"
    write_results(run.history, run.facts, path)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_source_row_stands_in_the_results_in_source_order(mixed: Filled, tmp_path):
    found = results_of(mixed, tmp_path)
    assert [(row["row"], row["outcome"], row["code"]) for row in found] == [
        ("2", "created", ""), ("3", "created", ""), ("4", "skipped", "exists"), ("5", "rejected", "bad_date"),
        ("6", "rejected", "portal_refused"), ("7", "unsettled", "answer_lost"), ("9", "unsettled", "answer_lost"),
    ]  # fmt: skip


def test_the_columns_of_the_results_are_those_of_the_contract(mixed: Filled, tmp_path):
    found = results_of(mixed, tmp_path)
    assert list(found[0]) == ["row", "origin_id", "outcome", "contact_id", "url", "code", "column", "problem", "attempts"]
    assert found[0] == {
        "row": "2", "origin_id": "L-2", "outcome": "created", "contact_id": "1002", "code": "", "column": "", "problem": "",
        "url": "https://portal.example.com/crm/contact/details/1002/", "attempts": "1",
    }  # fmt: skip


def test_a_warning_of_a_created_row_is_not_its_code(mixed: Filled, tmp_path):
    assert results_of(mixed, tmp_path)[1]["code"] == ""


def test_the_order_of_sending_does_not_change_the_order_of_the_results(filled: Filled, tmp_path):
    rows = [new(2), new(3), new(4)]
    for row, position in zip(rows, (30, 20, 10), strict=True):
        row.position = position
    filled.plan(*rows).send(created(4), created(3), created(2))
    assert [row["row"] for row in results_of(filled, tmp_path)] == ["2", "3", "4"]


def test_rejects_hold_only_rejected_rows_with_their_own_cells_and_the_reason(mixed: Filled, tmp_path):
    assert rejects_of(mixed, tmp_path) == [
        ["ID", "Name", "Born", "_row", "_code", "_column", "_problem"],
        ["L-5", "Иван", "31.02.1980", "5", "bad_date", "Born", '"31.02.1980" is not a date. Correct the cell.'],
        ["L-6", "Иван", "", "6", "portal_refused", "", 'the portal refused it: 400 "Company is required".'],
    ]


def test_the_rejects_begin_with_a_byte_order_mark_and_the_results_do_not(mixed: Filled, tmp_path):
    rejects_of(mixed, tmp_path)
    results_of(mixed, tmp_path)
    assert (tmp_path / "rejects.csv").read_bytes().startswith(b"\xef\xbb\xbfID,Name,Born,_row")
    assert (tmp_path / "results.csv").read_bytes().startswith(b"row,origin_id")


def test_without_rejects_the_file_is_its_header(filled: Filled, tmp_path):
    assert rejects_of(filled.plan(new(2)), tmp_path) == [["ID", "Name", "Born", "_row", "_code", "_column", "_problem"]]


def test_no_cell_of_a_row_with_too_many_or_too_few_is_lost_or_moved(filled: Filled, tmp_path):
    ragged = RowProblem("ragged_row", "the record has a wrong number of cells.")
    rows = rejects_of(filled.plan(rejected(2, ["a", "b", "c", "d", "e"], ragged), rejected(3, ["x"], ragged)), tmp_path)
    assert {len(row) for row in rows} == {9}
    assert rows[0][3:5] == ["_more_1", "_more_2"]
    assert rows[1][:6] == ["a", "b", "c", "d", "e", "2"]
    assert rows[2][:6] == ["x", "", "", "", "", "3"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'"])
def test_no_cell_or_header_leaves_as_a_formula(tmp_path, start):
    run = Filled(tmp_path / "journal.db", source_header=(f"{start}A", "B"))
    evil = f"{start}HYPERLINK(1)"
    run.plan(rejected(2, [evil, "b"], RowProblem(f"{start}code", evil, evil)), new(3))
    header, row = rejects_of(run, tmp_path)
    assert header[0] == f"'{start}A"
    assert [row[0], row[3], row[4], row[5]] == [f"'{evil}", f"'{start}code", f"'{evil}", f"'{evil}"]
    found = results_of(run, tmp_path)[0]
    assert (found["code"], found["column"], found["problem"]) == (f"'{start}code", f"'{evil}", f"'{evil}")
    run.journal.close()


_CELL = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("=+-@\t\r\n'\",;")), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(_CELL, min_size=1, max_size=5))
def test_a_rejected_row_comes_back_from_the_file_exactly_as_it_was(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("rejects")
    run = Filled(folder / "journal.db", source_header=NEW_RUN.source_header[: len(cells)])
    path = folder / "rejects.csv"
    run.plan(rejected(2, cells))
    write_rejects(run.history, run.facts, path)
    run.journal.close()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [taken_off(cell) for cell in rows[1][: len(cells)]] == cells


@pytest.mark.parametrize("card_url", ["https://portal.example.com/{id}/", "=evil/{id}"])
@pytest.mark.parametrize("origin_id", ["=1+1", "+7", "-5", "@a", "\ta", "'a", "L-5"])
def test_no_cell_of_a_created_row_is_a_formula(tmp_path, card_url, origin_id):
    run = Filled(tmp_path / "run.db", card_url=card_url)
    row = new(2)
    row.origin = ("crm", origin_id)
    [found] = results_of(run.plan(row).send(created(2)), tmp_path)
    assert not [cell for cell in found.values() if cell[:1] in set("=+-@\t\r")]
    assert taken_off(found["origin_id"]) == origin_id
    run.journal.close()
