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


@pytest.mark.parametrize("end", ["<tr><td>Bob<td>+790", "<tr><td>Bob<td>1</td></tr>", '<tr><td>Bob<td>1<tr cla', "<tr><td>Bob<!-- a"])
def test_a_page_that_is_cut_off_within_its_table_is_refused(written, end):
    page = "<html><body><table><tr><td>Name<td>Phone<tr><td>Ann<td>+79000000001" + end
    with pytest.raises(SourceError, match="ends within its table.*Copy or download it again"):
        open_source(written("export.xls", page))


@pytest.mark.parametrize("end", ["</table>", "</body></html>", "</html>", "</table>&amp; more", "</table></bo"])
def test_a_page_that_is_closed_in_any_way_is_whole(written, end):
    page = "<html><body><table><tr><td>Name<td>Phone<tr><td>Ann<td>1" + end
    assert [row.cells for row in open_source(written("export.xls", page)).rows()] == [["Ann", "1"]]


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<td colspan=1000>x" * 18, "a row of more than 16,384 cells"),
        ("<![<![", "a declaration that cannot be read"),
        ("<a " * 10_000, "ends within its table"),
        ("<!--" + "x" * (9 << 20), "a tag or comment that does not end"),
    ],
)
def test_a_page_made_to_fill_the_memory_or_the_day_is_refused(written, inside, what):
    with pytest.raises(SourceError, match=what):
        open_source(written("bomb.xls", f"<table><tr>{inside}"))


def test_a_row_that_a_cell_from_above_covers_is_told_so(written):
    page = (
        "<table><tr><td>Firm<td>Name</tr><tr><td rowspan=2>Acme<td>Ann</tr><tr><td>Bob</tr>"
        "<tr><td>Bolt<td>Cid</tr></table>"
    )
    rows = list(open_source(written("t.xls", page)).rows())
    assert [row.cells for row in rows] == [["Acme", "Ann"], ["", "Bob"], ["Bolt", "Cid"]]
    assert [[(warning.code, warning.column) for warning in row.warnings] for row in rows] == [[], [("merged_cell", "Firm")], []]
    assert 'A2:A3, whose value "Acme" is in row 2' in rows[1].warnings[0].problem


def test_a_header_of_two_lines_names_all_its_columns(written):
    page = (
        "<table><tr><th rowspan=2>Name<th colspan=2>Contact<th rowspan=2>City</tr><tr><th>Phone<th>Mail</tr>"
        "<tr><td>Ann<td>1<td>ann@example.com<td>Bath</tr></table>"
    )
    source = open_source(written("t.xls", page))
    assert source.header == ("Name", "Phone", "Mail", "City")
    assert [row.cells for row in source.rows()] == [["Ann", "1", "ann@example.com", "Bath"]]


@pytest.mark.parametrize(
    ("charset", "codec", "name"),
    [("iso-8859-2", "iso8859-2", "Wiśniewski"), ("gb2312", "gb2312", "王小明"), ("windows-1251", "cp1251", "СПб")],
)
def test_a_page_is_believed_about_its_encoding(written, charset, codec, name):
    page = f'<meta charset="{charset}"><table><tr><td>Name<td>Age</tr><tr><td>{name}<td>5</tr></table>'
    assert [row.cells for row in open_source(written("t.xls", page.encode(codec))).rows()] == [[name, "5"]]


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
def test_a_page_that_is_plainly_not_what_it_says_is_looked_at(written, charset):
    page = f'<meta charset="{charset}"><table><tr><td>Имя<td>Город</tr><tr><td>Иван<td>Тверь</tr></table>'
    assert [row.cells for row in open_source(written("t.xls", page.encode("cp1251"))).rows()] == [["Иван", "Тверь"]]
