"""Operations on what is there already as the portal's own methods.

Source: apidocs.bitrix24.com, crm.contact.update, .delete, .list, crm.contact.company.items.get,
crm.duplicate.findbycomm, crm.company.list, .delete, crm.requisite.list, .delete.
"""

from __future__ import annotations

from collections.abc import Callable

from importer.portals.existing import (
    MOST_VALUES,
    CountOriginator,
    Delete,
    DeleteCompany,
    DeleteRequisite,
    FindByCommunication,
    FindByCompany,
    FindByField,
    FindCompaniesByTitle,
    ReadCompanies,
    ReadCompanyLinks,
    ReadRequisites,
    Update,
)

Params = dict[str, object]
_UNCOUNTED = -1

# A contact, among the owners of requisites: crm.enum.ownertype.
_CONTACT = 3


def _find(operation: FindByCommunication) -> Params:
    if len(operation.values) > MOST_VALUES:
        raise ValueError(f"{len(operation.values)} values do not fit one search of {MOST_VALUES}")
    return {"type": operation.kind, "values": list(operation.values), "entity_type": "CONTACT"}


def _update(operation: Update) -> Params:
    params: Params = {"id": operation.contact_id, "fields": operation.fields}
    if operation.params:
        params["params"] = operation.params
    return params


def forms(rows: Callable[[object], list[dict[str, object]]], number: Callable[[object], int], stored: Callable[[object], list]) -> dict[type, tuple]:
    """Operation → (method, its parameters, its answer read). `rows`, `number` and `stored` read what all methods share."""

    def hits(value: object) -> list[int]:
        # Without a hit the portal writes its empty map as a list.
        if value == []:
            return []
        if not isinstance(value, dict) or not isinstance(value.get("CONTACT", []), list):
            raise ValueError("not the answer of crm.duplicate.findbycomm")
        return sorted(map(number, value.get("CONTACT", [])))

    def links(value: object) -> list[int]:
        found = sorted(rows(value), key=lambda row: row.get("IS_PRIMARY") != "Y")
        return [number(row.get("COMPANY_ID")) for row in found]

    def is_done(value: object) -> bool:
        if value is not True:
            raise ValueError("not the answer of a change")
        return True

    def ids(value: object) -> list[int]:
        return [number(row.get("ID")) for row in rows(value)]

    return {
        FindByCommunication: ("crm.duplicate.findbycomm", _find, hits),
        ReadCompanyLinks: ("crm.contact.company.items.get", lambda op: {"id": op.contact_id}, links),
        Update: ("crm.contact.update", _update, is_done),
        Delete: ("crm.contact.delete", lambda op: {"id": op.contact_id}, is_done),
        ReadCompanies: (
            "crm.company.list",
            lambda op: {
                "filter": {"@ID": list(op.ids)},
                "select": ["ID"] if op.ids_only else ["*", "UF_*"],
                "order": {"ID": "ASC"},
                "start": _UNCOUNTED,
            },
            stored,
        ),
        FindCompaniesByTitle: (
            "crm.company.list",
            lambda op: {"filter": {"@TITLE": list(op.titles)}, "select": ["ID", "TITLE"], "order": {"ID": "ASC"}, "start": _UNCOUNTED},
            lambda value: [(str(row.get("TITLE")), number(row.get("ID"))) for row in rows(value)],
        ),
        FindByCompany: (
            "crm.contact.list",
            lambda op: {"filter": {"COMPANY_ID": op.company_id}, "select": ["ID"], "order": {"ID": "ASC"}, "start": _UNCOUNTED},
            ids,
        ),
        DeleteCompany: ("crm.company.delete", lambda op: {"id": op.company_id}, is_done),
        FindByField: (
            "crm.contact.list",
            lambda op: {"filter": {op.field: op.value}, "select": ["ID"], "order": {"ID": "ASC"}, "start": _UNCOUNTED},
            ids,
        ),
        ReadRequisites: (
            "crm.requisite.list",
            lambda op: {
                "filter": {"ENTITY_TYPE_ID": _CONTACT, "ENTITY_ID": op.contact_id, "ORIGINATOR_ID": op.originator},
                "select": ["ID", "DATE_CREATE", "DATE_MODIFY"], "order": {"ID": "ASC"},
            },
            lambda value: [(number(row.get("ID")), str(row.get("DATE_CREATE") or ""), str(row.get("DATE_MODIFY") or "")) for row in rows(value)],
        ),
        DeleteRequisite: ("crm.requisite.delete", lambda op: {"id": op.requisite_id}, is_done),
    }  # fmt: skip


def count_originator(operation: CountOriginator) -> Params:
    """`crm.contact.list` for its `total` alone: with `start` 0 the portal counts, and shows one page of ids."""
    return {"filter": {"ORIGINATOR_ID": operation.originator}, "select": ["ID"], "order": {"ID": "ASC"}, "start": 0}
