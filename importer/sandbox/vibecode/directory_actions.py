"""Statuses, users, requisites and addresses through VibeCode: small lists, filtered and sorted in memory.

Reference, section 13. Writing users is not offered: an importer has no business there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from importer.sandbox import link_methods
from importer.sandbox.php_casts import PhpArray, as_int, from_json
from importer.sandbox.row_filter import matching, ordered
from importer.sandbox.vibecode import outgoing
from importer.sandbox.vibecode.filters import native_filter
from importer.sandbox.vibecode.names import camel
from importer.sandbox.vibecode.record_actions import deleted
from importer.sandbox.vibecode.refusals import VibeRefusal, no_such_record
from importer.sandbox.vibecode.visit import Action, Ask, Outcome, Visit, list_meta

Rows = Callable[[Visit], list[dict[str, object]]]

_REQUISITE_FIELDS = (
    "ENTITY_TYPE_ID ENTITY_ID PRESET_ID NAME ACTIVE SORT RQ_NAME RQ_FIRST_NAME RQ_LAST_NAME RQ_SECOND_NAME"
    " RQ_COMPANY_NAME RQ_INN RQ_KPP RQ_OGRN"
).split()
_ADDRESS_FIELDS = (
    "TYPE_ID ENTITY_TYPE_ID ENTITY_ID ADDRESS_1 ADDRESS_2 CITY REGION PROVINCE POSTAL_CODE COUNTRY COUNTRY_CODE"
).split()
_BY_NAME = {camel(name): name for name in (*_REQUISITE_FIELDS, *_ADDRESS_FIELDS)}


def statuses(visit: Visit) -> list[dict[str, object]]:
    """The entries of all directories."""
    return [
        {
            "id": outgoing.number(int(row["ID"]), visit.switches),
            "entityId": row["ENTITY_ID"],
            "statusId": row["STATUS_ID"],
            "name": row["NAME"],
            "nameInit": row["NAME_INIT"],
            "sort": outgoing.number(int(row["SORT"]), visit.switches),
            "color": row["COLOR"],
            "semantics": None,
            # Left untranslated by the real door, as client code has met it.
            "SYSTEM": row["SYSTEM"],
            "EXTRA": {"SEMANTICS": None, "COLOR": row["COLOR"]},
        }
        for row in visit.portal.store.directories.statuses()
    ]


def users(visit: Visit) -> list[dict[str, object]]:
    """The users."""
    return [
        {
            "id": outgoing.number(int(row["ID"]), visit.switches),
            "name": row["NAME"],
            "lastName": row["LAST_NAME"],
            "secondName": row["SECOND_NAME"],
            "email": row["EMAIL"],
            "active": row["ACTIVE"],
            "workPosition": row["WORK_POSITION"],
            "departmentId": row["UF_DEPARTMENT"],
            "personalPhone": "",
            "personalMobile": "",
            "workPhone": "",
            "personalPhoto": None,
        }
        for row in visit.portal.store.directories.people()
    ]


def requisites(visit: Visit) -> list[dict[str, object]]:
    """The requisites."""
    rows = visit.portal.store.directories.requisites()
    whole = ("id", "entity_type_id", "entity_id", "preset_id")
    return [
        {camel(name.upper()): outgoing.number(row[name], visit.switches) for name in whole}
        | {"name": row["name"]}
        | {camel(name): value for name, value in row["fields"].items()}
        for row in rows
    ]


def addresses(visit: Visit) -> list[dict[str, object]]:
    """The addresses, which have no ids."""
    whole = ("type_id", "entity_type_id", "entity_id")
    return [
        {camel(name.upper()): outgoing.number(row[name], visit.switches) for name in whole}
        | {camel(name): value for name, value in row["fields"].items()}
        for row in visit.portal.store.directories.addresses()
    ]


def reading(rows: Rows) -> dict[str, Action]:
    """list, search, get and fields over rows."""
    return {
        "list": partial(_list, rows),
        "search": partial(_list, rows),
        "get": partial(_get, rows),
        "fields": partial(_fields, rows),
    }


def _list(rows: Rows, visit: Visit, ask: Ask) -> Outcome:
    asked, found = ask.listed, rows(visit)
    names = {name: name for row in found[:1] for name in row}
    wanted: PhpArray = native_filter(asked.filter, names, visit.switches) if found else {}
    found = ordered(matching(found, wanted), asked.order)
    page = found[asked.offset : asked.offset + asked.limit]
    if asked.select is not None:
        page = [{name: value for name, value in row.items() if name == "id" or name in asked.select} for row in page]
    return Outcome(page, list_meta(visit, asked, len(page), len(found)))


def _get(rows: Rows, visit: Visit, ask: Ask) -> Outcome:
    found = [row for row in rows(visit) if as_int(row.get("id")) == ask.entity_id]
    if not found:
        raise no_such_record()
    return Outcome(found[0])


def _fields(rows: Rows, visit: Visit, ask: Ask) -> Outcome:
    names = next(iter(rows(visit)), {})
    types = {bool: "boolean", int: "number", list: "array"}
    return Outcome({name: {"type": types.get(type(value), "string"), "readonly": name == "id"} for name, value in names.items()})


def create_requisite(visit: Visit, ask: Ask) -> Outcome:
    """A requisite of a contact or company."""
    number = link_methods.requisite_add(visit.portal, visit.caller, {"fields": _native(ask.body)}).result
    return Outcome(next(row for row in requisites(visit) if as_int(row["id"]) == number), status=201)


def delete_requisite(visit: Visit, ask: Ask) -> Outcome:
    """Gone, with its addresses."""
    if visit.portal.store.directories.requisite(ask.entity_id) is None:
        raise no_such_record()
    link_methods.requisite_delete(visit.portal, visit.caller, {"id": ask.entity_id})
    return deleted(visit, ask.entity_id)


def create_address(visit: Visit, ask: Ask) -> Outcome:
    """An address of a requisite; the portal of the sandbox has none on contacts themselves."""
    fields = _native(ask.body)
    link_methods.address_add(visit.portal, visit.caller, {"fields": fields})
    return Outcome({camel(name): value for name, value in fields.items()}, status=201)


def _native(body: object) -> PhpArray:
    if not isinstance(body, dict):
        raise VibeRefusal("VALIDATION_ERROR", "An object with the fields is needed")
    return from_json({_BY_NAME[name]: value for name, value in body.items() if name in _BY_NAME})
