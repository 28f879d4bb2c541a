"""Rows read from the XML of many at once are those that a parser's elements give, or are left to it."""

from xml.etree.ElementTree import XML, ParseError

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import WINDOWS_EPOCH

from importer.reader.number_styles import number_reader
from importer.reader.shared_strings import SharedStrings
from importer.reader.xlsx_rows import RowDecoder

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES = {str(number): number_reader(code, WINDOWS_EPOCH) for number, code in enumerate(("General", "dd.mm.yyyy", "00000", "0.0%"))}

# As Excel, LibreOffice, Google Sheets, openpyxl and XlsxWriter write them.
ORDINARY = (
    '<c r="A1" s="1" t="s"><v>1</v></c>',
    '<c r="B1"><v>12.5</v></c>',
    '<c r="C1" s="1"><v>36556</v></c>',
    '<c r="C1" s="2"><v>7</v></c>',
    '<c r="D1" s="3" t="n"><v>0.07</v></c>',
    '<c r="E1" s="4"/>',
    '<c r="F1" t="b"><v>1</v></c>',
    '<c r="F1" t="e"><v>#N/A</v></c>',
    '<c r="G1" t="str"><f>A1&amp;"&lt;"</f><v>Anna_x000D_</v></c>',
    '<c r="AA1"><f t="shared" si="0"/><v>1234567890123456</v></c>',
    '<c r="G1"><f>1+1</f><v>0</v></c>',
    '<c r="G1"><v>0</v></c>',
    '<c r="H1" t="inlineStr"><is><t>Ольга</t></is></c>',
    '<c r="I1" t="inlineStr"><is><t xml:space="preserve"> a\nb </t></is></c>',
    '<c r="J1" t="d"><v>2001-02-03T00:00:00</v></c>',
)
# Each as allowed as those above, or broken: a parser must say.
UNUSUAL = (
    '<c r="A1" t="s"><v>1</v><extLst><ext/></extLst></c>',
    '<c t="s" r="A1"><v>1</v></c>',
    '<c><v>5</v></c>',
    "<c r='B1'><v>5</v></c>",
    '<c r="B1" t="str"><v>A&amp;B</v></c>',
    '<c r="B1" t="inlineStr"><is><r><t>two</t></r><r><t> runs</t></r></is></c>',
    '<c r="B1" t="inlineStr"><is><t>&lt;b&gt;</t></is></c>',
    '<c r="B1" t="str"><v>one\r\ntwo</v></c>',
    '<c r="B1"><f>SUM(A1)</f></c>',
    '<c r="B1" t="str"><f>""</f><v></v></c>',
    '<c r="B1"><v/></c>',
    '<c r="B1"></c>',
    '<c r="B1" cm="1"><v>5</v></c>',
    '<c r="B1" t="str"><v>\x01</v></c>',
    '<foo><c r="B1"><v>5</v></c></foo>',
    '<c r="B1"><v>5</v></c><foo/>',
    '<c r="B1"><v>5</v>',
)


def as_parsed(piece: str) -> list:
    """What the elements of the piece give; raises ParseError."""
    return list(map(decoder().decoded, XML(f'<sheetData xmlns="{MAIN}">{piece}</sheetData>')))


def decoder() -> RowDecoder:
    """One of a workbook whose formulas are yet to be computed: then the most is to be told of them."""
    return RowDecoder(SharedStrings(["first", "второй", ""]), STYLES, is_computed=False)


@pytest.mark.parametrize("cell", ORDINARY)
def test_an_ordinary_cell_is_read_at_once_as_a_parser_reads_it(cell):
    piece = f'<row r="4" spans="1:3" ht="15">{cell}</row>\n<row r="6"/>'
    made = decoder().plain(piece.encode())
    assert made is not None
    assert list(made) == as_parsed(piece)


@pytest.mark.parametrize("cell", UNUSUAL)
def test_a_piece_with_anything_else_is_left_to_the_parser_or_read_alike(cell):
    piece = f'<row r="4"><c r="A4"><v>1</v></c>{cell}</row><row r="5">{ORDINARY[0]}</row>'
    made = decoder().plain(piece.encode())
    try:
        parsed = as_parsed(piece)
    except ParseError:
        assert made is None
    else:
        assert made is None or list(made) == parsed


@pytest.mark.parametrize(
    "piece",
    [
        '<row><c r="A1"><v>1</v></c></row>',
        '<row spans="1:2" r="4"><c r="A4"><v>1</v></c></row>',
        '<c r="A1"><v>1</v></c><row r="4"/>',
        '<row r="4"><row r="5"></row>',
        '<row r="4"><c r="A4"><v>1</v></c><!-- <row r="5"/> --></row>',
    ],
)
def test_rows_of_another_form_are_left_to_the_parser(piece):
    assert decoder().plain(piece.encode()) is None


def test_bytes_that_are_no_text_are_left_to_the_parser():
    assert decoder().plain(b'<row r="4"><c r="A4" t="str"><v>\xff</v></c></row>') is None


@given(st.lists(st.lists(st.sampled_from(ORDINARY + UNUSUAL), max_size=4), min_size=1, max_size=4))
def test_whatever_cells_stand_together_the_rows_are_the_same(rows):
    piece = "".join(f'<row r="{number}">{"".join(cells)}</row>' for number, cells in enumerate(rows, 1))
    made = decoder().plain(piece.encode())
    if made is not None:
        assert list(made) == as_parsed(piece)


@pytest.mark.parametrize(("value", "text"), [("1", "TRUE"), ("0", "FALSE"), ("true", "TRUE"), ("false", "FALSE")])
def test_a_logical_value_may_be_a_digit_or_a_word(value, text):
    (row,) = as_parsed(f'<row r="4"><c r="A4" t="b"><v>{value}</v></c></row>')
    assert row == (4, [text], ())
