"""Text files as rows: encodings, delimiters, line ends, quotes, and the numbers of lines."""

import itertools

import pytest

from importer.errors import SourceError
from importer.reader import delimited
from importer.reader.source import SourceOptions, open_source

IVAN = ["Иван", "Петров", "+7 900 000-00-01"]


def read(path, **options):
    return list(open_source(path, SourceOptions(**options)).rows())


def cells(rows):
    return [row.cells for row in rows]


def codes(rows):
    return {row.number: row.problem.code for row in rows if row.problem}


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("cp1251_semicolon.csv", "cp1251"),
        ("koi8_r.csv", "koi8-r"),
        ("cp866.csv", "cp866"),
        ("utf8_bom.csv", "utf-8"),
        ("utf16_tab_unicode_text.txt", "utf-16"),
        ("utf16_le_without_bom.csv", "utf-16-le"),
        ("utf16_be_without_bom.csv", "utf-16-be"),
    ],
)
def test_the_encoding_is_found_and_said(fixture_file, name, codec):
    source = open_source(fixture_file(name))
    assert source.header == ("Имя", "Фамилия", "Телефон")
    assert next(source.rows()).cells == IVAN
    assert any(note.startswith(f"encoding {codec}:") for note in source.notes)


def test_western_letters_are_not_taken_for_cyrillic(fixture_file):
    assert cells(read(fixture_file("cp1252_western.csv"))) == [
        ["Jörg", "Müller", "Köln"],
        ["Renée", "Lefèvre", "Besançon"],
    ]


def test_cyrillic_far_below_an_ascii_beginning_is_still_found(written):
    text = "name,city\n" + "Ann,Leeds\n" * 100_000 + "Иван,Москва\n"
    *_, last = read(written("late.csv", text.encode("cp1251")))
    assert last.cells == ["Иван", "Москва"]


def test_an_encoding_asked_for_is_used(fixture_file):
    source = open_source(fixture_file("cp1251_semicolon.csv"), SourceOptions(encoding="windows-1251"))
    assert next(source.rows()).cells == IVAN


def test_bytes_that_are_not_text_break_their_row_only(fixture_file):
    rows = read(fixture_file("broken_bytes.csv"))
    assert codes(rows) == {4: "bad_encoding"}
    assert rows[0].cells == ["Иван", "Москва"] and rows[3].cells == ["ok", "ok"]


def test_a_wrong_encoding_asked_for_shows_at_the_header(fixture_file):
    with pytest.raises(SourceError, match="row 1: the header is broken.*encoding"):
        open_source(fixture_file("cp1251_semicolon.csv"), SourceOptions(encoding="utf-8"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(written, delimiter):
    lines = [["Name", "Note", "Sum"], ["Ann", "a b", "1.5"], ["Bob", "c", "2.5"]]
    path = written("table.csv", "\n".join(delimiter.join(line) for line in lines))
    assert cells(read(path)) == lines[1:]


def test_commas_inside_cells_do_not_make_a_comma_file(written):
    path = written("table.csv", "Name;Sum\nLee, Ann;1,5\nRoe, Bob;2,5\n")
    assert cells(read(path)) == [["Lee, Ann", "1,5"], ["Roe, Bob", "2,5"]]


def test_a_sep_line_names_the_delimiter_and_counts_as_a_line(fixture_file):
    source = open_source(fixture_file("sep_line.csv"))
    assert (source.header, source.header_row) == (("Name", "City"), 2)
    assert [row.number for row in source.rows()] == [3]


def test_one_column_needs_no_delimiter(written):
    assert cells(read(written("mails.csv", "E-mail\na@example.com\nb@example.com\n"))) == [
        ["a@example.com"],
        ["b@example.com"],
    ]


@pytest.mark.parametrize(
    ("name", "numbers", "texts"),
    [
        ("quoted_line_break.csv", [2, 4], ["1 High Street\nFlat 2", "2 Low Road"]),
        ("mac_line_ends.csv", [2, 4], ["two\rlines", "one"]),
        ("mixed_line_ends.csv", [2, 3, 4], ["Leeds", "York", "Bath"]),
    ],
)
def test_a_record_has_the_number_of_its_first_line(fixture_file, name, numbers, texts):
    rows = read(fixture_file(name))
    assert [row.number for row in rows] == numbers
    assert [row.cells[1] for row in rows] == texts


def test_an_unclosed_quote_costs_one_line_and_no_other(fixture_file):
    rows = read(fixture_file("unclosed_quote.csv"))
    assert codes(rows) == {2: "unclosed_quote", 6: "unclosed_quote"}
    assert {row.number: row.cells for row in rows if not row.problem} == {
        3: ["2", "Ann", "z"],
        4: ["3", "li\nne", "w"],
        7: ["5", "r", "s"],
    }
    assert rows[0].cells == ["1", '"x', "y"]


def test_the_search_for_a_closing_quote_ends(written, monkeypatch):
    monkeypatch.setattr(delimited, "CELL_CHARACTERS", 1000)
    path = written("long.csv", 'a,b\n1,"open\n' + "2,x\n" * 5000)
    rows = read(path)
    assert codes(rows) == {2: "unclosed_quote"}
    assert len(rows) == 5001


def test_a_quote_inside_quotes_is_a_problem_of_its_row(fixture_file):
    rows = read(fixture_file("stray_quote.csv"))
    assert codes(rows) == {2: "stray_quote"}
    assert cells(rows)[1:] == [["2", '5" disk'], ["3", 'doubled "quotes"']]


def test_quotes_escaped_by_backslashes_are_understood(fixture_file):
    assert cells(read(fixture_file("backslash_quotes.csv"))) == [["1", 'the "best" one'], ["2", "plain"]]


def test_spaces_before_quotes_do_not_tear_cells(fixture_file):
    assert cells(read(fixture_file("space_before_quotes.csv"))) == [["1", "x, y", "z"], ["2", "p", "q"]]


def test_an_overlong_cell_breaks_its_row_only(written, monkeypatch):
    monkeypatch.setattr(delimited, "CELL_CHARACTERS", 1000)
    rows = read(written("long.csv", f"a,b\n1,{'x' * 1500}\n2,y\n"))
    assert codes(rows) == {2: "cell_too_long"}
    assert rows[1].cells == ["2", "y"]


def test_null_bytes_vanish(fixture_file):
    assert cells(read(fixture_file("null_bytes.csv"))) == [["xy", ""], ["2", "3"]]


def test_rows_are_read_as_they_are_asked_for(written):
    path = written("big.csv", "a,b\n" + "1,2\n" * 50_000)
    source = open_source(path)
    first = list(itertools.islice(source.rows(), 2))
    assert [row.number for row in first] == [2, 3]
    assert sum(1 for _ in source.rows()) == 50_000


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"delimiter": "::"}, 'delimiter "::" is not one character'),
        ({"encoding": "klingon"}, 'no encoding called "klingon"'),
        ({"encoding": "base64"}, 'no encoding called "base64"'),
        ({"header_row": 9}, "row 9 was given as the header"),
    ],
)
def test_options_nobody_can_follow_are_refused(fixture_file, options, said):
    with pytest.raises(SourceError, match=said):
        open_source(fixture_file("pipe.csv"), SourceOptions(**options))


def test_a_tab_can_be_asked_for_by_its_name(written):
    assert cells(read(written("t.csv", "a,x\tb\n1,y\t2\n"), delimiter="tab")) == [["1,y", "2"]]


@pytest.mark.parametrize(
    ("content", "encoding", "numbers"),
    [
        ('\ufeff"ID";"Имя"\n"1";"Анна"\n\ufeff"ID";"Имя"\n"2";"Боб"\n'.encode(), "auto", [2, 4]),
        ('\ufeff\ufeff"ID";"Имя"\n"1";"Анна"\n"2";"Боб"\n'.encode(), "auto", [2, 3]),
        ('\ufeff"ID";"Имя"\n"1";"Анна"\n"2";"Боб"\n'.encode("utf-16-le"), "utf-16-le", [2, 3]),
        ("ID;Имя\n1;Анна\n2;Боб\n\x1a".encode("cp866"), "cp866", [2, 3]),
        ("ID;Имя\n1;Анна\n2;Боб\x1a\x1a".encode("cp866"), "cp866", [2, 3]),
    ],
)
def test_byte_order_marks_of_glued_files_and_the_end_of_a_dos_file_are_no_text(written, content, encoding, numbers):
    source = open_source(written("t.csv", content), SourceOptions(encoding=encoding))
    assert source.header == ("ID", "Имя")
    assert [(row.number, row.cells, row.problem) for row in source.rows()] == [
        (numbers[0], ["1", "Анна"], None), (numbers[1], ["2", "Боб"], None),
    ]  # fmt: skip


@pytest.mark.parametrize("blank", ["\n", ";;\n", " \n"])
def test_any_number_of_blank_lines_may_stand_above_the_header(written, blank):
    source = open_source(written("t.csv", blank * 1100 + "ID;Имя;Город\n1;Анна;Тверь\n"))
    assert (source.header, source.header_row) == (("ID", "Имя", "Город"), 1101)
    assert cells(source.rows()) == [["1", "Анна", "Тверь"]]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("rows", [["Я;1"], ["Преображенский-Воздвиженский;Константин"] * 3000])
def test_utf_16_without_a_mark_is_found_among_cyrillic_words(written, codec, rows):
    source = open_source(written("t.csv", "\r\n".join(["Имя;Тел", *rows]).encode(codec)))
    assert cells(source.rows()) == [row.split(";") for row in rows]
    assert source.notes[0].startswith(f"encoding {codec}:")
