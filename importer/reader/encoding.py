"""Which encoding a text file has, found over the whole file, with the evidence.

In this order: a byte order mark; UTF-16 without one, by where the NUL bytes are; UTF-8 if all (or all but a few
spots) of the file is UTF-8; else the single-byte code page under which the letters are most plausible (`code_pages`).
Files are read once or twice in blocks; nothing is kept but a sample of the non-ASCII lines.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from importer.reader.code_pages import most_plausible

BLOCK_BYTES = 1 << 20

BYTE_ORDER_MARK = "\ufeff"
#: what programs of DOS wrote at the end of a file
DOS_END = "\x1a"
_SAMPLE_BYTES = 1 << 16

#: what undecodable bytes become, so that the line they are in can be told; never part of real text
MARKED = re.compile("[\ud800-\udfff]")
MARKING = "b24-mark-undecodable"

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

def _mark_undecodable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(MARKING, _mark_undecodable)


@dataclass(frozen=True)
class Encoding:
    """How to decode a file, and what it is like once decoded."""

    #: a Python codec name
    codec: str
    #: the evidence, for a person
    note: str
    #: every byte of the file has a meaning in this encoding
    is_clean: bool
    #: the text has characters that lines of a table lose: NUL, inner byte order marks, the end of a DOS file
    has_strays: bool
    #: the longest run of whole blocks without a line end, in bytes; 0 for ordinary files
    longest_line_bytes: int = 0

    @property
    def errors(self) -> str:
        """The error handler to decode with: marks are made only where there is something to mark."""
        return "strict" if self.is_clean else MARKING


def blocks(open_bytes: Callable[[], BinaryIO]) -> Iterator[bytes]:
    """The file's bytes in blocks of at most `BLOCK_BYTES`."""
    with open_bytes() as stream:
        while block := stream.read(BLOCK_BYTES):
            yield block


def survey(open_bytes: Callable[[], BinaryIO], wanted: str = "auto", why: str = "as asked") -> Encoding:
    """The encoding of the file; with `wanted` other than `auto`, that one, with what it makes of the file and `why`.

    Raises LookupError or UnicodeError when Python knows no text encoding called `wanted`.
    """
    if wanted.strip().lower() != "auto":
        codec = codecs.lookup(wanted.strip()).name
        b"a".decode(codec, "ignore")  # base64 and its like are codecs too; this raises LookupError for them
        return _tried(open_bytes, _with_mark(open_bytes, codec), f"encoding {wanted.strip()}, {why}")[0]
    with open_bytes() as stream:
        head = stream.read(_SAMPLE_BYTES)
    for mark, codec in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            name = codec.removesuffix("-sig")
            return _tried(open_bytes, codec, f"encoding {name}: the file begins with its byte order mark")[0]
    if codec := utf16_by_nul_bytes(head):
        return _tried(open_bytes, codec, f"encoding {codec}: every second byte is NUL where letters are Latin")[0]
    encoding, sample, share_broken = _tried(open_bytes, "utf-8", "encoding utf-8: the whole file is valid UTF-8")
    if encoding.is_clean:
        return encoding
    if share_broken < 0.1:
        note = "encoding utf-8: nearly all of the file is valid UTF-8; the rows that are not are rejected"
        return Encoding("utf-8", note, False, encoding.has_strays, encoding.longest_line_bytes)
    page = most_plausible(sample)
    return _tried(open_bytes, page.codec, page.note)[0]


def utf16_by_nul_bytes(head: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, told by where the NUL bytes are; None for anything else."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    # Even a file of Cyrillic words has ASCII delimiters, digits and line ends: a few percent of the characters.
    enough = max(2, len(head) // 100)
    if odd >= enough and even * 20 < odd:
        return "utf-16-le"
    if even >= enough and odd * 20 < even:
        return "utf-16-be"
    return None


def _with_mark(open_bytes: Callable[[], BinaryIO], codec: str) -> str:
    """The variant of a Unicode codec that eats the file's byte order mark, if there is one."""
    with open_bytes() as stream:
        head = stream.read(4)
    if codec == "utf-8" and head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if codec == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
    return codec


def _tried(open_bytes: Callable[[], BinaryIO], codec: str, note: str) -> tuple[Encoding, bytes, float]:
    """The encoding if `codec` is right; a sample of the non-ASCII lines; the share of non-ASCII that is broken."""
    decoder = codecs.getincrementaldecoder(codec)("surrogateescape" if codec.startswith("utf-8") else MARKING)
    broken = wide = 0
    has_strays, longest, stretch, sample = False, 0, 0, bytearray()
    for block in blocks(open_bytes):
        text = decoder.decode(block)
        stretch = 0 if b"\n" in block or b"\r" in block else stretch + len(block)
        longest = max(longest, stretch)
        has_strays = has_strays or "\0" in text or DOS_END in text or BYTE_ORDER_MARK in text
        if text.isascii():
            continue
        broken_here = _count_marks(text)
        broken += broken_here
        wide += len(text) - len(text.encode("ascii", "ignore"))
        if broken_here and len(sample) < _SAMPLE_BYTES:
            lines = (line for line in block.splitlines() if not line.isascii())
            sample += b"\n".join(lines)[:_SAMPLE_BYTES]
    broken += _count_marks(decoder.decode(b"", final=True))
    return Encoding(codec, note, not broken, has_strays, longest), bytes(sample), broken / max(1, wide)


def _count_marks(text: str) -> int:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return len(MARKED.findall(text))
    return 0
