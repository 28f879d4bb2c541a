"""A few bytes that ask for millions of cells are refused; wide tables that are filled here and there are not."""

import pytest

from importer.errors import SourceError
from importer.reader.cell_budget import CellBudget
from importer.reader.cells import column_letter
from importer.reader.source import open_source

from .raw_ods import ods_cell, ods_row, raw_ods
from .raw_xlsx import raw_xlsx


@pytest.fixture(autouse=True)
def _few_free_cells(monkeypatch):
    monkeypatch.setattr("importer.reader.cell_budget._FREE_CELLS", 20_000)


def count(path):
    return sum(1 for _ in open_source(path).rows())


def wide(path, filled, rows):
    """A table of 2,000 columns, of which each row fills the last few."""
    columns = [column_letter(index) for index in range(2000)]
    header = "".join(f'<c r="{column}1" t="str"><v>{column}</v></c>' for column in columns)
    table = ""
    for number in range(2, rows + 2):
        cells = "".join(f'<c r="{column}{number}"><v>1</v></c>' for column in columns[-filled:])
        table += f'<row r="{number}">{cells}</row>'
    return raw_xlsx(path, f'<row r="1">{header}</row>{table}')


def test_rows_with_one_cell_in_a_far_column_are_refused(tmp_path):
    with pytest.raises(SourceError, match='sheet "Contacts", row 13: the table reaches to column BXX, but hardly a cell'):
        count(wide(tmp_path / "far.xlsx", filled=1, rows=20))


def test_rows_of_a_wide_table_that_fill_some_cells_are_read(tmp_path):
    assert count(wide(tmp_path / "wide.xlsx", filled=10, rows=20)) == 20


@pytest.mark.parametrize("more", ["", 'table:formula="of:=1/0" table:error="1"'])
def test_cells_of_an_ods_repeated_to_the_right_are_refused(tmp_path, more):
    cell = ods_cell("#DIV/0!", f'office:value-type="string" table:number-columns-repeated="2000" {more}')
    path = raw_ods(tmp_path / "t.ods", ods_row(ods_cell("Name")) + ods_row(cell) * 20)
    with pytest.raises(SourceError, match='sheet "S": from row 13 on cells are repeated without end'):
        count(path)


def test_each_cell_that_is_written_buys_some():
    budget = CellBudget()
    assert all(budget.allows(300, 2) for _ in range(1000))
    assert [budget.allows(110_000, 10), budget.allows(20_000, 10)] == [True, False]
