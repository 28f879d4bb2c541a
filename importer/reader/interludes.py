"""What stands among and below the rows of a report and is no row: footers, and titles of groups.

Pure functions over records with trimmed cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from importer.reader.cells import TRIMMED
from importer.reader.grid import Record
from importer.reader.header import normalised

# First cells of the lines that reports add below their rows (Salesforce's, and 1C's). A total stands alone or with a
# count: a company may be called Total Something.
_TOTAL = re.compile(
    r"((grand )?totals?|итого|всего)[\s:()\d.,]*(records|rows|count|записей|строк|контактов|клиентов|контрагентов)?[\s:()\d.,]*",
    re.IGNORECASE,
)
_TOTALS_BEGIN = frozenset("TtGgИиВв")
_AMOUNT = re.compile(r"[-–]?(\d{1,9}|\d{1,3}([\s.,']\d{3})+)([.,]\d+)?\s*([%₽$€]|руб\.?)?")
_COPYRIGHT = re.compile(r"copyright (\(c\)|©)|confidential information - do not distribute", re.IGNORECASE)
_CLOSING = re.compile(
    _COPYRIGHT.pattern + r"|generated (by:|on |at )|(отч[её]т )?(сформирован|выгружен)[ао]?\b|дата (формирования|выгрузки)\b", re.IGNORECASE
)
# Between a total and its report's closing words there is at most the report's name.
_CLOSING_WITHIN = 2
#: a footer has no more rows than this
FOOTER_ROWS = 20
#: blank rows between the title of a group and its header, and the header itself
TITLE_ROWS = 4


def filled(record: Record) -> int:
    """How many cells have text."""
    return sum(bool(cell.strip(TRIMMED)) for cell in record[1])


def is_sparse(record: Record, width: int) -> bool:
    """Too few cells are filled for a contact, as far as the table's width lets that be told."""
    return filled(record) <= max(2, width // 3)


def is_footer(rest: Sequence[Record], width: int) -> bool:
    """True for the last records of a report: few, sparse, and the first with words that footers have.

    Salesforce writes the report's name right above its copyright line. Below a total with no such words nothing may
    stand: that could be contacts.
    """
    # A formula without a result has no text of its own.
    if not rest or not filled(rest[0]):
        return False
    # In a narrow table two cells are a contact already.
    few = max(1, width // 3)
    if len(rest) > FOOTER_ROWS + 1 or any(filled(record) > few for record in rest[1:]):
        return False
    texts = [_first_cell(record) for record in rest if filled(record)]
    if is_total(rest[0]):
        below = texts[1:]
        return not below or any(map(_CLOSING.match, below[:_CLOSING_WITHIN]))
    return bool(_CLOSING.match(texts[0]) or _COPYRIGHT.match(_first_cell(rest[1]) if len(rest) > 1 else ""))


def _first_cell(record: Record) -> str:
    return record[1][0].strip(TRIMMED) if record[1] else ""


def may_be_total(record: Record) -> bool:
    """True for most of what `is_total` is, in a tenth of the time: this is asked of every record."""
    return bool(record[1]) and record[1][0][:1] in _TOTALS_BEGIN


def is_total(record: Record) -> bool:
    """"Total" and its like, beside which only amounts stand: a phone makes it a company of that name."""
    return bool(_TOTAL.fullmatch(_first_cell(record))) and all(_AMOUNT.fullmatch(cell) for cell in map(str.strip, record[1][1:]) if cell)


def may_be_title(record: Record, width: int) -> bool:
    """Its first cell is filled and no other; in a table of two columns that may as well be a person."""
    cells = record[1]
    return width > 2 and bool(cells) and bool(cells[0]) and not any(cells[1:])


def is_above_header(below: Sequence[Record], header: Sequence[str]) -> bool:
    """The first record with text is the header, given normalised, once more: a group of Monday.com begins."""
    first = next((cells for _, cells, _, _ in below if any(cell.strip(TRIMMED) for cell in cells)), [])
    return [normalised(cell.strip(TRIMMED)) for cell in first] == list(header)
