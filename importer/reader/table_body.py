"""The records below a header as they go on to become rows: trimmed, without blank ones, titles of groups and the footer."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from importer.reader.cells import TRIMMED
from importer.reader.damage import is_unusual
from importer.reader.grid import Flaw, Record
from importer.reader.interludes import (
    FOOTER_ROWS,
    TITLE_ROWS,
    is_above_header,
    is_footer,
    is_sparse,
    is_total,
    may_be_title,
    may_be_total,
)
from importer.reader.undecodable import has_marks, without_marks

#: a record, its text, whether that has unusual characters, and its cells before they were trimmed, where that changed any
Trimmed = tuple[Record, str, bool, list[str] | None]


def body(records: Iterator[Record], header: Sequence[str], width: int, header_row: int, note: Callable[[str], None]) -> Iterator[Trimmed]:
    """The records of a table that are rows, in their order. Streams.

    `header`: its normalised names; `width`: columns; `note` is told what was left out, in a sentence each.
    """
    return _Body(itertools.dropwhile(lambda record: record[0] <= header_row, records), header, width, header_row > 1, note).rows()


class _Body:
    """Records with a few of those that follow, as far as they tell what one is."""

    def __init__(self, records: Iterator[Record], header: Sequence[str], width: int, is_below_more: bool, note: Callable[[str], None]) -> None:
        self._records, self._header, self._width, self._note = records, header, width, note
        #: something stands above the first header, such as the title of the first group
        self._is_below_more = is_below_more
        self._ahead: deque[Record] = deque()

    def rows(self) -> Iterator[Trimmed]:
        is_after_blank = False
        titles: list[str] = []
        while (record := self._ahead.popleft() if self._ahead else next(self._records, None)) is not None:
            record, text, unusual, untouched = _trimmed(record)
            if unusual and has_marks(text):
                record = without_marks(record)
                untouched = untouched and without_marks((record[0], untouched, None, ()))[1]
            if _is_blank(record):
                is_after_blank = True
                continue
            if is_after_blank and is_sparse(record, self._width) and is_footer([record, *self._next(FOOTER_ROWS + 1)], self._width):
                self._note(f'footer left out from row {record[0]} on: "{record[1][0][:60]}"')
                break
            if may_be_total(record) and is_total(record) and self._is_last():
                record = (*record[:3], (*record[3], Flaw(0, "maybe_total", record[1][0])))
            # In joined files the last person of one, of whom only a name is known, stands right above the header of the next.
            can_be_title, is_after_blank = is_after_blank or self._is_below_more, False
            cells = record[1]
            if can_be_title and (len(cells) < 2 or not cells[1]) and self._is_title(record):
                titles.append(f'"{record[1][0][:60]}" in row {record[0]}')
                continue
            yield record, text, unusual, untouched
        if titles:
            self._note(f"titles of groups left out, each above a repeated header: {', '.join(titles[:5])}{' …' if titles[5:] else ''}")

    def _next(self, count: int) -> deque[Record]:
        """The records that follow, so many at the least where there are."""
        self._ahead.extend(itertools.islice(self._records, max(0, count - len(self._ahead))))
        return self._ahead

    def _is_last(self) -> bool:
        """Only blank records follow, as far as a report's end reaches."""
        following = self._next(FOOTER_ROWS + 1)
        return len(following) <= FOOTER_ROWS and not any(any(cell.strip(TRIMMED) for cell in cells) for _, cells, _, _ in following)

    def _is_title(self, record: Record) -> bool:
        return may_be_title(record, self._width) and is_above_header(self._next(TITLE_ROWS), self._header)


def _trimmed(record: Record) -> Trimmed:
    """The record with trimmed cells; these as one text, separated by tabs; whether that has unusual characters; the cells as they were."""
    number, found, problem, flaws = record
    cells = list(map(str.strip, found))
    text = "\t".join(cells)
    unusual = is_unusual(text)
    if unusual:  # only then can there be invisible marks, and cutting them is thrice as slow
        cells = [cell.strip(TRIMMED) for cell in cells]
        text = "\t".join(cells)
    # A cell that has nothing to trim is the very same text, so that this compares next to nothing.
    return (number, cells, problem, flaws), text, unusual, None if cells == found else found


def _is_blank(record: Record) -> bool:
    _, cells, problem, flaws = record
    return not any(cells) and problem is None and not flaws
