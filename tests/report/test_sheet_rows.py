from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from importer.report.sheet_rows import Link, Table, pour


@pytest.fixture
def poured(tmp_path):
    def build(*rows: list, columns: int = 3, read_only: bool = False):
        book = Workbook()
        book.active.append(["a", "b", "c"][:columns])
        frame = BytesIO()
        book.save(frame)
        path = tmp_path / "book.xlsx"
        pour(frame, path, {"xl/worksheets/sheet1.xml": Table(iter(rows), columns, len(rows) + 1)})
        return load_workbook(path, read_only=read_only).active

    return build


def test_numbers_stay_numbers_and_texts_texts(poured):
    sheet = poured([1, "1", None], ["", "=1+1", 2**40])
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == [(1, "1", None), (None, "=1+1", 2**40)]
    assert sheet["B3"].data_type == "s"


@pytest.mark.parametrize("text", ["<b>&amp;</b>", "]]>", " blanks ", "a\nb", "a\r\nb", "\ta", "Иванов 😀", '"q"', "#N/A"])
def test_a_text_comes_back_as_it_was(poured, text):
    assert poured([text]).cell(2, 1).value == text


def test_a_link_opens_its_address_with_every_sign_of_it(poured):
    address = "https://portal.example.com/card?id=1&x=\"<'"
    cell = poured([1, Link(address)]).cell(2, 2)
    assert (cell.value, cell.hyperlink.target) == (address, address)


def test_a_reader_that_streams_finds_every_row(poured):
    sheet = poured(*([n, "x", "y"] for n in range(1200)), read_only=True)
    assert sum(1 for _ in sheet.iter_rows()) == 1201


def test_a_row_longer_than_the_sheet_is_wide_keeps_what_fits(poured):
    assert poured(["1", "2", "3", "4"], columns=2).max_column == 2
