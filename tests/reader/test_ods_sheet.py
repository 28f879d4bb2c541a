"""ODS gives the same text that XLSX gives."""

import pytest

from importer.errors import SourceError
from importer.reader.source import SourceOptions, open_source

from .raw_ods import ods_cell, ods_row, raw_ods


def warned(row):
    return [(warning.code, warning.column) for warning in row.warnings]


def test_an_ods_shows_formats_dates_and_errors(fixture_file):
    source = open_source(fixture_file("typed_cells.ods"))
    assert (source.kind, source.sheet) == ("ods", "Contacts")
    first, second, third = source.rows()
    assert first.cells == [
        "Анна", "79000000001", "2001-02-03", "12.5 %", "TRUE", "00042", "1200.50 ₽", "36:30:00", "0.3", "",
    ]  # fmt: skip
    assert warned(first) == [("formula_error", "Err")]
    assert (second.number, second.cells) == (
        6,
        [
            "Bob  Lee\nsecond line",
            "79000000001",
            "2001-02-03 04:05:06",
            "50%",
            "FALSE",
            "1234567",
            "-$3.50",
            "04:05:06",
            "1000",
            "",
        ],
    )
    assert warned(second) == [("formula_without_value", "Err")]
    assert third.cells[:3] == ["NA", "NA", ""]


def test_a_hidden_sheet_of_an_ods_can_be_asked_for(fixture_file):
    source = open_source(fixture_file("typed_cells.ods"), SourceOptions(sheet="Hidden"))
    assert source.header == ("secret",)


def only_row(path, cell):
    (row,) = open_source(raw_ods(path, ods_row(ods_cell("Name"), ods_cell("Value")) + ods_row(ods_cell("Ann"), cell))).rows()
    return row


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        ("0", "00000", "00000"),
        ("0", "№ 0000", "№ 0000"),
        ("0", ".00", ".00"),
        ("0", "0,00", "0.00"),
        ("42", "00042", "00042"),
        ("42", "42,00", "42.00"),
        ("1234.5", "1.234,50", "1234.50"),
        ("1234", "1.234", "1234"),
        ("1.234", "1,234", "1.234"),
        ("1234567", "1 234 567", "1234567"),
        ("79000000001", "7.90E+10", "79000000001"),
        ("42", "00,042", "00,042"),
        ("0.5", ",50", ",50"),
        ("9000000001", "+7 9000000001", "+7 9000000001"),
        ("123456", "123", "123456"),
        ("1234567", "1,2 млн", "1234567"),
        ("0", "-", "0"),
        ("0", "нет", "нет"),
        ("NaN", "keine", "keine"),
        ("INF", "∞", "∞"),
        ("1E+70", "1" + "0" * 70, "1" + "0" * 70),
        ("79000000001", "+7 (900) 000-00-01", "+7 (900) 000-00-01"),
    ],
)
def test_a_number_of_an_ods_is_what_is_shown_with_a_decimal_dot(tmp_path, value, shown, text):
    cell = ods_cell(shown, f'office:value-type="float" office:value="{value}"')
    assert only_row(tmp_path / "t.ods", cell).cells == ["Ann", text]


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        ("PT886170H00M00S", "18:00", "18:00:00"),
        ("PT886170H00M00S", "06:00 PM", "18:00:00"),
        ("PT886170H00M00S", "886170:00", "886170:00:00"),
        ("PT36H30M00S", "36:30", "36:30:00"),
        ("PT36H30M00S", "2190:00", "36:30:00"),
        ("PT04H05M06S", "04:05", "04:05:06"),
        ("PT04H05M06S", "4:05:06", "04:05:06"),
        ("1899-12-30T04:05:06", "30.12.1899", "04:05:06"),
    ],
)
def test_a_time_of_an_ods_is_the_one_shown_to_the_second(tmp_path, value, shown, text):
    kind = "time" if value.startswith("PT") else "date"
    cell = ods_cell(shown, f'office:value-type="{kind}" office:{kind}-value="{value}"')
    assert only_row(tmp_path / "t.ods", cell).cells == ["Ann", text]


@pytest.mark.parametrize(("paragraph", "warnings"), [("", []), (None, [("formula_without_value", "Value")])])
def test_a_formula_of_an_ods_may_give_an_empty_text(tmp_path, paragraph, warnings):
    """As LibreOffice writes it: without a type, but with a paragraph."""
    row = only_row(tmp_path / "t.ods", ods_cell(paragraph, 'table:formula="of:=IF(A2=1;5;&quot;&quot;)"'))
    assert (row.cells, warned(row)) == (["Ann", ""], warnings)


def test_an_ods_that_repeats_a_cell_without_end_is_refused(tmp_path):
    cell = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
        "<text:p>x</text:p></table:table-cell>"
    )
    path = raw_ods(tmp_path / "bomb.ods", f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')
    with pytest.raises(SourceError, match="repeated without end"):
        for _ in open_source(path).rows():
            pass


def test_a_cell_of_an_ods_under_a_merged_one_is_warned_of(tmp_path):
    covered, spanned = "<table:covered-table-cell/>", 'office:value-type="string" table:number-rows-spanned="2"'
    table = ods_row(ods_cell("Name"), ods_cell("City")) + ods_row(ods_cell("Ann"), ods_cell("York", spanned))
    table += ods_row(ods_cell("Bob"), covered) + ods_row(ods_cell("Cid"), ods_cell("Bath"))
    found = list(open_source(raw_ods(tmp_path / "t.ods", table)).rows())
    assert [found_row.cells for found_row in found] == [["Ann", "York"], ["Bob", ""], ["Cid", "Bath"]]
    assert [warned(found_row) for found_row in found] == [[], [("merged_cell", "City")], []]
