"""Which kind of file this is, by its content and never by its name, and how it is opened as a grid.

A file of a kind that holds no table is refused by what it is (`signatures`). How files are packed is in `packing`.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

from importer.errors import SourceError
from importer.reader.delimited import open_delimited
from importer.reader.encoding import utf16_by_nul_bytes
from importer.reader.grid import Grid
from importer.reader.packing import DAMAGED_ARCHIVE, Opened, damaged_archive, opened_file, reason
from importer.reader.signatures import foreign_kind
from importer.reader.workbook_zip import WorkbookZip

_IWORK = re.compile(r"\.iwa$")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"BEGIN:VCARD", re.I), "a vCard file"),
    (re.compile(r"BEGIN:VCALENDAR", re.I), "a calendar file"),
    (re.compile(r'[\[{]\s*["{\[]'), "a JSON file"),
    (re.compile(r"MIME-Version:|From nobody ", re.I), "a web archive"),
)
# Unassigned, private and half characters: numbers of 16 bits, such as sound, are no text of UTF-16.
_NO_CHARACTER = {"Cn", "Co", "Cs"}
_HTML = re.compile(r"<(!doctype\s+html|html|head|meta|body|table|style|div|script|title|center|font|p|br)\b", re.I)
_XML_COMMENTS = re.compile(r"^(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)+", re.S | re.I)


def open_grid(path: Path, sheet: str | int | None, encoding: str, delimiter: str, expected: Collection[str]) -> Grid:
    """The file as a grid of its kind. Raises SourceError saying what the file is and what to do."""
    opened = opened_file(path)
    kind = kind_of(opened)
    grid = _opened_as(kind, opened, sheet, (encoding, delimiter), expected)
    grid.notes[:0] = opened.notes
    return grid


def _opened_as(
    kind: str, opened: Opened, sheet: str | int | None, text: tuple[str, str], expected: Collection[str]
) -> Grid:
    """Each kind's module is loaded where it is needed: the spreadsheet libraries are heavy."""
    if kind in ("xlsx", "xlsm"):
        return _open_xlsx(opened, kind, sheet)
    if kind == "xls":
        from importer.reader.xls_sheet import open_xls

        return open_xls(opened.name, opened.open_bytes, sheet)
    if kind == "xlsb":
        from importer.reader.calamine_sheet import open_with_calamine

        return open_with_calamine(opened.name, opened.open_bytes, kind, sheet)
    if kind == "ods":
        from importer.reader.ods_sheet import open_ods

        return open_ods(opened.name, opened.open_bytes, sheet)
    if kind == "html":
        from importer.reader.html_table import open_html

        return open_html(opened.name, opened.open_bytes, opened.head, text[0])
    return open_delimited(opened.name, opened.open_bytes, *text, expected)


def _open_xlsx(opened: Opened, kind: str, sheet: str | int | None) -> Grid:
    from importer.reader.xlsx_sheet import UNREADABLE, open_xlsx

    try:
        return open_xlsx(opened.name, opened.open_bytes, kind, sheet)
    except UNREADABLE as error:
        # Exporters that do not keep to the standard are common; calamine is more lenient, at the price of formats.
        from importer.reader.calamine_sheet import open_with_calamine

        grid = open_with_calamine(opened.name, opened.open_bytes, kind, sheet)
        grid.notes.insert(0, f"the workbook is not quite as the standard says ({reason(error)})")
        return grid


def kind_of(opened: Opened) -> str:
    """csv, html, xlsx, xlsm, xlsb, ods or xls. Raises SourceError for everything else."""
    head = opened.head
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(opened)
    if head.startswith(_OLE):
        return _ole_kind(opened)
    if head.startswith(b"\x1f\x8b"):
        raise _refused(opened, "an archive inside an archive", "Unpack it and name the file.")
    if foreign := foreign_kind(head):
        raise _refused(opened, *foreign)
    return _text_kind(opened)


def _refused(opened: Opened, what: str, repair: str) -> SourceError:
    return SourceError(f"{opened.name}: this is {what}, whatever its name says. {repair}")


def _zip_kind(opened: Opened) -> str:
    try:
        with opened.open_bytes() as stream, WorkbookZip(stream) as archive:
            names = {name.lower() for name in archive.namelist()}
            mimetype = archive.read("mimetype")[:200] if "mimetype" in names else b""
    except DAMAGED_ARCHIVE as error:
        raise damaged_archive(opened.name, error) from error
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsm" if "xl/vbaproject.bin" in names else "xlsx"
    if not names & {"[content_types].xml", "mimetype", "index.zip"} and not any(map(_IWORK.search, names)):
        raise _refused(opened, "an archive inside an archive", "Unpack it and name the file.")
    what = "a document of another office program"
    if any(name.startswith("word/") for name in names) or b"opendocument.text" in mimetype:
        what = "a text document"
    elif any(name.startswith("ppt/") for name in names):
        what = "a presentation"
    elif "index.zip" in names or any(map(_IWORK.search, names)):
        what = "an Apple Numbers, Pages or Keynote document"
    raise _refused(opened, what, "Export the contacts as CSV or XLSX.")


def _ole_kind(opened: Opened) -> str:
    with opened.open_bytes() as stream:
        content = stream.read(64 << 20)
        size = stream.seek(0, io.SEEK_END)
    if _directory_end(content) > size:
        raise damaged_archive(opened.name, EOFError("its list of contents lies beyond its end"))
    names = {
        name: name.encode("utf-16-le") in content
        for name in ("EncryptedPackage", "Workbook", "Book", "WordDocument", "__substg1.0_")
    }
    if names["EncryptedPackage"]:
        raise SourceError(
            f"{opened.name}: the workbook is protected by a password. Open it in a spreadsheet program, remove the "
            "password (File, Info, Protect Workbook) and save it."
        )
    if names["Workbook"] or names["Book"]:
        return "xls"
    what = "a Word document" if names["WordDocument"] else "a file of another office program"
    what = "an Outlook message" if names["__substg1.0_"] else what
    raise _refused(opened, what, "Export the contacts as CSV or XLSX.")


def _directory_end(head: bytes) -> int:
    """Where the first sector of an OLE file's directory ends; 0 where its header does not say.

    Source: [MS-CFB] 2.2, sector shift at byte 30 (9 or 12), first directory sector at byte 48; the header counts as one.
    """
    shift, sector = int.from_bytes(head[30:32], "little"), int.from_bytes(head[48:52], "little")
    return (sector + 2) << shift if shift in (9, 12) else 0


def _text_kind(opened: Opened) -> str:
    head = opened.head
    guessed = None if head[:2] in (b"\xff\xfe", b"\xfe\xff") else utf16_by_nul_bytes(head)
    utf16 = guessed or ("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else None)
    text = head.decode(utf16 or "latin-1", "replace").lstrip("ÿþ\ufeffï»¿\0 \t\r\n")
    for pattern, what in _TEXT_KINDS:
        if pattern.match(text):
            raise _refused(opened, what, "Export the contacts as CSV or XLSX.")
    if text.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in text:
            raise _refused(
                opened, "an XML spreadsheet of 2003", "Open it in a spreadsheet program and save it as XLSX."
            )
        if _HTML.match(_XML_COMMENTS.sub("", text)):
            return "html"
        if text.startswith("<?xml"):
            raise _refused(opened, "an XML file", "Export the contacts as CSV or XLSX.")
    strange = sum(character < " " and character not in "\t\n\v\f\r\x1a\x1b\0" for character in text)
    strange += sum(unicodedata.category(character) in _NO_CHARACTER for character in text) if guessed else 0
    if strange * 50 > len(text) or (not utf16 and text.count("\0") * 2 > len(text)):
        raise _refused(opened, "no text but binary data", "Export the contacts as CSV or XLSX.")
    return "csv"
