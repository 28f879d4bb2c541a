"""Where cells with several phones, e-mails or words fall apart."""

from __future__ import annotations

import re

from importer.mapping.suggestion.column_facts import ColumnFacts, is_phone

#: what stands between values → its regular expression
_MARKS = {":::": " ::: ", ";": ";", "\n": "\n", "|": r"\|", ",": ",", "/": "/"}
# Where a spreadsheet has made 7,92E+10 of one number, a comma with a blank still stands between whole ones.
_LOOSE_COMMA = ", "
# Inside one class these read as they are.
_IN_CLASS = ";\n|,/"


def phone_split(column: ColumnFacts) -> str:
    """The pattern for several phones in a cell; empty when no cell of the sample has several."""
    marks = [mark for mark in _MARKS if _splits_all(column, mark)]
    if "," not in marks and _splits_all(column, _LOOSE_COMMA):
        marks.append(_LOOSE_COMMA)
    return _pattern(marks)


def _splits_all(column: ColumnFacts, mark: str) -> bool:
    """Wherever the mark stands, it stands between whole numbers: not before an extension, nor in 7,9E+10."""
    cells = [cell for cell in column.values if mark in cell]
    return bool(cells) and all(is_phone(part.strip()) for cell in cells for part in cell.split(mark) if part.strip())


def email_split(column: ColumnFacts) -> str:
    """The pattern for several e-mail addresses in a cell; empty when no cell has several."""
    several = [cell for cell in column.values if cell.count("@") > 1]
    return _pattern([mark for mark in _MARKS if mark != "/" and any(mark in cell for cell in several)])


def list_split(column: ColumnFacts) -> str:
    """The pattern for a list of words in a cell: the mark most cells have."""
    counts = {mark: sum(mark in cell for cell in column.values) for mark in (" ::: ", ";", "|", ",")}
    best = max(counts, key=lambda mark: counts[mark])
    return _pattern([best.strip()]) if counts[best] else ""


def _pattern(marks: list[str]) -> str:
    single = [mark for mark in marks if mark in _IN_CLASS]
    parts = [_MARKS[":::"]] if ":::" in marks else []
    if single:
        parts.append(_MARKS[single[0]] if len(single) == 1 else f"[{''.join(single)}]")
    parts += [_LOOSE_COMMA] if _LOOSE_COMMA in marks else []
    return "|".join(parts) if all(re.compile(part) for part in parts) else ""
