import pytest
from openpyxl import load_workbook

from importer.journal.entries import PlannedRow
from importer.report import results_sheet
from importer.report.as_xlsx import write_workbook
from importer.report.sheet_text import sheet_text

from .conftest import Filled, created, new


@pytest.fixture
def sheet_of(tmp_path):
    def build(run: Filled):
        path = tmp_path / "report.xlsx"
        write_workbook(run.history, run.facts, path)
        return load_workbook(path)["Results"]

    return build


def planned(row: int, origin_id: str) -> PlannedRow:
    return PlannedRow(row, "new", [], {"NAME": "Иван"}, ("crm", origin_id))


ODD = ["=1+1", "-5", "+7", "@a", "'a", "\ta", "a&b", "<b>", "a\rb", "a\nb", " a", "a ", "a b", "\x01a", "a\ufffeb", '"a"', "Иван-5", "٣٤", "run:5", "a/b.c",
       "_x0041_", "😀", "я" * 254, "я" * 255, "я" * 256]  # fmt: skip


@pytest.mark.parametrize("origin_id", ODD)
def test_an_identity_is_shown_as_any_text_however_its_row_is_written(filled: Filled, sheet_of, origin_id):
    sheet = sheet_of(filled.plan(planned(2, origin_id)).send(created(2)))
    cell, link = sheet["B2"], sheet["E2"]
    assert (cell.value, cell.data_type) == (sheet_text(origin_id), "s")
    assert link.value == link.hyperlink.target == "https://portal.example.com/crm/contact/details/1002/"


def test_rows_that_went_and_rows_that_did_not_have_the_same_looks(mixed: Filled, sheet_of):
    sheet = sheet_of(mixed)
    # Row 2 of the sheet is written in one go, row 3 has a warning and is put together cell by cell.
    at_once, apart = sheet[2][:9], sheet[3][:9]
    assert [cell.data_type for cell in at_once] == [cell.data_type for cell in apart]
    assert [cell.style_id for cell in at_once] == [cell.style_id for cell in apart]


@pytest.mark.parametrize("address", ["https://portal.example.com/?a=1&id={id}", 'https://portal.example.com/"{id}"', "http://portal.example.com/{id}/{id}"])
def test_a_link_has_every_sign_of_the_portals_address(tmp_path, sheet_of, address):
    run = Filled(tmp_path / "run.db", card_url=address)
    cell = sheet_of(run.plan(new(2)).send(created(2)))["E2"]
    assert cell.value == cell.hyperlink.target == address.replace("{id}", "1002")
    run.journal.close()


def test_links_stop_at_a_bound_and_addresses_go_on_as_text(filled: Filled, sheet_of, monkeypatch):
    monkeypatch.setattr(results_sheet, "_MOST_LINKS", 2)
    sheet = sheet_of(filled.plan(*(new(n) for n in range(2, 6))).send(*(created(n) for n in range(2, 6))))
    assert [sheet[f"E{n}"].hyperlink is not None for n in range(2, 6)] == [True, True, False, False]
    assert sheet["E5"].value.endswith("/1005/")
