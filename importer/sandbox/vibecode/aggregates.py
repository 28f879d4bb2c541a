"""`POST /v1/contacts/aggregate`: counts and sums over a filter, by groups. Reference, section 8.8.

Sums stop at 5000 records, as they are said to on the real portal; `count` does not.
"""

from __future__ import annotations

from collections.abc import Iterable

from importer.sandbox.php_casts import as_float, as_text
from importer.sandbox.records import CONTACT
from importer.sandbox.store import Window
from importer.sandbox.vibecode import outgoing
from importer.sandbox.vibecode.field_list import FieldList, field_list
from importer.sandbox.vibecode.filters import MOST_ROWS, of_body
from importer.sandbox.vibecode.record_actions import wanted_records
from importer.sandbox.vibecode.refusals import VibeRefusal
from importer.sandbox.vibecode.visit import Ask, Outcome, Visit

_MOST_GROUPINGS = 5
_GROUPED = frozenset({"TYPE_ID", "SOURCE_ID", "ASSIGNED_BY_ID"})
_NUMERIC = frozenset({"integer", "double", "money"})
_FUNCTIONS = {
    "sum": sum,
    "avg": lambda numbers: sum(numbers) / len(numbers) if numbers else None,
    "min": lambda numbers: min(numbers, default=None),
    "max": lambda numbers: max(numbers, default=None),
}


def aggregate(visit: Visit, ask: Ask) -> Outcome:
    """`count`, `groups` and `aggregates`. Raises VibeRefusal for a field or function that does not go."""
    body = ask.body if isinstance(ask.body, dict) else {}
    fields = field_list(CONTACT, visit.portal, visit.switches)
    groupings = _groupings(body.get("groupBy"), fields)
    wanted = _wanted(body.get("aggregate"), fields)
    found = wanted_records(CONTACT, visit, of_body(body, visit.switches).filter)
    total = visit.portal.store.count("contact", found)
    rows = visit.portal.store.rows("contact", found, Window("id", MOST_ROWS))
    groups: dict[tuple, list[dict[str, object]]] = {}
    for row in rows if groupings else ():
        groups.setdefault(tuple(as_text(row.get(fields.by_name[name].spec.name)) for name in groupings), []).append(row)
    shown = [
        {name: outgoing.value(fields.by_name[name].spec, members[0].get(fields.by_name[name].spec.name), visit.switches) for name in groupings}
        | {"count": len(members), "aggregates": _sums(wanted, members, fields)}
        for members in groups.values()
    ]
    data = {"count": total, "groups": shown, "aggregates": _sums(wanted, rows, fields), "meta": {"truncated": total > MOST_ROWS}}
    return Outcome(data)


def _groupings(asked: object, fields: FieldList) -> list[str]:
    names = [asked] if isinstance(asked, str) else asked if isinstance(asked, list) else []
    if len(names) > _MOST_GROUPINGS:
        raise VibeRefusal("INVALID_PARAMS", f"groupBy takes at most {_MOST_GROUPINGS} fields")
    for name in names:
        field = fields.by_name.get(as_text(name))
        if field is None or not (field.spec.is_custom or field.spec.name in _GROUPED):
            raise _wrong_field(name, fields)
    return list(map(as_text, names))


def _wanted(asked: object, fields: FieldList) -> list[tuple[str, str]]:
    wanted = []
    for item in asked if isinstance(asked, list) else ():
        asked_for = item if isinstance(item, dict) else {"field": item}
        name, function = as_text(asked_for.get("field")), as_text(asked_for.get("function", "count"))
        if function == "count":
            continue
        field = fields.by_name.get(name)
        if function not in _FUNCTIONS or field is None or not field.spec.is_custom or field.spec.type not in _NUMERIC:
            raise _wrong_field(name, fields)
        wanted.append((name, function))
    return wanted


def _wrong_field(name: object, fields: FieldList) -> VibeRefusal:
    custom = ", ".join(name for name, field in fields.by_name.items() if field.spec.is_custom)
    return VibeRefusal("INVALID_PARAMS", f"Cannot aggregate or group by {name}. User fields: {custom}")


def _sums(wanted: list[tuple[str, str]], rows: Iterable[dict[str, object]], fields: FieldList) -> dict[str, dict[str, object]]:
    sums: dict[str, dict[str, object]] = {}
    for name, function in wanted:
        stored = [row.get(fields.by_name[name].spec.name) for row in rows]
        numbers = [as_float(value) for value in stored if value not in (None, "")]
        sums.setdefault(name, {})[function] = _FUNCTIONS[function](numbers)
    return sums
