"""What a file that is no table is, told by its first bytes, with what to do.

A few letters are no proof: "BMI;Name" is a header, and so is "ID;Phone". Each pattern goes as far into the file's own
header as no line of text does.
"""

from __future__ import annotations

import re

_EXPORT = "Export the contacts as CSV or XLSX."
_UNPACK = "Unpack it and name the file."
_SAVE = "Open it in a spreadsheet program and save it as XLSX."

# Length of a bitmap's second header, by version.
_BITMAP_HEADERS = rb"[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0"

_KINDS: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), what, repair)
    for pattern, what, repair in (
        (rb"%PDF-", "a PDF document", _EXPORT),
        (rb"\xff\xd8\xff", "a JPEG picture", _EXPORT),
        (rb"\x89PNG\r\n\x1a\n", "a PNG picture", _EXPORT),
        (rb"GIF8[79]a", "a GIF picture", _EXPORT),
        (rb"BM.{4}\0{4}.{4}" + _BITMAP_HEADERS, "a bitmap picture", _EXPORT),
        (rb"II\*\0|MM\0\*", "a TIFF picture", _EXPORT),
        (rb"RIFF.{4}(?:WAVE|AVI |WEBP)|.{4}ftyp[a-zA-Z0-9 ]{4}\0|OggS\0|ID3[\x02-\x04]\0", "a picture, a video or sound", _EXPORT),
        (rb"Rar!\x1a\x07", "a RAR archive", _UNPACK),
        (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
        (rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", "a bzip2 archive", _UNPACK),
        (rb"\xfd7zXZ\0", "an XZ archive", _UNPACK),
        (rb"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
        (rb"MSCF\0{4}", "a CAB archive", _UNPACK),
        (rb".{257}ustar(?:  )?\0", "a TAR archive", _UNPACK),
        (rb"PK\x05\x06", "an empty ZIP archive", _EXPORT),
        (rb"SQLite format 3\0", "an SQLite database", _EXPORT),
        (rb"\0\x01\0\0Standard (?:Jet|ACE) DB", "an Access database", _EXPORT),
        (rb"\{\\rtf\d", "an RTF document", _EXPORT),
        (rb"PAR1[\0-\x1f]", "a Parquet file", _EXPORT),
        (rb"!BDN.{4}(?:SM|AB)", "an Outlook data file (PST)", _EXPORT),
        (rb"\x7fELF|MZ\x90\0", "a program", _EXPORT),
        (rb"L\0\0\0\x01\x14\x02\0", "a Windows shortcut", "Name the file it leads to."),
        (rb"\x09(?:\0\x04|\x02\x06|\x04\x06|\x08\x08)\0", "a workbook of Excel 4 or older", _SAVE),
        # Version, date of the last change, count of rows, lengths of header and record, and NULs to byte 28.
        (rb"[\x02\x03\x30-\x32\x43\x63\x83\x8b\x8e\xcb\xe5\xf5\xfb].[\x01-\x0c][\x01-\x1f].{4}.{2}.{2}\0\0", "a DBF table", _SAVE),
        (rb"ID;P[^;\r\n]*(?:;[A-Z][^;\r\n]*)*\r?\n(?:P;[A-Z]|F;[A-Z]|B;[XY]\d|C;[XY]\d|O;[A-Z])", "a SYLK table", _SAVE),
        (rb'TABLE\r?\n0,\d+\r?\n"', "a DIF table", _SAVE),
    )
)


def foreign_kind(head: bytes) -> tuple[str, str] | None:
    """What the file is and what to do; None when its beginning is of no kind known to hold no table."""
    return next(((what, repair) for pattern, what, repair in _KINDS if pattern.match(head)), None)
