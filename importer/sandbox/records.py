"""Reading contacts and companies: `get`, `list` and `fields`, which both kinds of record share.

Writing them is `record_writing`. Reference, sections 6.6, 6.7, 6.9 and 8.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from importer.sandbox.envelope import Answer
from importer.sandbox.fields import COMPANY_FIELDS, CONTACT_FIELDS, GET_ONLY, UNDESCRIBED, WRITE_ONLY, FieldSpec
from importer.sandbox.multifields import KINDS, Multifield
from importer.sandbox.php_casts import PhpArray, as_int, as_text
from importer.sandbox.portal import Caller, Portal
from importer.sandbox.record_filter import condition
from importer.sandbox.refusals import access_denied, bad_call, bad_id
from importer.sandbox.store import Window

# Records on one page of a classic list. Source: apidocs.bitrix24.com, crm-contact-list.
PAGE_SIZE = 50

_NAMES = {"NAME", "SECOND_NAME", "LAST_NAME"}


@dataclass(frozen=True, slots=True)
class RecordKind:
    """Contacts or companies: the table, the built-in fields, the word of "… is not found"."""

    entity: str
    standard: tuple[FieldSpec, ...]
    title: str

    def specs(self, portal: Portal) -> dict[str, FieldSpec]:
        """All fields by name; custom ones belong to contacts."""
        return _by_name(self.standard, portal.store.directories.custom_fields() if self.entity == "contact" else ())


@lru_cache(maxsize=16)
def _by_name(standard: tuple[FieldSpec, ...], custom: tuple[FieldSpec, ...]) -> dict[str, FieldSpec]:
    return {spec.name: spec for spec in (*standard, *custom)}


CONTACT = RecordKind("contact", CONTACT_FIELDS, "Contact")
COMPANY = RecordKind("company", COMPANY_FIELDS, "Company")


def record_id(params: PhpArray) -> int:
    """The `id` parameter. Raises Refusal when it is missing, 0 or no number."""
    number = as_int(params.get("id"))
    if isinstance(params.get("id"), dict) or number <= 0:
        raise bad_id()
    return number


def array_of(params: PhpArray, name: str) -> PhpArray:
    """An array parameter, empty when absent. Raises Refusal for anything else."""
    value = params.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad_call(f"Parameter '{name}' must be array")
    return value


def describe(kind: RecordKind, portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.<kind>.fields`."""
    are_required = portal.settings.are_names_required
    return Answer(
        {
            name: spec.described(is_name_required=are_required and name in _NAMES)
            for name, spec in kind.specs(portal).items()
            if name not in UNDESCRIBED
        }
    )


def get(kind: RecordKind, portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.<kind>.get`: every field, and the multifields that have values."""
    number = record_id(params)
    require(portal, "read")
    row = portal.store.row(kind.entity, number)
    if row is None:
        raise bad_call("Not found")
    specs = kind.specs(portal)
    record = {name: shown(spec, row.get(name)) for name, spec in specs.items() if _is_shown(name)}
    record |= {name: str(value) for name, value in row.items() if name.startswith("PARENT_ID_")}
    return Answer(record | _shown_multifields(portal.store.multifields(kind.entity, [number])[number]))


def list_(kind: RecordKind, portal: Portal, caller: Caller, params: PhpArray) -> Answer:
    """`crm.<kind>.list`: a page of 50, with `total` and `next` unless `start` is -1."""
    wanted, order = array_of(params, "filter"), array_of(params, "order")
    require(portal, "read")
    specs = kind.specs(portal)
    found = condition(kind.entity, specs, wanted, portal)
    start = as_int(params.get("start"))
    offset = max(0, start) // PAGE_SIZE * PAGE_SIZE
    rows = portal.store.rows(kind.entity, found, Window(order_clause(specs, order), PAGE_SIZE, offset))
    records = _selected(kind, portal, rows, params.get("select"))
    if start < 0:
        return Answer(records, 0 if portal.settings.uncounted_total == "zero" else None)
    total = portal.store.count(kind.entity, found)
    return Answer(records, total, offset + PAGE_SIZE if offset + PAGE_SIZE < total else None)


def require(portal: Portal, right: str) -> None:
    """Raises Refusal when the webhook's user lacks the right."""
    if right not in portal.state.rights:
        raise access_denied()


def shown(spec: FieldSpec, value: object) -> object:
    """A stored value as the classic methods print it: scalars as text, an empty multiple field as false."""
    if spec.is_multiple and spec.is_custom:
        if not value:
            return False
        return [_shown_one(spec, item) if spec.type == "file" else item for item in value]
    return _shown_one(spec, value)


def _shown_one(spec: FieldSpec, value: object) -> object:
    if value is None:
        return "" if spec.type in ("date", "datetime") else None
    if spec.type == "file":
        address = f"/sandbox/files/{value}"
        return {"id": value, "showUrl": address, "downloadUrl": address}
    return value if isinstance(value, str) else as_text(value)


def _is_shown(name: str) -> bool:
    return name not in KINDS and name not in WRITE_ONLY and name != "ADDRESS_COUNTRY_CODE"


def _shown_multifields(values: list[Multifield]) -> dict[str, object]:
    found: dict[str, list] = {}
    for item in values:
        entry = {"ID": str(item.id), "VALUE_TYPE": item.value_type, "VALUE": item.value, "TYPE_ID": item.kind}
        found.setdefault(item.kind, []).append(entry)
    return found


def _selected(kind: RecordKind, portal: Portal, rows: list[dict], select: object) -> list[dict]:
    specs = kind.specs(portal)
    asked = [as_text(name) for name in select.values()] if isinstance(select, dict) and select else ["*", "UF_*"]
    names = {
        name: spec
        for name, spec in specs.items()
        if _is_shown(name) and name not in GET_ONLY and (name == "ID" or _is_asked(spec, asked))
    }
    records = [{name: shown(spec, row.get(name)) for name, spec in names.items()} for row in rows]
    multifields = [name for name in KINDS if name in asked]
    if multifields:
        values = portal.store.multifields(kind.entity, [row["ID"] for row in rows])
        for record, row in zip(records, rows, strict=True):
            found = _shown_multifields(values[row["ID"]])
            record |= {name: found[name] for name in multifields if name in found}
    return records


def _is_asked(spec: FieldSpec, asked: list[str]) -> bool:
    return spec.name in asked or ("UF_*" if spec.is_custom else "*") in asked


def order_clause(specs: dict[str, FieldSpec], order: PhpArray) -> str:
    """ORDER BY for `{FIELD: ASC or DESC}`; names that cannot be sorted by are passed over, ties go by ID."""
    parts = []
    for name, direction in order.items():
        spec = specs.get(str(name))
        if spec is None or spec.is_multiple or spec.type == "crm_multifield":
            continue
        column = f"json_extract(extra, '$.\"{spec.name}\"')" if spec.is_custom else spec.name.lower()
        parts.append(f"{column} {'DESC' if as_text(direction).upper() == 'DESC' else 'ASC'}")
    # The default order is not documented; ID ascending here, also to settle ties.
    return ", ".join([*parts, "id ASC"])
