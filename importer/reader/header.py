"""Where the header is, and the names its columns get.

Pure functions over the first records of a file, trimmed; knows nothing of kinds of files.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from importer.reader.cells import column_letter

#: how many records with text may be the header, counted from the top
SEARCHED_RECORDS = 20

# Numbers, dates, phones and amounts; e-mail addresses; web addresses: data, not names of columns.
_DATA = re.compile(r"[\d\s+().,:/\\\-–%$€₽'*#]*\d[\d\s+().,:/\\\-–%$€₽'*#]*|\S+@\S+\.\S+|(https?://|www\.)\S+")


@dataclass(frozen=True)
class HeaderChoice:
    """The record chosen as header."""

    #: position among the records that were looked at
    index: int
    #: why, for a person
    reason: str


def normalised(name: str) -> str:
    """The form in which column names are compared: trimmed, inner space collapsed, case aside."""
    return " ".join(name.split()).casefold()


def find_header(records: Sequence[Sequence[str]], expected: Collection[str] = ()) -> HeaderChoice | None:
    """The record that is the header, or None when there is no record with text.

    The one with most of the expected names wins; without any such name the first that looks like names: about as
    many cells as the table is wide, nearly all of them distinct words and none of them data. Failing that the first
    record that is about as wide as the table, said so in the reason.
    """
    candidates = list(itertools.islice((index for index, cells in enumerate(records) if any(cells)), SEARCHED_RECORDS))
    if not candidates:
        return None
    wanted = {normalised(name) for name in expected}
    hits = {index: len(wanted & {normalised(cell) for cell in records[index]}) for index in candidates}
    best = max(candidates, key=lambda index: hits[index])
    if hits[best]:
        return HeaderChoice(best, f"{hits[best]} of the {len(wanted)} columns the mapping uses stand there")
    for index in candidates:
        if _looks_like_names(records, index):
            return HeaderChoice(index, "its cells look like names of columns")
    wide = [index for index in candidates if _is_wide(records, index)]
    return HeaderChoice(
        wide[0] if wide else candidates[0], "no record looks like names of columns, so the first is taken"
    )


def _filled(cells: Sequence[str]) -> list[str]:
    return [cell for cell in cells if cell]


def _is_wide(records: Sequence[Sequence[str]], index: int) -> bool:
    """At least half as many filled cells as the fullest of the records that follow."""
    fullest = max((len(_filled(cells)) for cells in records[index:]), default=0)
    return len(_filled(records[index])) * 2 >= fullest


def _is_title(records: Sequence[Sequence[str]], index: int) -> bool:
    """A blank record follows, and wider ones then: in a table of two columns one cell is wide enough for a header."""
    below = records[index + 1 : index + 2]
    return bool(below) and not any(below[0]) and any(len(_filled(cells)) > 1 for cells in records[index + 2 :])


def _looks_like_names(records: Sequence[Sequence[str]], index: int) -> bool:
    filled = _filled(records[index])
    names = [cell for cell in filled if not _DATA.fullmatch(cell)]
    distinct = {normalised(name) for name in filled}
    # A tenth of slack for columns called "2023"; repeated names are normal (amoCRM, Monday), all alike are not.
    if len(filled) == 1 and _is_title(records, index):
        return False
    return _is_wide(records, index) and len(names) * 10 >= len(filled) * 9 and len(distinct) * 10 >= len(filled) * 6


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Unique names: line breaks inside become spaces, a repeated name gets ` (2)`, an empty one is `Column C`."""
    names: list[str] = []
    taken = {" ".join(cell.split()) for cell in cells}
    used: set[str] = set()
    counts: dict[str, int] = {}
    for index, cell in enumerate(cells):
        plain = " ".join(cell.split()) or f"Column {column_letter(index)}"
        name, count = plain, counts.get(plain, 1)
        while name in used or (name != plain and name in taken):
            count += 1
            name = f"{plain} ({count})"
        counts[plain] = count
        used.add(name)
        names.append(name)
    return tuple(names)
