"""The many elements of one kind in a large XML part, such as a sheet's rows, each as a small tree of its own.

The part is cut where such an element ends, and each piece is parsed by itself: a tree built at once costs a third of
what callbacks or events do, and no more than a piece is ever in memory. What is cut so is looked at first: a part that
is not UTF-8, or has comments, CDATA or a DOCTYPE, in which an end tag would be no end, is parsed event by event.
Expat itself refuses entities that multiply (since 2.4.1).

Whoever knows how nearly all such elements are written may read a piece of them without a tree; see `values`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, TypeVar
from xml.etree.ElementTree import XML, Element, XMLPullParser
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

#: namespace of spreadsheets, as tags of elements begin with it
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# Namespaces of a strict workbook and what they are called in all others. ISO/IEC 29500, part 1, annex A and part 4.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", MAIN[1:-1].encode()),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
#: a character, for regular expressions, that XML gives back as it stands and allows where it stands
PLAIN_TEXT = r"[^<&\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
_CHUNK_BYTES = 1 << 18
# What stands above the first element may be this large: widths of columns, conditional formats of old programs.
_MOST_HEAD_BYTES = 4 << 20
_UTF8 = re.compile(rb"""\s*(?:<\?xml(?:(?!encoding)[^?])*(?:encoding\s*=\s*["'](?:utf-?8|us-ascii)["'][^?]*)?\?>)?[^?]*""", re.IGNORECASE)


Value = TypeVar("Value")


def as_transitional(xml: bytes) -> bytes:
    """The XML of a strict workbook with the namespaces of all others; any other as it is."""
    for strict, transitional in _STRICT:
        xml = xml.replace(strict, transitional)
    return xml


def values(stream: BinaryIO, name: str, within: str, of_element: Callable[[Element], Value],
           of_piece: Callable[[bytes], Iterable[Value] | None] = lambda piece: None) -> Iterator[Value]:  # fmt: skip
    """What is made of every element `name` of the main namespace below the first element `within`, in order, as asked for.

    `of_piece` gets the XML of many whole elements at once, where their names have no prefix: what it gives counts, unless
    that is None; then each goes through `of_element`. Raises ElementTree's ParseError where the XML is broken.
    """
    head, data = _head(stream, re.compile(rb"<(?:[\w.-]+:)?%b[\s/>]" % name.encode()))
    opened = _opened(head) if data and b"<!" not in head and _UTF8.fullmatch(head) else []
    if not opened:
        yield from map(of_element, _pulled(head + data, stream, name, within))
        return
    has_no_prefix = data.startswith(b"<%b" % name.encode()) and _default_namespace(opened) == MAIN
    prolog, epilog = _around(opened)
    tag = data[1 : re.search(rb"[\s/>]", data).start()]  # type: ignore[union-attr]
    ends = b"</" + tag + b">", b"</" + opened[-1][0].encode()
    rest, is_last = bytearray(data), False
    searched = 0
    while not is_last:
        at = rest.find(ends[1], max(0, searched - len(ends[1])))
        cut = at if at >= 0 else rest.rfind(ends[0], max(0, searched - len(ends[0]))) + len(ends[0])
        is_last = at >= 0
        searched = len(rest)
        if is_last or cut >= len(ends[0]):
            block = bytes(rest[:cut])
            if b"<!" in block:
                yield from map(of_element, _pulled(prolog + bytes(rest), stream, name, within))
                return
            made = of_piece(block) if has_no_prefix else None
            yield from map(of_element, _parsed(prolog + block + epilog, len(opened), MAIN + name)) if made is None else made
            del rest[:cut]
            searched = 0
        if not is_last:
            chunk = stream.read(_CHUNK_BYTES)
            if not chunk:
                XML(prolog + bytes(rest))  # cut off: raises and says where
                return
            rest += chunk


def _head(stream: BinaryIO, first: re.Pattern[bytes]) -> tuple[bytes, bytes]:
    """What stands before the first element, and what was read from there on; all of it is head if there is none."""
    head = b""
    while len(head) < _MOST_HEAD_BYTES and (chunk := stream.read(_CHUNK_BYTES)):
        head += chunk
        if found := first.search(head):
            return as_transitional(head[: found.start()]), head[found.start() :]
    return as_transitional(head), b""


def _opened(head: bytes) -> list[tuple[str, dict[str, str]]]:
    """The elements that are open at the end of `head`, outermost first: their names and declared namespaces."""
    opened: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: opened.append(
        (name, {key: value for key, value in attributes.items() if key.partition(":")[0] == "xmlns"})
    )
    parser.EndElementHandler = lambda name: opened.pop()
    try:
        parser.Parse(head)
    except expat.ExpatError:
        return []  # told by the parser that reads such parts whole
    return opened


def _default_namespace(opened: list[tuple[str, dict[str, str]]]) -> str:
    """That of names without a prefix, as tags of elements begin with it."""
    return f"{{{next((spaces['xmlns'] for _, spaces in reversed(opened) if 'xmlns' in spaces), '')}}}"


def _around(opened: list[tuple[str, dict[str, str]]]) -> tuple[bytes, bytes]:
    """The tags that make a piece a document."""
    starts = [" ".join([name, *(f"{key}={quoteattr(uri)}" for key, uri in spaces.items())]) for name, spaces in opened]
    return "".join(f"<{start}>" for start in starts).encode(), "".join(f"</{name}>" for name, _ in reversed(opened)).encode()


def _parsed(document: bytes, depth: int, tag: str) -> Iterator[Element]:
    inner = XML(document)
    for _ in range(depth - 1):
        inner = inner[0]
    return (element for element in inner if element.tag == tag)


def _pulled(first: bytes, stream: BinaryIO, name: str, within: str) -> Iterator[Element]:
    parser = XMLPullParser(["end"])
    parser.feed(first)
    is_fed = True
    while is_fed:
        for _, element in parser.read_events():
            if element.tag == MAIN + name:
                yield element  # type: ignore[misc]
                element.clear()  # type: ignore[union-attr]
            elif element.tag == MAIN + within:
                return
        chunk = stream.read(_CHUNK_BYTES)
        is_fed = bool(chunk)
        parser.feed(chunk) if chunk else parser.close()
