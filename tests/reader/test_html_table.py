"""HTML tables that call themselves .xls."""

import pytest

from importer.errors import SourceError
from importer.reader.source import open_source


def test_the_table_bitrix24_exports_is_read(fixture_file):
    source = open_source(fixture_file("bitrix24_export.xls"))
    assert (source.kind, source.sheet) == ("html", None)
    assert source.header == ("ID", "Имя", "Рабочий телефон", "Комментарий")
    assert [(row.number, row.cells) for row in source.rows()] == [
        (2, ["7", "Иван & Анна", "+7 900 000-00-01, +7 900 000-00-02", "первая\nвторая строка"]),
        (3, ["8", "Пётр", "", "<b>"]),
    ]


def test_the_largest_table_is_taken_and_cells_need_not_be_closed(fixture_file):
    source = open_source(fixture_file("html_table_cp1251.xls"))
    assert source.header == ("Имя", "Город")
    assert [row.cells for row in source.rows()] == [["Анна", "Москва"], ["Иван", "Тверь"]]
    assert "table 2 of 2: the one with the most rows" in source.notes


def test_cells_that_span_rows_and_columns_shift_nothing(written):
    html = (
        "<table><tr><th>a<th>b<th>c</tr><tr><td rowspan=2>1<td>2<td>3</tr>"
        "<tr><td>4<td>5</tr><tr><td colspan=2>6<td>7</tr></table>"
    )
    rows = open_source(written("t.xls", html)).rows()
    assert [row.cells for row in rows] == [["1", "2", "3"], ["", "4", "5"], ["6", "", "7"]]


def test_a_page_without_a_table_is_refused_as_what_it_is(written):
    with pytest.raises(SourceError, match="web page without a table.*log-in"):
        open_source(written("export.csv", "<!DOCTYPE html><html><body><h1>Log in</h1></body></html>"))
