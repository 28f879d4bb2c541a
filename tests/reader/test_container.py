"""What a file is, whatever its name says; packed files; files nobody should open."""

import gzip
import io
import os
import tarfile
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.errors import SourceError
from importer.reader.source import open_source

TABLE = "Name,City\nAnn,York\n"


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def tar(members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content.encode()))
    return packed.getvalue()


def xlsx(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("contacts.csv.gz", gzip.compress(TABLE.encode(), mtime=0)),
        ("contacts.zip", zipped({"out/contacts.csv": TABLE})),
        ("mac.zip", zipped({"contacts.csv": TABLE, "__MACOSX/._contacts.csv": "x", ".DS_Store": "x"})),
        ("workbook.zip", zipped({"contacts.xlsx": xlsx([["Name", "City"], ["Ann", "York"]])})),
        ("named_wrong.xlsx", TABLE.encode()),
        ("named_wrong.csv", xlsx([["Name", "City"], ["Ann", "York"]])),
        ("named.xls", TABLE.replace(",", "\t").encode("utf-16")),
    ],
)
def test_the_content_decides_what_a_file_is(written, name, content):
    source = open_source(written(name, content))
    assert source.header == ("Name", "City")
    assert [row.cells for row in source.rows()] == [["Ann", "York"]]
    assert [row.cells for row in source.rows()] == [["Ann", "York"]]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "no text in it"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture"),
        (b'[{"name": "Ann"}]', "a JSON file"),
        (b'{"items": []}', "a JSON file"),
        (b"BEGIN:VCARD\nVERSION:3.0\n", "a vCard file"),
        (b'<?xml version="1.0"?><contacts/>', "an XML file"),
        (b"SQLite format 3\0", "an SQLite database"),
        (bytes(range(1, 256)) * 40, "binary data"),
        (b"".join((number * 37 % 6001 - 3000).to_bytes(2, "little", signed=True) for number in range(5000)), "binary data"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(600), "a Word document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + bytes(600), "cut off or damaged"),
        (zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}), "a text document"),
        (zipped({"a.csv": TABLE, "b.csv": TABLE}), "holds 2 files, one is needed: a.csv, b.csv"),
        (zipped({"empty/": ""}), "holds 0 files"),
        (xlsx([["Name"]])[:900], "cut off or damaged"),
        (b"BM" + b"\x46\0\0\0" + bytes(4) + b"\x36\0\0\0" + b"\x28\0\0\0" + bytes(50), "a bitmap picture"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "a video"),
        (b"L\0\0\0\x01\x14\x02\0" + bytes(68), "a Windows shortcut.*Name the file it leads to"),
        (b"\x03\x7e\x05\x11\x01\0\0\0\x41\0\x0b\0" + bytes(20) + b"NAME".ljust(11, b"\0") + b"C" + bytes(20) + b"\r Ann".ljust(11), "a DBF table.*XLSX"),
        (b'ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K"Name"\r\nE\r\n', "a SYLK table"),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,2\r\n""\r\n', "a DIF table"),
        (tar({"contacts.csv": TABLE}), "a TAR archive.*Unpack it"),
        (gzip.compress(tar({"contacts.csv": TABLE}), mtime=0), "a TAR archive.*Unpack it"),
        (gzip.compress(TABLE.encode(), mtime=0)[:-9], "cut off or damaged"),
        (zipped({"a.zip": zipped({"b.csv": TABLE})}), "archive"),
    ],
)
def test_what_is_no_table_is_refused_as_what_it_is(written, content, what):
    with pytest.raises(SourceError, match=what) as refusal:
        open_source(written("contacts.xlsx", content))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["BMI", "PAR1", "Rar!", "BZh", "GIF8", "MZ", "TABLE", "ID3"])
def test_a_header_that_begins_like_another_kind_of_file_is_a_header(written, name):
    assert open_source(written("t.csv", f"{name};Phone\n1;2\n")).header == (name, "Phone")


def test_an_id_and_a_phone_are_no_sylk_table(written):
    assert open_source(written("t.csv", "ID;Phone\nC;X\n")).header == ("ID", "Phone")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_an_xls_that_is_cut_off_is_told_as_that(written, fixture_file, share):
    content = fixture_file("typed_cells.xls").read_bytes()
    with pytest.raises(SourceError, match="cut off or damaged.*Copy or download it again"):
        open_source(written("contacts.xls", content[: int(len(content) * share)]))


def test_the_name_within_an_archive_is_shown_on_one_line_without_commands_to_the_terminal(written):
    source = open_source(written("t.zip", zipped({"con\n\x1b[31mtacts.csv": TABLE})))
    assert source.notes[0] == 'unpacked from zip: "con \ufffd[31mtacts.csv"'


def test_a_password_is_told(fixture_file):
    with pytest.raises(SourceError, match="protected by a password"):
        open_source(fixture_file("password_protected.xlsx"))


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        open_source(tmp_path / "none.csv")
    with pytest.raises(SourceError, match="this is a folder"):
        open_source(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(SourceError, match="no ordinary file"):
        open_source(tmp_path / "pipe.csv")


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped({"contacts.csv": content})])
def test_what_unpacks_to_far_more_than_it_is_is_not_opened(written, pack):
    with pytest.raises(SourceError, match="more than a table of contacts can need"):
        open_source(written("contacts.csv.gz", pack(bytes(80 << 20))))


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_not_opened(written):
    bomb = zipped(
        {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>", "xl/sharedStrings.xml": bytes(80 << 20)}
    )
    with pytest.raises(SourceError, match="more than a table of contacts can need"):
        open_source(written("bomb.xlsx", bomb))


def test_entities_that_multiply_are_not_followed(written):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    evil = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'
    path = written("laughs.xlsx", zipped({"[Content_Types].xml": evil, "xl/workbook.xml": evil}))
    with pytest.raises(SourceError, match="damaged"):
        open_source(path)


def outcome(path):
    """Reads all of it; nothing but a SourceError may come out."""
    try:
        return sum(1 for _ in open_source(path).rows())
    except SourceError as error:
        return str(error)


FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(st.binary(max_size=300) | st.text(',;"\n\r\t|\0aй\u00a0=', max_size=80).map(str.encode))
def test_any_bytes_are_rows_or_a_refusal(tmp_path, content):
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    outcome(path)


@settings(FUZZ, max_examples=100)
@given(
    st.sampled_from(["typed_cells.xls", "typed_cells.ods", "password_protected.xlsx", "bitrix24_export.xls"]), st.data()
)
def test_a_damaged_file_is_rows_or_a_refusal(tmp_path, fixture_file, name, data):
    content = bytearray(fixture_file(name).read_bytes())
    for position in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[position] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.bin"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content)
    outcome(path)


@settings(FUZZ, max_examples=40)
@given(st.data())
def test_a_damaged_part_of_a_workbook_is_rows_or_a_refusal(tmp_path, data):
    with zipfile.ZipFile(io.BytesIO(xlsx([["Name", "Sum"], ["Ann", 1.5], ["Bob", "x"]]))) as whole:
        parts = {name: bytearray(whole.read(name)) for name in whole.namelist()}
    part = parts[data.draw(st.sampled_from(sorted(parts)))]
    for position in data.draw(st.lists(st.integers(0, len(part) - 1), min_size=1, max_size=5)):
        part[position] = data.draw(st.sampled_from(b'<>"/ 0A=\xff'))
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(zipped(parts))
    outcome(path)
