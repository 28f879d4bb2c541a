"""Operations on what is there already as the portal's own methods.

Source: apidocs.bitrix24.com, crm.contact.update, .delete, .list, crm.contact.company.items.get,
crm.duplicate.findbycomm, crm.company.list, .delete, crm.requisite.list, .delete.
"""

from __future__ import annotations

from importer.portals.bitrix24.answers import CONTACT_OWNER, UNCOUNTED, Form, Params, Unreadable, ids, is_true, positive, rows, stored
from importer.portals.existing import (
    MOST_VALUES,
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


def _find(operation: FindByCommunication) -> Params:
    if len(operation.values) > MOST_VALUES:
        raise ValueError(f"{len(operation.values)} values do not fit one search of {MOST_VALUES}")
    return {"type": operation.kind, "values": list(operation.values), "entity_type": "CONTACT"}


def _update(operation: Update) -> Params:
    params: Params = {"id": operation.contact_id, "fields": operation.fields}
    if operation.params:
        params["params"] = operation.params
    return params


def _hits(value: object) -> list[int]:
    # Without a hit the portal writes its empty map as a list.
    if value == []:
        return []
    if not isinstance(value, dict) or not isinstance(value.get("CONTACT", []), list):
        raise Unreadable("not the answer of crm.duplicate.findbycomm")
    return sorted(map(positive, value.get("CONTACT", [])))


def _links(value: object) -> list[int]:
    found = sorted(rows(value), key=lambda row: row.get("IS_PRIMARY") != "Y")
    return [positive(row.get("COMPANY_ID")) for row in found]


#: One line a kind of operation.
FORMS: dict[type, Form] = {
    FindByCommunication: Form("crm.duplicate.findbycomm", _find, _hits),
    ReadCompanyLinks: Form("crm.contact.company.items.get", lambda op: {"id": op.contact_id}, _links),
    Update: Form("crm.contact.update", _update, is_true),
    Delete: Form("crm.contact.delete", lambda op: {"id": op.contact_id}, is_true),
    ReadCompanies: Form(
        "crm.company.list",
        lambda op: {
            "filter": {"@ID": list(op.ids)},
            "select": ["ID"] if op.ids_only else ["*", "UF_*"],
            "order": {"ID": "ASC"},
            "start": UNCOUNTED,
        },
        stored,
    ),
    FindCompaniesByTitle: Form(
        "crm.company.list",
        lambda op: {"filter": {"@TITLE": list(op.titles)}, "select": ["ID", "TITLE"], "order": {"ID": "ASC"}, "start": UNCOUNTED},
        lambda value: [(str(row.get("TITLE")), positive(row.get("ID"))) for row in rows(value)],
    ),
    FindByCompany: Form(
        "crm.contact.list",
        lambda op: {"filter": {"COMPANY_ID": op.company_id}, "select": ["ID"], "order": {"ID": "ASC"}, "start": UNCOUNTED},
        ids,
    ),
    DeleteCompany: Form("crm.company.delete", lambda op: {"id": op.company_id}, is_true),
    FindByField: Form(
        "crm.contact.list",
        lambda op: {"filter": {op.field: op.value}, "select": ["ID"], "order": {"ID": "ASC"}, "start": UNCOUNTED},
        ids,
    ),
    ReadRequisites: Form(
        "crm.requisite.list",
        lambda op: {
            "filter": {"ENTITY_TYPE_ID": CONTACT_OWNER, "ENTITY_ID": op.contact_id, "ORIGINATOR_ID": op.originator},
            "select": ["ID", "DATE_CREATE", "DATE_MODIFY"], "order": {"ID": "ASC"},
        },
        lambda value: [(positive(row.get("ID")), str(row.get("DATE_CREATE") or ""), str(row.get("DATE_MODIFY") or "")) for row in rows(value)],
    ),
    DeleteRequisite: Form("crm.requisite.delete", lambda op: {"id": op.requisite_id}, is_true),
}  # fmt: skip
