"""Contacts and companies through VibeCode: create, get, list, search, update, delete, fields.

Names and shapes only: what a value becomes, is required or refused is decided by the portal's own methods, so that both
doors tell one story. Reference, section 8.
"""

from __future__ import annotations

from functools import partial

from importer.sandbox import record_writing
from importer.sandbox.multifields import KINDS, Changes, changes
from importer.sandbox.php_casts import as_int
from importer.sandbox.record_filter import condition, split_key
from importer.sandbox.records import COMPANY, CONTACT, RecordKind, order_clause
from importer.sandbox.store import Condition, Window
from importer.sandbox.vibecode import outgoing
from importer.sandbox.vibecode.field_list import field_list
from importer.sandbox.vibecode.filters import native_filter
from importer.sandbox.vibecode.incoming import Incoming, native_fields
from importer.sandbox.vibecode.refusals import VibeRefusal, no_such_record
from importer.sandbox.vibecode.visit import Action, Ask, Outcome, Visit, list_meta

_OWNER_TYPE = {"contact": 3, "company": 4}


def record_actions(kind: RecordKind) -> dict[str, Action]:
    """The actions of contacts or companies, by name."""
    actions = {"create": _create, "get": _get, "list": _list, "search": _list, "update": _update, "delete": _delete, "fields": _fields}
    return {name: partial(action, kind) for name, action in actions.items()}


def _create(kind: RecordKind, visit: Visit, ask: Ask) -> Outcome:
    sent = native_fields(kind, ask.body, visit.portal, visit.switches)
    params = {"fields": sent.fields | sent.multifields}
    new_id = record_writing.add(kind, visit.portal, visit.caller, params).result
    if sent.lead_id:
        visit.portal.store.update(kind.entity, new_id, {"LEAD_ID": sent.lead_id}, Changes())
    return Outcome(_shown(kind, visit, new_id), status=201)


def _get(kind: RecordKind, visit: Visit, ask: Ask) -> Outcome:
    if "read" not in visit.portal.state.rights:
        raise VibeRefusal("ACCESS_DENIED", "Access denied")
    return Outcome(_shown(kind, visit, ask.entity_id, ask.include))


def _list(kind: RecordKind, visit: Visit, ask: Ask) -> Outcome:
    portal, asked = visit.portal, ask.listed
    if "read" not in portal.state.rights:
        raise VibeRefusal("BITRIX_ACCESS_DENIED", "Access denied")
    found = wanted_records(kind, visit, asked.filter)
    specs = kind.specs(portal)
    names = field_list(kind, portal, visit.switches).filtered
    order = {names[name]: direction for name, direction in asked.order.items() if name in names}
    rows = portal.store.rows(kind.entity, found, Window(order_clause(specs, order), asked.limit, asked.offset))
    shown = outgoing.records(kind, rows, portal, visit.switches, asked.select)
    for record in shown if asked.include else ():
        record["_included"] = _included(kind, visit, as_int(record["id"]), asked.include)
    total = portal.store.count(kind.entity, found)
    return Outcome(shown, list_meta(visit, asked, len(shown), total))


def wanted_records(kind: RecordKind, visit: Visit, wanted: dict[str, object]) -> Condition:
    """A filter in VibeCode's names as a condition of the store. Raises VibeRefusal for an unknown field."""
    portal, switches = visit.portal, visit.switches
    specs = kind.specs(portal)
    native = native_filter(wanted, field_list(kind, portal, switches).filtered, switches)
    kept: dict[str, object] = {}
    for key, value in native.items():
        spec = specs[split_key(key)[1]]
        if spec.name in KINDS and switches.multifield_filter != "works":
            if switches.multifield_filter == "reject":
                raise VibeRefusal("INVALID_FILTER_FIELD", f"Filtering by {spec.name.lower()} is not supported")
            continue
        kept[key] = _truth(spec.type, value) if spec.type in ("char", "boolean") else value
    return condition(kind.entity, specs, kept, portal)


def _truth(type_: str, value: object) -> object:
    """JSON's booleans, and their words in a query string, as the columns hold them."""
    if not isinstance(value, bool) and value not in ("true", "false"):
        return value
    is_true = value in (True, "true")
    return int(is_true) if type_ == "boolean" else "Y" if is_true else "N"


def _update(kind: RecordKind, visit: Visit, ask: Ask) -> Outcome:
    portal, number = visit.portal, ask.entity_id
    if portal.store.row(kind.entity, number) is None:
        raise no_such_record()
    sent = native_fields(kind, ask.body, portal, visit.switches)
    added = _added(kind, visit, number, sent)
    record_writing.update(kind, portal, visit.caller, {"id": number, "fields": sent.fields})
    lead = {} if sent.lead_id is None else {"LEAD_ID": sent.lead_id or None}
    portal.store.update(kind.entity, number, lead, added)
    answers = {"id": {"id": outgoing.number(number, visit.switches)}, "true": True, "nothing": None}
    position = visit.switches.update_answer
    return Outcome(answers[position] if position in answers else _shown(kind, visit, number), status=_status(position))


def _added(kind: RecordKind, visit: Visit, number: int, sent: Incoming) -> Changes:
    """Multifields are appended, never replaced; whether one that is there already is, too, has a switch."""
    stored = visit.portal.store.multifields(kind.entity, [number])[number]
    return changes(sent.multifields, [] if visit.switches.repeated_value == "add" else stored)


def _delete(kind: RecordKind, visit: Visit, ask: Ask) -> Outcome:
    if visit.portal.store.row(kind.entity, ask.entity_id) is None:
        raise no_such_record()
    record_writing.delete(kind, visit.portal, visit.caller, {"id": ask.entity_id})
    return deleted(visit, ask.entity_id)


def deleted(visit: Visit, number: int) -> Outcome:
    """The answer to a delete that went well."""
    position = visit.switches.delete_answer
    answers = {"id": {"id": outgoing.number(number, visit.switches)}, "true": True}
    return Outcome(answers.get(position), status=_status(position))


def _status(position: str) -> int:
    return 204 if position == "nothing" else 200


def _fields(kind: RecordKind, visit: Visit, ask: Ask) -> Outcome:
    known = field_list(kind, visit.portal, visit.switches).by_name
    described = {name: field.described(visit.switches) for name, field in known.items()}
    return Outcome({"fields": described} if visit.switches.fields_answer == "nested" else described)


def _shown(kind: RecordKind, visit: Visit, number: int, include: tuple[str, ...] = ()) -> dict[str, object]:
    row = visit.portal.store.row(kind.entity, number)
    if row is None:
        raise no_such_record()
    record = outgoing.records(kind, [row], visit.portal, visit.switches)[0]
    if include:
        record["_included"] = _included(kind, visit, number, include)
    return record


def _included(kind: RecordKind, visit: Visit, number: int, include: tuple[str, ...]) -> dict[str, object]:
    """Related records: an object or null for one, a list for many; names that are no relation are passed over."""
    store = visit.portal.store
    included: dict[str, object] = {}
    if "company" in include and kind is CONTACT:
        company = store.row("company", as_int(store.row("contact", number)["COMPANY_ID"]))
        included["company"] = outgoing.records(COMPANY, [company], visit.portal, visit.switches)[0] if company else None
    if "requisite" in include:
        owner = (_OWNER_TYPE[kind.entity], number)
        rows = [row for row in store.directories.requisites() if (row["entity_type_id"], row["entity_id"]) == owner]
        included["requisite"] = [{"id": row["id"], "presetId": row["preset_id"], "name": row["name"]} for row in rows]
    return included
