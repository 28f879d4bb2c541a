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


def test_bytes_that_are_not_text_break_their_row_only(written):
    rows = "".join(f"<tr><td>Иван{number}<td>+7900000000{number}" for number in range(8))
    page = f'<html><meta charset="utf-8"><table><tr><td>Имя<td>Телефон{rows}'.encode() + b"<tr><td>\xc8\xe2<td>+79000000009</table>"
    source = open_source(written("export.xls", page))
    broken = {row.number: (row.problem.code, row.cells, row.is_in_place) for row in source.rows() if row.problem}
    assert broken == {10: ("bad_encoding", ["\ufffd\ufffd", "+79000000009"], True)}
    assert "encoding utf-8, as the page says of itself" in source.notes


def test_a_header_that_is_not_text_is_told(written):
    page = b'<meta charset="utf-8"><table><tr><td>\xff<td>City' + "<tr><td>Анна<td>Москва".encode() * 3 + b"</table>"
    with pytest.raises(SourceError, match="row 1: the header is broken.*encoding"):
        open_source(written("export.xls", page))


def test_an_encoding_the_page_names_and_nobody_knows_is_not_followed(written):
    page = '<meta charset="x-none"><table><tr><td>Имя<tr><td>Анна<tr><td>\udc98</table>'.encode("cp1251", "surrogateescape")
    assert [row.cells for row in open_source(written("export.xls", page)).rows()] == [["Анна"], ["\ufffd"]]
