"""Filtering and sorting of small lists in memory: directories, users, custom fields, presets.

The same prefixes as for contacts (`record_filter`), applied to rows as they are shown. Unknown names are ignored.
"""

from __future__ import annotations

import operator
import re

from importer.sandbox.php_casts import PhpArray, as_text, is_true
from importer.sandbox.record_filter import split_key

_COMPARISONS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def matching(rows: list[dict], wanted: PhpArray) -> list[dict]:
    """The rows that fulfil every condition of a filter."""
    for key, value in wanted.items():
        prefix, name = split_key(str(key))
        rows = [row for row in rows if name not in row or _holds(row[name], prefix, value)]
    return rows


def ordered(rows: list[dict], order: PhpArray) -> list[dict]:
    """The rows by `{FIELD: ASC or DESC}`, the first field weighing most; numbers sort as numbers."""
    for name, direction in reversed(list(order.items())):
        if rows and name in rows[0]:
            rows = sorted(rows, key=lambda row: _sortable(row[name]), reverse=as_text(direction).upper() == "DESC")
    return rows


def _holds(present: object, prefix: str, value: object) -> bool:
    if prefix.startswith("!"):
        return not _holds(present, prefix[1:], value)
    if isinstance(value, dict):
        return any(_holds(present, "", item) for item in value.values())
    if isinstance(present, bool):
        return present == (value not in ("N", "false") and is_true(value))
    if prefix in _COMPARISONS:
        return _COMPARISONS[prefix](_sortable(present), _sortable(value))
    text = as_text(present)
    if prefix == "%":
        return as_text(value).lower() in text.lower()
    if prefix in ("=%", "%="):
        pattern = ".*".join(map(re.escape, as_text(value).split("%")))
        return re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL) is not None
    return text.lower() == as_text(value).lower()


def _sortable(value: object) -> tuple[int, float, str]:
    text = as_text(value)
    return (0, float(text), "") if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else (1, 0.0, text)
