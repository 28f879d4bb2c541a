"""Rows of a sheet's XML, however the file spells and cuts them."""

import io
from xml.etree.ElementTree import ParseError

import pytest

from importer.reader import xml_blocks

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PLAIN = (
    f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><cols><col min="1"/></cols><sheetData>'
    '<row r="1"><c><v>ä</v></c></row><row r="2"/>\n<row r="3"><c><v>б</v></c></row><row r="5"/></sheetData><row r="9"/></worksheet>'
)
PREFIXED = PLAIN.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
COMMENTED = PLAIN.replace('<row r="3">', '<!-- </row> --><row r="3">')


@pytest.mark.parametrize("chunk_bytes", [1, 7, 1 << 18])
@pytest.mark.parametrize(
    "part",
    [
        PLAIN.encode(),
        PREFIXED.encode(),
        COMMENTED.encode(),
        PLAIN.replace("ä", "<![CDATA[ä]]>").encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("UTF-8", "UTF-16").encode("utf-16"),
        PLAIN.replace("ä", "б").replace("UTF-8", "windows-1251").encode("cp1251"),
        PLAIN.replace("<worksheet", "<!DOCTYPE worksheet><worksheet").encode(),
    ],
    ids=["plain", "prefixed", "comment", "cdata", "bom", "utf-16", "cp1251", "doctype"],
)
def test_the_rows_are_the_same_however_the_part_is_written(part, chunk_bytes, monkeypatch):
    monkeypatch.setattr(xml_blocks, "_CHUNK_BYTES", chunk_bytes)
    found = [
        (row.get("r"), "".join(row.itertext()).strip().replace("ä", "б")) for row in xml_blocks.values(io.BytesIO(part), "row", "sheetData", lambda row: row)
    ]
    assert found == [("1", "б"), ("2", ""), ("3", "б"), ("5", "")]


def test_a_sheet_without_rows_has_none():
    part = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()
    assert list(xml_blocks.values(io.BytesIO(part), "row", "sheetData", lambda row: row)) == []


@pytest.mark.parametrize("cut", [30, 150, 200, 250])
@pytest.mark.parametrize("part", [PLAIN, COMMENTED])
def test_a_part_that_is_cut_off_is_an_error(part, cut):
    with pytest.raises(ParseError):
        list(xml_blocks.values(io.BytesIO(part.encode()[:cut]), "row", "sheetData", lambda row: row))
