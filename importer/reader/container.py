"""Which kind of file this is, by its content and never by its name, and how to open it as a grid.

Compressed files are opened through; files of other kinds are refused by what they are. Archives are measured before
anything is unpacked: the directory of a zip states every size, and Python's zipfile reads no more than stated.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from importer.errors import SourceError
from importer.reader.delimited import open_delimited
from importer.reader.encoding import BLOCK_BYTES, blocks
from importer.reader.grid import Grid

#: the most that a compressed file may hold
UNPACKED_BYTES = 2 << 30
#: past this size the content may be at most `RATIO` times as large as its compressed form
SUSPECT_BYTES, RATIO = 64 << 20, 200
_HEAD_BYTES = 1 << 16

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a bitmap picture"),
    (b"II*\0", "a TIFF picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an XZ archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"PAR1", "a Parquet file"),
    (b"!BDN", "an Outlook data file (PST)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\0\x01\0\0Standard Jet DB", "an Access database"),
    (b"\0\x01\0\0Standard ACE DB", "an Access database"),
    (b"PK\x05\x06", "an empty ZIP archive"),
)
_OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"BEGIN:VCARD", re.I), "a vCard file"),
    (re.compile(r"BEGIN:VCALENDAR", re.I), "a calendar file"),
    (re.compile(r'[\[{]\s*["{\[]'), "a JSON file"),
    (re.compile(r"MIME-Version:|From nobody ", re.I), "a web archive"),
)
_HTML = re.compile(r"<(!doctype\s+html|html|head|meta|body|table|style|div|script|title|center|font|p|br)\b", re.I)
_XML_COMMENTS = re.compile(r"^(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)+", re.S | re.I)


@dataclass(frozen=True)
class Opened:
    """The bytes of a table file, however they were packed."""

    #: name people know, with the inner name for an archive: `export.zip: contacts.csv`
    name: str
    #: a fresh stream of the content at each call
    open_bytes: Callable[[], BinaryIO]
    head: bytes
    notes: tuple[str, ...] = ()


def open_grid(
    path: Path, sheet: str | int | None, encoding: str, delimiter: str, expected: Collection[str]
) -> Grid:
    """The file as a grid of its kind. Raises SourceError saying what the file is and what to do."""
    opened = _through_compression(_plain(path))
    kind = kind_of(opened)
    if kind in ("xlsx", "xlsm"):
        grid: Grid = _open_xlsx(opened, kind, sheet)
    else:
        grid = open_delimited(opened.name, opened.open_bytes, encoding, delimiter, expected)
    grid.notes[:0] = opened.notes
    return grid


def _open_xlsx(opened: Opened, kind: str, sheet: str | int | None) -> Grid:
    from importer.reader.xlsx_sheet import UNREADABLE, open_xlsx

    try:
        return open_xlsx(opened.name, opened.open_bytes, kind, sheet)
    except UNREADABLE as error:
        raise SourceError(
            f"{opened.name}: the workbook is damaged ({error}). "
            "Open it in a spreadsheet program, save it again and use that file."
        ) from error


def _plain(path: Path) -> Opened:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SourceError(f"{path}: this is a folder. Name the file in it.")
        if not stat.S_ISREG(mode):
            raise SourceError(f"{path}: this is no ordinary file. Save the data to a file first.")
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file. Check the path; in the shell, quote names with spaces.") from None
    except PermissionError:
        raise SourceError(f"{path}: you have no right to read it. Ask its owner, or copy it to your folder.") from None
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}. Check the path.") from error
    if not head:
        raise SourceError(f"{path.name}: the file is empty. Export it again.")
    return Opened(path.name, lambda: path.open("rb"), head)


def _through_compression(opened: Opened) -> Opened:
    """The content of a gzip file, or of a zip that holds one file; anything else as it is."""
    if opened.head.startswith(b"\x1f\x8b"):
        inner = Opened(
            opened.name, lambda: gzip.GzipFile(fileobj=opened.open_bytes()), b"", (*opened.notes, "unpacked from gzip")
        )
        return _measured(inner, opened)
    if opened.head.startswith(b"PK\x03\x04"):
        return _only_member(opened)
    return opened


def _measured(inner: Opened, outer: Opened) -> Opened:
    """The inner file with its head, once its size is known to be sane; unpacked to nowhere for that."""
    with outer.open_bytes() as stream:
        packed = stream.seek(0, io.SEEK_END)
    total, head = 0, b""
    try:
        for block in blocks(inner.open_bytes):
            head = head or block[:_HEAD_BYTES]
            total += len(block)
            _refuse_bomb(inner.name, total, packed)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceError(f"{inner.name}: the compressed file is cut off or damaged ({error}). Copy it again.") from error
    if not head:
        raise SourceError(f"{inner.name}: the compressed file is empty. Export it again.")
    return Opened(inner.name, inner.open_bytes, head, inner.notes)


def _refuse_bomb(name: str, unpacked: int, packed: int) -> None:
    if unpacked > UNPACKED_BYTES or (unpacked > SUSPECT_BYTES and unpacked > packed * RATIO):
        raise SourceError(
            f"{name}: unpacked it takes {unpacked >> 20:,} MB or more, from {packed / (1 << 20):.1f} MB. "
            "That is more than a table of contacts can need, so it is not opened. Unpack it yourself if you trust it."
        )


def _only_member(opened: Opened) -> Opened:
    """The one file in a zip; the zip itself when it is an office document."""
    try:
        with opened.open_bytes() as stream, zipfile.ZipFile(stream) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SourceError(
            f"{opened.name}: the file is cut off or damaged ({error}). Copy or download it again."
        ) from error
    packed = sum(info.compress_size for info in infos)
    _refuse_bomb(opened.name, sum(info.file_size for info in infos), packed)
    names = {info.filename for info in infos}
    if names & {"[Content_Types].xml", "mimetype", "Index/Document.iwa", "Index.zip"}:
        return opened
    files = [
        info
        for info in infos
        if not info.is_dir() and not info.filename.startswith("__MACOSX/") and not _is_hidden(info.filename)
    ]
    if len(files) != 1:
        listed = ", ".join(sorted(info.filename for info in files)[:10]) or "no file at all"
        raise SourceError(
            f"{opened.name}: the archive holds {len(files)} files, one is needed: {listed}. Unpack it and name the file."
        )
    (info,) = files
    if info.flag_bits & 1:
        raise SourceError(f"{opened.name}: the archive is protected by a password. Unpack it and name the file.")
    inner = Opened(
        f"{opened.name}: {info.filename}",
        lambda: _member_stream(opened, info),
        b"",
        (*opened.notes, f'unpacked from zip: "{info.filename}"'),
    )
    try:
        return _measured(inner, opened)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise SourceError(f"{opened.name}: {error}. Unpack it yourself and name the file.") from error


def _is_hidden(name: str) -> bool:
    return name.rpartition("/")[2].startswith(".")


def _member_stream(opened: Opened, info: zipfile.ZipInfo) -> BinaryIO:
    archive = zipfile.ZipFile(opened.open_bytes())
    return archive.open(info)  # type: ignore[return-value]


def kind_of(opened: Opened) -> str:
    """csv, html, xlsx, xlsm, xlsb, ods or xls. Raises SourceError for everything else."""
    head = opened.head
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(opened)
    if head.startswith(_OLE):
        return _ole_kind(opened)
    if head.startswith(b"\x1f\x8b"):
        raise _refused(opened, "an archive inside an archive", "Unpack it and name the file.")
    if head.startswith(_OLD_BIFF):
        raise _refused(opened, "a workbook of Excel 4 or older", "Open it in a spreadsheet program and save it as XLSX.")
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise _refused(opened, what, "Export the contacts as CSV or XLSX.")
    return _text_kind(opened)


def _refused(opened: Opened, what: str, repair: str) -> SourceError:
    return SourceError(f"{opened.name}: this is {what}, whatever its name says. {repair}")


def _zip_kind(opened: Opened) -> str:
    with opened.open_bytes() as stream, zipfile.ZipFile(stream) as archive:
        names = {name.lower() for name in archive.namelist()}
        mimetype = archive.read("mimetype")[:200] if "mimetype" in names else b""
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsm" if "xl/vbaproject.bin" in names else "xlsx"
    what = "a document of another office program"
    if any(name.startswith("word/") for name in names) or b"opendocument.text" in mimetype:
        what = "a text document"
    elif any(name.startswith("ppt/") for name in names):
        what = "a presentation"
    elif any(name.endswith(".iwa") for name in names) or "index.zip" in names:
        what = "an Apple Numbers, Pages or Keynote document"
    raise _refused(opened, what, "Export the contacts as CSV or XLSX.")


def _ole_kind(opened: Opened) -> str:
    with opened.open_bytes() as stream:
        content = stream.read(64 << 20)
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


def _text_kind(opened: Opened) -> str:
    head = opened.head
    is_utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:200].count(0) * 4 > len(head[:200])
    codec = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    text = head.decode(codec if is_utf16 else "latin-1", "replace").lstrip("ÿþ\ufeffï»¿\0 \t\r\n")
    for pattern, what in _TEXT_KINDS:
        if pattern.match(text):
            raise _refused(opened, what, "Export the contacts as CSV or XLSX.")
    if text.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in text:
            raise _refused(opened, "an XML spreadsheet of 2003", "Open it in a spreadsheet program and save it as XLSX.")
        if _HTML.match(_XML_COMMENTS.sub("", text)):
            return "html"
        if text.startswith("<?xml"):
            raise _refused(opened, "an XML file", "Export the contacts as CSV or XLSX.")
    controls = sum(character < " " and character not in "\t\n\v\f\r\x1a\x1b\0" for character in text)
    if controls * 50 > len(text) or (not is_utf16 and text.count("\0") * 2 > len(text)):
        raise _refused(opened, "no text but binary data", "Export the contacts as CSV or XLSX.")
    return "csv"


# The blocks of a measured archive are read and dropped, so memory stays at one of them.
assert _HEAD_BYTES <= BLOCK_BYTES
