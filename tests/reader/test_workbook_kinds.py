"""XLS, XLSB and XLSM give the same text that XLSX gives; odd XLSX files are read all the same."""

import datetime
import re
import struct
import zipfile

import pytest

from importer.errors import SourceError
from importer.reader.source import open_source

from .raw_xlsx import raw_xlsx


def warned(row):
    return [(warning.code, warning.column) for warning in row.warnings]


def test_an_xls_shows_formats_dates_and_errors(fixture_file):
    source = open_source(fixture_file("typed_cells.xls"))
    assert (source.kind, source.sheet) == ("xls", "Contacts")
    first, second = source.rows()
    assert first.cells == ["Анна", "79000000001", "2001-02-03", "12.5%", "TRUE", "00042", "", "36:00:00", "1200.50 ₽"]
    assert warned(first) == [("formula_error", "Err")]
    assert (second.number, second.cells[:3]) == (4, ["NA", "00042", "2001-02-03 04:05:06"])
    assert second.cells[7] == "04:05:06"


def test_an_xls_has_formats_built_in_for_one_language(fixture_file, tmp_path):
    content = fixture_file("typed_cells.xls").read_bytes()
    for own, built_in in ((165, 31), (167, 62)):  # DD.MM.YYYY, 00000
        style = re.compile(b"(\xe0\0\x14\0..)" + re.escape(struct.pack("<H", own)), re.DOTALL)
        content = style.sub(lambda found, key=built_in: found[1] + struct.pack("<H", key), content)
    (tmp_path / "cjk.xls").write_bytes(content)
    first, _ = open_source(tmp_path / "cjk.xls").rows()
    assert (first.cells[2], first.cells[5]) == ("2001-02-03", "42.00")


def record(kind, payload=b""):
    """One record of an XLSB part: type and size in 7-bit groups."""
    kinds = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return kinds + bytes([len(payload)]) + payload


def text(value):
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def xlsb(path, rows):
    """A minimal XLSB workbook with one sheet; `rows` are lists of texts and numbers by (row, column)."""
    sheet = record(129) + record(148, struct.pack("<IIII", 0, 9, 0, 9)) + record(145)
    for row, cells in rows.items():
        sheet += record(0, struct.pack("<IIHH4xI", row, 0, 300, 0, 0))
        for column, value in cells.items():
            payload = struct.pack("<II", column, 0)
            sheet += (
                record(6, payload + text(value))
                if isinstance(value, str)
                else record(5, payload + struct.pack("<d", value))
            )
    sheet += record(146) + record(130)
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + text("rId1") + text("Contacts"))
    book += record(144) + record(132)
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relation}" Target="worksheets/sheet1.bin"/></Relationships>',
        )
    return path


def test_an_xlsb_is_read_and_says_what_it_cannot_show(tmp_path):
    path = xlsb(tmp_path / "t.xlsb", {1: {1: "Name", 2: "Phone"}, 3: {1: "Ann", 2: 79000000001.0}})
    source = open_source(path)
    assert (source.kind, source.sheet, source.header_row) == ("xlsb", "Contacts", 2)
    assert [(row.number, row.cells) for row in source.rows()] == [(4, ["", "Ann", "79000000001"])]
    assert any("number formats and error values cannot be read" in note for note in source.notes)


def test_an_xlsb_with_a_cell_in_the_last_corner_is_refused_before_it_fills_the_memory(tmp_path):
    path = xlsb(tmp_path / "t.xlsb", {0: {0: "Name"}, 1_048_575: {16_383: "x"}})
    with pytest.raises(SourceError, match="reaches to row 1,048,576 and column 16,384"):
        open_source(path)


ROWS = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
STRINGS = "<si><t>Name</t></si><si><t>Ann</t></si>"


def test_a_string_table_under_a_name_of_another_case_is_found(tmp_path):
    """As 1C writes it: the part is SharedStrings.xml, the index says sharedStrings.xml."""
    source = open_source(raw_xlsx(tmp_path / "1c.xlsx", ROWS, STRINGS, strings_part="xl/SharedStrings.xml"))
    assert (source.header, [row.cells for row in source.rows()]) == (("Name",), [["Ann"]])


def test_a_far_cell_does_not_fill_the_memory_of_the_lenient_way(tmp_path):
    rows = ROWS + '<row r="1048576"><c r="XFD1048576" t="s"><v>1</v></c></row>'
    with pytest.raises(SourceError, match="reaches to row 1,048,576 and column 16,384"):
        open_source(raw_xlsx(tmp_path / "1c.xlsx", rows, STRINGS, strings_part="xl/SharedStrings.xml"))


def rewritten(path, name_of, content_of):
    """The workbook with other names and contents of all its parts."""
    changed = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name_of(name), content_of(old.read(name)))
    return changed


def typed(sheet):
    sheet["B2"].number_format = "0.0%"
    sheet.merge_cells("A2:A3")


TYPED = [["Name", "Share", "Born"], ["Ann", 0.125, datetime.date(2001, 2, 3)], [None, 1, "#N/A"]]


def as_strict(xml):
    for name in ("spreadsheetml", "officeDocument"):
        old = f"http://schemas.openxmlformats.org/{name}/2006/"
        xml = xml.replace(old.encode(), f"http://purl.oclc.org/ooxml/{name}/".encode())
    return xml.replace(b' t="n"><v>36925</v>', b' t="d"><v>2001-02-03T00:00:00.000</v>')


@pytest.mark.parametrize(
    ("name_of", "content_of"),
    [
        pytest.param(str, as_strict, id="strict Open XML, a choice when saving in Excel"),
        pytest.param(lambda name: name.replace("/", "\\"), bytes, id="backslashes, as old .NET programs write"),
    ],
)
def test_a_dialect_of_xlsx_is_read_like_any_other(workbook, name_of, content_of):
    source = open_source(rewritten(workbook(TYPED, typed), name_of, content_of))
    assert (source.kind, source.header, len(source.notes)) == ("xlsx", ("Name", "Share", "Born"), 1)
    first, second = source.rows()
    assert (first.cells, second.cells) == (["Ann", "12.5%", "2001-02-03"], ["", "1", ""])
    assert warned(second) == [("formula_error", "Born"), ("merged_cell", "Name")]


def test_macros_make_an_xlsm(workbook):
    path = workbook([["Name"], ["Ann"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0")
    source = open_source(path)
    assert (source.kind, [row.cells for row in source.rows()]) == ("xlsm", [["Ann"]])


