"""A stored record as VibeCode shows it: camelCase, JSON booleans and numbers, null for what is empty."""

from __future__ import annotations

from importer.sandbox.fields import FieldSpec
from importer.sandbox.multifields import KINDS
from importer.sandbox.php_casts import as_float, as_int
from importer.sandbox.portal import Portal
from importer.sandbox.records import RecordKind
from importer.sandbox.vibecode.field_list import field_list
from importer.sandbox.vibecode.multifield_forms import shown as shown_multifields
from importer.sandbox.vibecode.switches import VibeSwitches

_WHOLE = frozenset({"integer", "user", "employee", "crm_company", "crm_lead", "enumeration", "iblock_element", "iblock_section"})


def records(
    kind: RecordKind, rows: list[dict[str, object]], portal: Portal, switches: VibeSwitches, select: frozenset[str] | None = None
) -> list[dict[str, object]]:
    """The rows as answers show them; `select` keeps `id` and the names in it, None all."""
    fields = field_list(kind, portal, switches)
    wanted = [(name, field.spec) for name, field in fields.by_name.items() if field.spec.name not in KINDS and _is_asked(name, select)]
    channels = [channel for channel in KINDS if channel in fields.names]
    multifields = portal.store.multifields(kind.entity, [row["ID"] for row in rows])
    companies = fields.names.get("COMPANY_IDS")
    answer = []
    for row in rows:
        record = {name: value(spec, row.get(spec.name), switches) for name, spec in wanted}
        if companies in record:
            record[companies] = _company_ids(row, portal, switches)
        shown = shown_multifields(multifields[row["ID"]], switches, channels)
        answer.append(record | (shown if select is None else {name: item for name, item in shown.items() if name in select}))
    return answer


def _is_asked(name: str, select: frozenset[str] | None) -> bool:
    return select is None or name == "id" or name in select


def _company_ids(row: dict[str, object], portal: Portal, switches: VibeSwitches) -> list[object]:
    # Whoever has a company has a primary one, which spares the look-up for all others.
    links = portal.store.company_links(row["ID"]) if row["COMPANY_ID"] else ()
    return [number(link["COMPANY_ID"], switches) for link in links]


def value(spec: FieldSpec, stored: object, switches: VibeSwitches) -> object:
    """One stored value as JSON."""
    if spec.is_multiple and spec.is_custom:
        return [_one(spec, item, switches) for item in stored or []]
    return None if stored in (None, "") else _one(spec, stored, switches)


def _one(spec: FieldSpec, stored: object, switches: VibeSwitches) -> object:
    if spec.type == "char":
        return stored == "Y"
    if spec.type == "boolean":
        return bool(as_int(stored))
    if spec.type in _WHOLE:
        return number(as_int(stored), switches)
    if spec.type == "double":
        return number(as_float(stored), switches)
    if spec.type == "file":
        return {"id": number(as_int(stored), switches), "url": f"/sandbox/files/{stored}"}
    return stored


def number(figure: float, switches: VibeSwitches) -> object:
    """A number as the switch has it."""
    return str(figure) if switches.numbers == "string" else figure
