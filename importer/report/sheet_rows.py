"""Plain rows poured into the sheets of a workbook that openpyxl has made, as XML text, one row at a time.

openpyxl makes everything with a look: styles, widths, headers, filters, the sheet Summary. Its own way of
writing rows one by one costs 200 µs for a row of ten cells (measured, openpyxl 3.1.5 without lxml), as much as
reading, mapping and sending it together; this costs a tenth. Only numbers and texts: never a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.utils import get_column_letter

_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

# Rows handed to the compressor at once: large enough that the calls do not count, a few hundred kB of text.
_CHUNK_ROWS = 500

# What XML would not give back as it is.
_SPECIAL = re.compile("[&<>\r]")
_QUOTED = re.compile(r"""[&<>"\r\n\t]""")

#: A cell: a number, a text that XML can hold, or nothing.
Cell = str | int | None


@dataclass(slots=True)
class Link:
    """A text cell that opens a web address."""

    address: str


#: A row: its cells, or its whole XML element with its number, whose links are in the table already.
PouredRow = list[Cell | Link] | str


@dataclass(slots=True)
class Table:
    """The rows of one sheet, from row 2 on; row 1, the header, is in the workbook already."""

    #: texts must hold no control characters but tab and line breaks, and at most 32,767 characters; read once, when the
    #: table is poured
    rows: Iterable[PouredRow]
    #: the sheet's number of columns
    columns: int
    #: the last row, header included
    last_row: int
    #: index of the workbook's style for links
    link_style: int = 0
    #: (cell, address) of the links poured so far
    links: list[tuple[str, str]] = field(default_factory=list)


def pour(workbook: IO[bytes], path: Path, tables: dict[str, Table]) -> None:
    """Copies a workbook to `path`, adding the rows of `tables`, which are named by the sheet's file in the workbook.

    Memory does not grow with the rows, only with the links. OSError when the disk will not take it.
    """
    # The quickest level: half the CPU of the usual one for a file a fifth larger.
    with ZipFile(workbook) as source, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            table = tables.get(name)
            if table is None:
                target.writestr(name, source.read(name))
                continue
            _pour_sheet(source.read(name).decode("utf-8"), target, name, table)


def _pour_sheet(sheet: str, target: ZipFile, name: str, table: Table) -> None:
    head, tail = sheet.split("</sheetData>")
    # Readers that stream believe this range and would stop after the header.
    used = f"A1:{get_column_letter(table.columns)}{table.last_row}"
    head = re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{used}"', head, count=1)
    # The size is not known yet; without force_zip64 a sheet past 2 GB would break off.
    with target.open(name, "w", force_zip64=True) as file:
        file.write(head.encode())
        for chunk in _joined(_rows(table)):
            file.write(chunk)
        # Links come between the filter and the margins. Source: ECMA-376 part 1, CT_Worksheet.
        before, margins = tail.split("<pageMargins", 1)
        for chunk in _joined(chain(("</sheetData>", before), _hyperlinks(table.links), ("<pageMargins", margins))):
            file.write(chunk)
    if table.links:
        folder, file_name = name.rsplit("/", 1)
        with target.open(f"{folder}/_rels/{file_name}.rels", "w") as file:
            for chunk in _joined(_targets(table.links)):
                file.write(chunk)


def _joined(parts: Iterable[str]) -> Iterator[bytes]:
    parts = iter(parts)
    while chunk := "".join(islice(parts, _CHUNK_ROWS)):
        yield chunk.encode()


def _rows(table: Table) -> Iterator[str]:
    starts = [f'<c r="{get_column_letter(n)}' for n in range(1, table.columns + 1)]
    link = f'" s="{table.link_style}" t="inlineStr"><is><t>'
    for number, row in enumerate(table.rows, start=2):
        if isinstance(row, str):
            yield row
            continue
        parts = [f'<row r="{number}">']
        # One loop without calls: this writes ten cells of every row of the source.
        for start, value in zip(starts, row, strict=False):
            if isinstance(value, str):
                if value:
                    parts.append(f'{start}{number}" t="inlineStr"><is><t xml:space="preserve">{escaped(value)}</t></is></c>')
            elif isinstance(value, int):
                parts.append(f'{start}{number}"><v>{value}</v></c>')
            elif value is not None:
                table.links.append((f"{start[6:]}{number}", value.address))
                parts.append(f"{start}{number}{link}{escaped(value.address)}</t></is></c>")
        parts.append("</row>")
        yield "".join(parts)


def escaped(value: str) -> str:
    """The text as it stands in XML."""
    if _SPECIAL.search(value) is None:
        return value
    # A bare carriage return would come back as a line feed: XML readers turn every line end into one.
    return escape(value).replace("\r", "&#13;")


def _hyperlinks(links: list[tuple[str, str]]) -> Iterator[str]:
    if links:
        yield f'<hyperlinks xmlns:r="{_RELATIONSHIPS}">'
        yield from (f'<hyperlink ref="{cell}" r:id="rId{n}"/>' for n, (cell, _) in enumerate(links, start=1))
        yield "</hyperlinks>"


def _targets(links: list[tuple[str, str]]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_PACKAGE}">'
    for n, (_, address) in enumerate(links, start=1):
        yield f'<Relationship Id="rId{n}" Type="{_RELATIONSHIPS}/hyperlink" Target={_attribute(address)} TargetMode="External"/>'
    yield "</Relationships>"


def _attribute(value: str) -> str:
    # quoteattr costs as much as all the rest of a link; few addresses need it.
    return f'"{value}"' if _QUOTED.search(value) is None else quoteattr(value)
