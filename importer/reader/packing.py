"""A file's bytes through whatever they are packed in: plain, gzip, or a zip with one file.

Nothing is unpacked to disk. Archives are measured before they are opened: the directory of a zip states every size, and
Python's zipfile reads no more than stated; a gzip stream is read through once and dropped.
"""

from __future__ import annotations

import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from importer.errors import SourceError
from importer.reader.encoding import blocks

#: the most that a compressed file may hold
UNPACKED_BYTES = 2 << 30
#: past this size the content may be at most `RATIO` times as large as its compressed form
SUSPECT_BYTES, RATIO = 64 << 20, 200
#: how much of a file is looked at to tell what it is
HEAD_BYTES = 1 << 16

#: what zipfile raises for archives that are cut off, damaged, encrypted or packed in ways it does not know
DAMAGED_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    gzip.BadGzipFile,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
# Parts that make a zip a document; it is then no archive to look into.
_DOCUMENT_PARTS = {"[Content_Types].xml", "mimetype", "Index/Document.iwa", "Index.zip"}


@dataclass(frozen=True)
class Opened:
    """The bytes of a table file, however they were packed."""

    #: name people know, with the inner name for an archive: `export.zip: contacts.csv`
    name: str
    #: a fresh stream of the content at each call
    open_bytes: Callable[[], BinaryIO]
    head: bytes
    notes: tuple[str, ...] = ()


def opened_file(path: Path) -> Opened:
    """The file, looked through its compression. Raises SourceError when it cannot be read."""
    return _through_compression(_plain(path))


def damaged_archive(name: str, error: Exception) -> SourceError:
    """The refusal of an archive or workbook for one of `DAMAGED_ARCHIVE`."""
    return SourceError(f"{name}: the file is cut off or damaged ({reason(error)}). Copy or download it again.")


def reason(error: BaseException) -> str:
    """What an exception of a library says, on one line and not too long for a message of ours."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 120 else f"{text[:119]}…"


def _plain(path: Path) -> Opened:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise SourceError(f"{path}: this is a folder. Name the file in it.")
        if not stat.S_ISREG(mode):
            raise SourceError(f"{path}: this is no ordinary file. Save the data to a file first.")
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except FileNotFoundError:
        raise SourceError(
            f"{path}: there is no such file. Check the path; in the shell, quote names with spaces."
        ) from None
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
            head = head or block[:HEAD_BYTES]
            total += len(block)
            _refuse_bomb(inner.name, total, packed)
    except DAMAGED_ARCHIVE as error:
        raise damaged_archive(inner.name, error) from error
    if not head:
        raise SourceError(f"{inner.name}: the compressed file is empty. Export it again.")
    if head.startswith((b"PK", b"\xd0\xcf")):  # a workbook: it is read by seeking, which starts a packed stream anew
        with inner.open_bytes() as stream:
            content = stream.read()
        return Opened(inner.name, lambda: io.BytesIO(content), head, inner.notes)
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
    except DAMAGED_ARCHIVE as error:
        raise damaged_archive(opened.name, error) from error
    packed = sum(info.compress_size for info in infos)
    _refuse_bomb(opened.name, sum(info.file_size for info in infos), packed)
    names = {info.filename for info in infos}
    if names & _DOCUMENT_PARTS:
        return opened
    files = [
        info
        for info in infos
        if not info.is_dir() and not info.filename.startswith("__MACOSX/") and not _is_hidden(info.filename)
    ]
    if len(files) != 1:
        listed = (
            ", ".join(_shown(name) for name in sorted(info.filename for info in files)[:10])
            or "no file at all"
        )
        raise SourceError(
            f"{opened.name}: the archive holds {len(files)} files, one is needed: {listed}. "
            "Unpack it and name the file."
        )
    (info,) = files
    if info.flag_bits & 1:
        raise SourceError(f"{opened.name}: the archive is protected by a password. Unpack it and name the file.")
    inner = Opened(
        f"{opened.name}: {_shown(info.filename)}",
        lambda: _member_stream(opened, info),
        b"",
        (*opened.notes, f'unpacked from zip: "{_shown(info.filename)}"'),
    )
    return _measured(inner, opened)


def _shown(name: str) -> str:
    """A member's name on one line, without what a terminal would take for commands."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in " ".join(name.split()))


def _is_hidden(name: str) -> bool:
    return name.rpartition("/")[2].startswith(".")


def _member_stream(opened: Opened, info: zipfile.ZipInfo) -> BinaryIO:
    archive = zipfile.ZipFile(opened.open_bytes())
    return archive.open(info)  # type: ignore[return-value]
