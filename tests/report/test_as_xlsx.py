import tracemalloc

import pytest
from openpyxl import load_workbook

from importer.records import RowProblem
from importer.report import as_xlsx
from importer.report.as_xlsx import write_workbook

from .conftest import Filled, created, new, rejected


@pytest.fixture
def book_of(tmp_path):
    def build(run: Filled):
        path = tmp_path / "report.xlsx"
        write_workbook(run.history, run.facts, path)
        return load_workbook(path)

    return build


def table(sheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_book_has_the_three_sheets_of_the_contract(mixed: Filled, book_of):
    assert book_of(mixed).sheetnames == ["Summary", "Results", "Rejects"]


def test_the_summary_says_counts_reasons_and_what_to_do(mixed: Filled, book_of):
    lines = table(book_of(mixed)["Summary"])
    for line in (["rows", 7, None], ["created", 2, None], ["bad_date", 1, "The date cannot be read"], ["odd_phone", 1]):
        assert any(found[: len(line)] == line for found in lines), line
    assert any("`b24-import run rejects.csv" in str(found[2]) for found in lines)


def test_results_are_numbers_where_they_are_numbers_and_links_where_there_is_a_contact(mixed: Filled, book_of):
    sheet = book_of(mixed)["Results"]
    header, first, second, *_ = table(sheet)
    assert header == ["row", "origin_id", "outcome", "contact_id", "url", "code", "column", "problem", "attempts", "warnings"]
    assert first[:4] == [2, "L-2", "created", 1002] and first[8] == 1
    assert sheet["E2"].hyperlink.target == "https://portal.example.com/crm/contact/details/1002/"
    assert sheet["E5"].hyperlink is None
    assert second[9] == '"12-34" is not a valid number; sent as written.'


def test_the_header_is_bold_frozen_and_filtered(mixed: Filled, book_of):
    for name, last in (("Results", "J8"), ("Rejects", "G3")):
        sheet = book_of(mixed)[name]
        assert sheet["A1"].font.bold and sheet.freeze_panes == "A2" and sheet.auto_filter.ref == f"A1:{last}"


def test_rejects_are_those_of_the_csv(mixed: Filled, book_of):
    assert table(book_of(mixed)["Rejects"])[:2] == [
        ["ID", "Name", "Born", "_row", "_code", "_column", "_problem"],
        ["L-5", "Иван", "31.02.1980", 5, "bad_date", "Born", '"31.02.1980" is not a date. Correct the cell.'],
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+7 900 000-00-00", "@a", "'a", "#N/A", "#REF!", "=cmd|'/c calc'!A1"])
def test_no_cell_is_a_formula_or_an_error_value(tmp_path, book_of, cell):
    run = Filled(tmp_path / "journal.db", source_header=(cell,))
    sheet = book_of(run.plan(rejected(2, [cell], RowProblem(cell, cell, cell))))["Rejects"]
    assert {one.data_type for one in (sheet["A1"], sheet["A2"], sheet["C2"], sheet["D2"], sheet["E2"])} == {"s"}
    assert sheet["A2"].value in (cell, f"'{cell}")
    run.journal.close()


def test_an_address_that_is_not_of_the_web_is_no_link(tmp_path, book_of):
    run = Filled(tmp_path / "journal.db", card_url="javascript:alert({id})")
    sheet = book_of(run.plan(new(2)).send(created(2)))["Results"]
    assert (sheet["E2"].hyperlink, sheet["E2"].value) == (None, "javascript:alert(1002)")
    run.journal.close()


def test_rows_beyond_the_sheet_are_counted_and_said_to_be_in_the_csv(filled: Filled, book_of, monkeypatch):
    monkeypatch.setattr(as_xlsx, "MOST_ROWS", 12)
    lines = table(book_of(filled.plan(*(new(n) for n in range(2, 22))))["Results"])
    assert len(lines) == 12
    assert lines[-1][0] == "10 more rows do not fit on a sheet: they are in results.csv."


def test_a_source_wider_than_a_sheet_keeps_our_columns_and_says_so(tmp_path, book_of, monkeypatch):
    monkeypatch.setattr(as_xlsx, "MOST_COLUMNS", 8)
    run = Filled(tmp_path / "journal.db", source_header=tuple("ABCDEFGHIJ"))
    book = book_of(run.plan(rejected(2, list("0123456789"))))
    assert table(book["Rejects"])[0] == ["A", "B", "C", "D", "_row", "_code", "_column", "_problem"]
    assert any("4 of the 10 columns" in str(line[2]) for line in table(book["Summary"]))
    run.journal.close()


def test_memory_does_not_grow_with_the_rows(tmp_path):
    def peak(rows: int) -> int:
        run = Filled(tmp_path / f"{rows}.db")
        run.plan(*(new(n) for n in range(2, 2 + rows)))
        facts = run.facts
        tracemalloc.start()
        write_workbook(run.history, facts, tmp_path / f"{rows}.xlsx")
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        run.journal.close()
        return used

    peak(10)  # openpyxl loads parts of itself at the first workbook
    assert peak(4000) < peak(1000) + 100_000
