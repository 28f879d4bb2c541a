"""ODS (LibreOffice and others) as a stream of its XML, which holds both the value and the text people see.

No library is used: those there are read it whole or give bare values, and a cell that claims to be repeated a million
times fills the memory in them.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, iterparse

from importer.errors import SourceError
from importer.reader.cell_budget import CellBudget
from importer.reader.cells import duration_text, moment_text, number_text
from importer.reader.grid import Flaw, Record
from importer.reader.merged import MergedCells, MergedRange
from importer.reader.packing import DAMAGED_ARCHIVE, reason
from importer.reader.sheets import Sheet, choose_sheet

_MAX_ROWS, _MAX_COLUMNS = 1_048_576, 16_384
_PREFIXES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}


def _name(short: str) -> str:
    prefix, _, local = short.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}"


_TABLE, _ROW, _CELL = _name("table:table"), _name("table:table-row"), _name("table:table-cell")
_COVERED, _PARAGRAPH, _NOTE = _name("table:covered-table-cell"), _name("text:p"), _name("office:annotation")
_ROWS_REPEATED, _COLUMNS_REPEATED = _name("table:number-rows-repeated"), _name("table:number-columns-repeated")
_ROWS_SPANNED, _COLUMNS_SPANNED = _name("table:number-rows-spanned"), _name("table:number-columns-spanned")
_VALUE, _VALUE_TYPE, _ERROR_TYPE = _name("office:value"), _name("office:value-type"), _name("calcext:value-type")
_FORMULA = _name("table:formula")
_WHITE = {_name("text:line-break"): "\n", _name("text:tab"): "\t"}
_SPACES, _SPACE_COUNT = _name("text:s"), _name("text:c")

_NUMBER_PART = re.compile(r"([^\d]*?)([\d][\d.,'’\s]*\d|\d)([^\d]*)")
_DURATION = re.compile(r"(-?)PT?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
_SHOWN_TIME = re.compile(r"-?\d+:\d\d:\d\d")
_DAY_ZERO = datetime.date(1899, 12, 30)
_EXACT_DIGITS = 15
_EXACT = Context(prec=60)
_UNREADABLE = (*DAMAGED_ARCHIVE, ParseError)


class OdsGrid:
    """One sheet of an ODS workbook as records; see `grid.Grid`."""

    kind = "ods"
    is_ragged_possible = False

    def __init__(self, name: str, open_bytes: Callable[[], BinaryIO], sheet: str, notes: list[str]) -> None:
        self.sheet = sheet
        self.notes = notes
        self._name = name
        self._open_bytes = open_bytes

    def records(self) -> Iterator[Record]:
        """Every row that has cells, and a blank record for any gap; anew at each call."""
        number, budget, merged = 1, CellBudget(), MergedCells()
        for row in _rows(self._name, self._open_bytes, self.sheet):
            repeated = _count(row, _ROWS_REPEATED)
            cells, flaws, spans = _record(row)
            if not any(cells) and not flaws:
                yield number, [], None, ()
                number += repeated
                continue
            is_allowed = budget.allows((len(cells) + len(flaws)) * repeated, len(row))
            if not is_allowed or number + repeated - 1 > _MAX_ROWS:
                raise SourceError(
                    f'{self._name}, sheet "{self.sheet}": from row {number} on cells are repeated without end. '
                    "Delete what stands below and beside the table."
                )
            for _ in range(repeated):
                own = list(cells)
                yield number, own, None, flaws if merged.is_over else merged.cover(number, own, flaws)
                number += 1
            for column, rows, columns in spans:
                merged.begin(MergedRange(number - 1, column, number + rows - 2, column + columns - 1), cells)


def open_ods(name: str, open_bytes: Callable[[], BinaryIO], wanted: str | int | None) -> OdsGrid:
    """The wanted sheet of an ODS workbook. Raises SourceError."""
    try:
        with open_bytes() as stream, zipfile.ZipFile(stream) as archive:
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""
    except _UNREADABLE as error:
        raise _damaged(name, error) from error
    if b"encryption-data" in manifest:
        raise SourceError(
            f"{name}: the workbook is protected by a password. "
            "Open it in a spreadsheet program and save it without one."
        )
    sheets = _sheets(name, open_bytes)
    grids = {sheet.name: OdsGrid(name, open_bytes, sheet.name, []) for sheet in sheets}
    chosen, notes = choose_sheet(
        name, sheets, wanted, lambda title: not any(any(cells) for _, cells, _, _ in grids[title].records())
    )
    grids[chosen].notes += notes
    return grids[chosen]


def _damaged(name: str, error: Exception) -> SourceError:
    return SourceError(
        f"{name}: the workbook is damaged ({reason(error)}). "
        "Open it in a spreadsheet program, save it again and use that file."
    )


def _elements(name: str, open_bytes: Callable[[], BinaryIO]) -> Iterator[tuple[str, Element]]:
    try:
        with open_bytes() as stream, zipfile.ZipFile(stream) as archive, archive.open("content.xml") as content:
            yield from iterparse(content, ("start", "end"))
    except _UNREADABLE as error:
        raise _damaged(name, error) from error


def _sheets(name: str, open_bytes: Callable[[], BinaryIO]) -> list[Sheet]:
    hidden_styles: set[str] = set()
    sheets: list[Sheet] = []
    style = ""
    for event, element in _elements(name, open_bytes):
        if event == "start" and element.tag == _name("style:style"):
            style = element.get(_name("style:name"), "")
        elif event == "start" and element.tag == _name("style:table-properties"):
            if element.get(_name("table:display")) == "false":
                hidden_styles.add(style)
        elif event == "start" and element.tag == _TABLE:
            is_visible = element.get(_name("table:style-name")) not in hidden_styles
            sheets.append(Sheet(element.get(_name("table:name"), f"Sheet{len(sheets) + 1}"), is_visible))
        elif event == "end" and element.tag in (_ROW, _TABLE):
            element.clear()
    return sheets


def _rows(name: str, open_bytes: Callable[[], BinaryIO], sheet: str) -> Iterator[Element]:
    """Row elements of one sheet; each is freed when the next is asked for."""
    count, is_inside, parents = 0, False, []
    for event, element in _elements(name, open_bytes):
        if event == "start":
            parents.append(element)
            if element.tag == _TABLE:
                count += 1
                is_inside = element.get(_name("table:name"), f"Sheet{count}") == sheet
            continue
        parents.pop()
        if element.tag == _ROW:
            if is_inside:
                yield element
            parents[-1].remove(element)
        elif element.tag == _TABLE and is_inside:
            return


# A sheet has some millions of rows; a longer number is none.
_LONGEST_COUNT = 9

# Past a float's largest, and what is shown of it is all there is.
_MOST_DIGITS = 50


def _count(element: Element, attribute: str) -> int:
    text = element.get(attribute, "1")
    return max(1, int(text)) if text.isdecimal() and len(text) <= _LONGEST_COUNT else 1


def _record(row: Element) -> tuple[list[str], tuple[Flaw, ...], list[tuple[int, int, int]]]:
    """Cells, flaws, and column, rows and columns of each cell that spans several rows."""
    cells: list[str] = []
    spans: list[tuple[int, int, int]] = []
    flaws: tuple[Flaw, ...] = ()
    column = 0
    for element in row:
        if element.tag not in (_CELL, _COVERED):
            continue
        repeated = min(_count(element, _COLUMNS_REPEATED), _MAX_COLUMNS - column)
        # What a merged cell covers may keep a value, but nobody sees it.
        text, code, found = ("", "", "") if element.tag == _COVERED else _decoded(element)
        if code:
            flaws += tuple(Flaw(column + offset, code, found) for offset in range(repeated))
        if text:
            cells.extend([""] * (column - len(cells)))
            cells.extend([text] * repeated)
            if (rows := _count(element, _ROWS_SPANNED)) > 1:
                spans.append((column, rows, _count(element, _COLUMNS_SPANNED)))
        column += repeated
    return cells, flaws, spans


def _decoded(cell: Element) -> tuple[str, str, str]:
    """The text of a cell; code and value of a flaw, or two empty texts."""
    kind = cell.get(_VALUE_TYPE)
    shown = "\n".join(_text(paragraph) for paragraph in cell.iterfind(_PARAGRAPH))
    if cell.get(_FORMULA) is not None:
        if cell.get(_ERROR_TYPE) == "error" or shown.startswith(
            ("#N/A", "#DIV/0!", "#REF!", "#NAME?", "#VALUE!", "Err:")
        ):
            return "", "formula_error", shown
        # An empty text as a result has no type either, but LibreOffice writes a paragraph for it.
        if kind is None and cell.find(_PARAGRAPH) is None:
            return "", "formula_without_value", ""
    if kind in ("float", "currency", "percentage"):
        return _number(cell.get(_VALUE, ""), shown, kind)
    if kind == "date":
        return _moment(cell.get(_name("office:date-value"), "")) or shown, "", ""
    if kind == "time":
        return _time(cell.get(_name("office:time-value"), ""), shown), "", ""
    if kind == "boolean":
        return "TRUE" if cell.get(_name("office:boolean-value")) == "true" else "FALSE", "", ""
    return shown or cell.get(_name("office:string-value"), ""), "", ""


def _text(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag in _WHITE:
            parts.append(_WHITE[child.tag])
        elif child.tag == _SPACES:
            parts.append(" " * min(_count(child, _SPACE_COUNT), 1000))
        elif child.tag != _NOTE:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _number(value: str, shown: str, kind: str) -> tuple[str, str, str]:
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return shown, "", ""
    if not exact.is_finite() or exact.adjusted() > _MOST_DIGITS:
        return shown, "", ""
    number = int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**21 else float(exact)
    text = _shown_number(exact * 100 if kind == "percentage" else exact, shown) or number_text(number)
    if abs(exact) >= 10**_EXACT_DIGITS:
        return text, "digits_lost", text
    return text, "", ""


def _shown_number(exact: Decimal, shown: str) -> str | None:
    """What is shown, its digits grouped by nothing and with a decimal dot; None when digits are hidden, as in thousands.

    Which separator is which depends on the locale of the author, so the value decides: what follows the last one are
    decimals if the value has the digits shown then, or nothing is. A text without such a reading that has all digits of the
    value (`00042`, `(020) 7946-0001`) is taken as it is.
    """
    if not any(map(str.isalnum, shown)) or "#" in shown or re.search(r"\d[Ee][+-]?\d|\d\s*/\s*\d", shown):
        return None
    parts = _NUMBER_PART.fullmatch(shown)
    if parts is None:
        return shown
    digits, is_whole = re.sub(r"\D", "", parts[2]), False
    for decimals in (0, len(re.split(r"\D", parts[2])[-1])):
        rounded = f"{abs(exact).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EXACT):f}"
        if rounded.replace(".", "") == digits:
            return f"{parts[1]}{rounded}{parts[3]}"
        is_whole |= rounded.replace(".", "").lstrip("0") in digits
    return shown if is_whole else None


def _moment(value: str) -> str:
    try:
        moment = datetime.datetime.fromisoformat(value.rstrip("Z")[:26])
    except ValueError:
        return ""
    if moment.date() == _DAY_ZERO:  # a time of day, under the format of a date
        return f"{moment:%H:%M:%S}"
    return moment_text(moment.replace(tzinfo=None))


def _time(value: str, shown: str) -> str:
    found = _DURATION.fullmatch(value)
    if found is None or _SHOWN_TIME.fullmatch(shown):
        return shown.zfill(8) if found else shown
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups()[1:])
    duration = datetime.timedelta(hours=min(hours, 1e6), minutes=min(minutes, 1e6), seconds=min(seconds, 1e6))
    if _is_time_of_day(duration, shown):
        duration %= datetime.timedelta(days=1)
    return duration_text(-duration if found[1] else duration).zfill(8)


def _is_time_of_day(duration: datetime.timedelta, shown: str) -> bool:
    """A moment under a format without its date is stored as the hours since 1899, of which the last day is shown."""
    first = re.search(r"\d+", shown)
    if first is None or duration < datetime.timedelta(days=1):
        return False
    # A duration is shown by all of its hours, or minutes, or seconds; give or take one that is rounded.
    return all(abs(duration.total_seconds() / unit - int(first[0])) > 1 for unit in (3600, 60, 1))
