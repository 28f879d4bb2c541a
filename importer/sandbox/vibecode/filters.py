"""VibeCode's three filter notations as the portal's own filter, and what else a list or search may ask for.

`{"f": {"$gt": 1}}`, `{">f": 1}` and `{"f": {">=": 1}}` mix freely, all conditions hold together, a plain value means
equality and a plain array means any of it. OR is not described and counts as an unknown field. Reference, section 9.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from importer.sandbox.php_casts import as_text, from_json
from importer.sandbox.php_query import parse_query
from importer.sandbox.record_filter import split_key
from importer.sandbox.vibecode.refusals import VibeRefusal, wrong_request
from importer.sandbox.vibecode.switches import VibeSwitches

#: rows of an answer unless it is asked for others, and at most. Source: the page on listing contacts.
DEFAULT_ROWS, MOST_ROWS = 50, 5000

# More than any portal holds, and what a database still counts in.
_LARGEST = 10**15

_OPERATORS = {"$eq": "", "$ne": "!", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<=", "$contains": "%", "$in": "",
              ">": ">", ">=": ">=", "<": "<", "<=": "<=", "!": "!", "=": "", "%": "%"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list or search asks for, in VibeCode's names."""

    filter: dict[str, object] = field(default_factory=dict)
    order: dict[str, object] = field(default_factory=dict)
    limit: int = DEFAULT_ROWS
    offset: int = 0
    #: None is everything
    select: frozenset[str] | None = None
    include: tuple[str, ...] = ()
    with_total: bool = True


def of_query(query: str, switches: VibeSwitches) -> Asked:
    """A GET list's query string. Raises VibeRefusal."""
    params = parse_query(query)
    wanted = params.get("filter", {})
    if isinstance(wanted, str):
        try:
            params["filter"] = from_json(json.loads(wanted)) if wanted else {}
        except ValueError:
            raise VibeRefusal("INVALID_PARAMS", "filter is neither an array nor JSON") from None
    return of_body(params, switches)


def of_body(params: Mapping[str, object], switches: VibeSwitches) -> Asked:
    """The body of a search, or `params` of a batch's list. Raises VibeRefusal."""
    select = _words(params.get("select"))
    return Asked(
        filter=_object(params, "filter"),
        order=_object(params, "order"),
        limit=_rows(params.get("limit", DEFAULT_ROWS), switches),
        offset=max(0, _whole(params.get("offset", 0), "offset", switches)),
        select=frozenset(select) if select else None,
        include=_words(params.get("include")),
        with_total=params.get("withTotal") not in (False, "false", "0"),
    )


def native_filter(wanted: dict[str, object], names: Mapping[str, str], switches: VibeSwitches) -> dict[str, object]:
    """A filter in the portal's notation, over the portal's names. Raises VibeRefusal for a field that is unknown."""
    conditions: dict[str, object] = {}
    for key, value in wanted.items():
        prefix, name = split_key(str(key))
        if name not in names:
            if switches.unknown_filter == "reject":
                raise VibeRefusal("INVALID_FILTER_FIELD", f"Unknown filter field: {name}")
            continue
        for operator, operand in _operations(name, prefix, value):
            conditions[operator + names[name]] = from_json(operand)
    return conditions


def _operations(name: str, prefix: str, value: object) -> list[tuple[str, object]]:
    is_array = isinstance(value, dict) and all(isinstance(key, int) for key in value)
    if not isinstance(value, dict) or is_array:
        return [(prefix, value)]
    unknown = [key for key in value if key not in _OPERATORS]
    if unknown:
        raise VibeRefusal("INVALID_PARAMS", f"Unknown operator for {name}: {unknown[0]}")
    return [(_OPERATORS[key], operand) for key, operand in value.items()]


def _object(params: Mapping[str, object], name: str) -> dict[str, object]:
    value = params.get(name)
    if value in (None, "", []):
        return {}
    if not isinstance(value, dict):
        raise wrong_request(f"{name} must be an object")
    return value


def _words(value: object) -> tuple[str, ...]:
    """A comma list or an array of names. Of a repeated `select=` only the last one is left by now."""
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    listed = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return tuple(as_text(word) for word in listed)


def _rows(value: object, switches: VibeSwitches) -> int:
    number = _whole(value, "limit", switches)
    if not 1 <= number <= MOST_ROWS and switches.odd_limit == "reject":
        raise wrong_request(f"limit must be between 1 and {MOST_ROWS}")
    return min(MOST_ROWS, number) if number >= 1 else DEFAULT_ROWS


def _whole(value: object, name: str, switches: VibeSwitches) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-_LARGEST, min(_LARGEST, value))
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and len(value) < 16:
        return int(value)
    if switches.odd_limit == "reject":
        raise wrong_request(f"{name} must be a number")
    return 0
