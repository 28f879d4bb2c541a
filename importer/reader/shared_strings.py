"""The string table of a workbook, kept so that a million of texts take the memory of their bytes, and no more than that.

Up to `IN_MEMORY_BYTES` of text stay in memory, the rest goes to a temporary file without a name.
"""

from __future__ import annotations

import mmap
import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from importer.reader.cells import unescaped
from importer.reader.xml_blocks import MAIN, PLAIN_TEXT, values

#: past this many bytes the texts are kept on disk
IN_MEMORY_BYTES = 64 << 20

_PLAIN = re.compile(rf'<si><t(?: xml:space="preserve")?>({PLAIN_TEXT}*)</t></si>')

_TEXT, _RUN = f"{MAIN}t", f"{MAIN}r"


def rich_text(element: Element) -> str:
    """The text of a string item or inline string: its own, or that of its runs; reading aids are left out."""
    if len(element) == 1 and element[0].tag == _TEXT:
        return unescaped(element[0].text or "")
    parts = [part.text if part.tag == _TEXT else part.findtext(_TEXT) for part in element if part.tag in (_TEXT, _RUN)]
    return unescaped("".join(filter(None, parts)))


def read_strings(stream: BinaryIO) -> SharedStrings:
    """The table of a `sharedStrings.xml`. Raises ElementTree's ParseError where the XML is broken."""
    return SharedStrings(values(stream, "si", "sst", rich_text, _plain_texts))


def _plain_texts(piece: bytes) -> Iterable[str] | None:
    """The texts of whole `si` elements that hold a plain text each, as nearly all do; None where one holds anything else."""
    try:
        xml = piece.decode()
    except UnicodeDecodeError:
        return None
    found = _PLAIN.findall(xml)
    return map(unescaped, found) if 4 * len(found) == xml.count("<") else None


class SharedStrings:
    """Texts by their number, from 0."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._ends = array("Q", [0])
        self._bytes: bytes | mmap.mmap = b""
        self._fill(iter(texts))

    def _fill(self, texts: Iterator[str]) -> None:
        held = bytearray()
        ends, before = self._ends, 0
        file = None
        for text in texts:
            held += text.encode("utf-8", "surrogatepass")
            ends.append(before + len(held))
            if len(held) > IN_MEMORY_BYTES:
                file = file or tempfile.TemporaryFile()
                file.write(held)
                before += len(held)
                held.clear()
        if file is None:
            self._bytes = bytes(held)
            return
        with file:
            file.write(held)
            file.flush()
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")
