"""The `filter` of a classic list method as a WHERE clause: prefixes, IN by array, multifields, custom fields.

Unknown names are ignored, as the reference leaves them undocumented for these methods; every condition is ANDed.
Reference, section 6.7.
"""

from __future__ import annotations

from collections.abc import Mapping

from importer.sandbox import dates
from importer.sandbox.fields import FieldSpec
from importer.sandbox.multifields import KINDS
from importer.sandbox.php_casts import as_float, as_int, as_text
from importer.sandbox.portal import Portal
from importer.sandbox.store import Condition

# Longest first, so that `!=` is not read as `!` and a name that begins with `=`.
_PREFIXES = ("!=%", "!%=", "!%", "!=", "!@", ">=", "<=", "=%", "%=", "=", "!", ">", "<", "@", "%")
_COMPARISONS = {">": ">", ">=": ">=", "<": "<", "<=": "<="}
_LIKE = {"%", "=%", "%=", "!%", "!=%", "!%="}
_NOT_LIKED = {"crm_status", "crm_company", "crm_contact", "crm_lead"}
_WHOLE_TYPES = {"integer", "user", "employee", "crm_company", "crm_lead", "enumeration", "boolean", "iblock_element"}


def condition(entity: str, specs: Mapping[str, FieldSpec], wanted: dict, portal: Portal) -> Condition:
    """The WHERE clause of `wanted`, a filter as PHP array, over the table of `entity`."""
    parts: list[str] = []
    args: list[object] = []
    for key, value in wanted.items():
        prefix, name = split_key(str(key))
        spec = specs.get(name)
        if spec is None:
            continue
        sql, its_args = _clause(entity, spec, (prefix, value), portal)
        parts.append(sql)
        args += its_args
    return Condition(" AND ".join(parts) or "1", tuple(args))


def split_key(key: str) -> tuple[str, str]:
    """Prefix and name of a filter key: `>=ID` is (`>=`, `ID`)."""
    prefix = next((prefix for prefix in _PREFIXES if key.startswith(prefix)), "")
    return prefix, key[len(prefix) :]


def _clause(entity: str, spec: FieldSpec, asked: tuple[str, object], portal: Portal) -> tuple[str, list[object]]:
    prefix, value = asked
    if spec.name in KINDS:
        return _multifield_clause(entity, spec, prefix, value)
    if prefix in _LIKE:
        return ("1", []) if spec.type in _NOT_LIKED else _like(_expression(spec), prefix, value)
    sql, args = _plain(_expression(spec), spec, (prefix, value), portal)
    if spec.is_custom and spec.is_multiple:
        inner = _plain("value", spec, (prefix.lstrip("!"), value), portal)
        negation = "NOT " if prefix.startswith("!") else ""
        return f"{negation}EXISTS (SELECT 1 FROM json_each(extra, '$.\"{spec.name}\"') WHERE {inner[0]})", inner[1]
    return sql, args


def _expression(spec: FieldSpec) -> str:
    return f"json_extract(extra, '$.\"{spec.name}\"')" if spec.is_custom else spec.name.lower()


def _plain(column: str, spec: FieldSpec, asked: tuple[str, object], portal: Portal) -> tuple[str, list[object]]:
    prefix, value = asked
    if prefix in _COMPARISONS:
        limit = _comparable(spec, value, portal)
        return ("0", []) if limit is None else (f"{column} {_COMPARISONS[prefix]} ?", [limit])
    negated = prefix.startswith("!")
    if isinstance(value, dict):
        values = [_comparable(spec, item, portal) for item in value.values()]
        marks = ", ".join("?" * len(values))
        return (f"({column} IS NULL OR {column} NOT IN ({marks}))" if negated else f"{column} IN ({marks})"), values
    if as_text(value) == "":
        return (f"({column} IS NOT NULL AND {column} <> '')" if negated else f"({column} IS NULL OR {column} = '')"), []
    operand = _comparable(spec, value, portal)
    if operand is None:
        return "0", []
    return (f"({column} IS NULL OR {column} <> ?)" if negated else f"{column} = ?"), [operand]


def _comparable(spec: FieldSpec, value: object, portal: Portal) -> object:
    """A filter value in the form the column holds; None for a date that cannot be read, which finds nothing."""
    if spec.type in _WHOLE_TYPES:
        return as_int(value)
    if spec.type == "double":
        return as_float(value)
    if spec.type in ("date", "datetime"):
        moment = dates.parse(as_text(value), portal.local_now())
        if moment is None:
            return None
        local = moment.astimezone(portal.zone)
        if spec.type == "date":
            return f"{local.date().isoformat()}T{portal.settings.utc_offset_h % 24:02}:00:00{local.isoformat()[-6:]}"
        return local.replace(microsecond=0).isoformat()
    return as_text(value)


def _like(column: str, prefix: str, value: object) -> tuple[str, list[object]]:
    text = as_text(value)
    if prefix.strip("!") == "%":
        text = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    operator = "NOT LIKE" if prefix.startswith("!") else "LIKE"
    return f"coalesce({column}, '') {operator} ? ESCAPE '\\'", [text]


def _multifield_clause(entity: str, spec: FieldSpec, prefix: str, value: object) -> tuple[str, list[object]]:
    """Exact match whatever the prefix says; only `!` and its kin turn it round."""
    values = [as_text(item) for item in value.values()] if isinstance(value, dict) else [as_text(value)]
    marks = ", ".join("?" * len(values))
    negation = "NOT " if prefix.startswith("!") else ""
    owners = f"SELECT owner_id FROM multifield WHERE owner_type = '{entity}' AND kind = ? AND value IN ({marks})"
    return f"id {negation}IN ({owners})", [spec.name, *values]
