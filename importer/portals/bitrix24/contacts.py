"""Operations as the portal's own methods, and their answers read back. Source: apidocs.bitrix24.com, crm.contact.*.

`crm.contact.*` is used although the documentation calls it no longer developed: only `crm.contact.add` takes
IMPORT=Y together with every field, and it is what the portals of all ages have.
"""

from __future__ import annotations

from importer.portals.bitrix24 import addresses, directories, existing
from importer.portals.bitrix24.answers import UNCOUNTED, Form, Params, Unreadable, ids, positive, rows, stored, text
from importer.portals.bitrix24.fields import companies, contact_fields, items, users
from importer.portals.existing import CountOriginator
from importer.portals.operations import (
    Add,
    AddCompany,
    FindByOrigin,
    FindCompanies,
    ListCompanies,
    ListFields,
    ListScopes,
    ListStatuses,
    ListUsers,
    NewestId,
    Notify,
    ReadContacts,
    ReadOriginator,
    WhoAmI,
)
from importer.portals.portal import Identity


def adding(fields: dict[str, object], params: dict[str, str]) -> Params:
    """Parameters of `crm.contact.add` and of `crm.company.add`; `params` are left out where there are none."""
    return {"fields": fields, "params": params} if params else {"fields": fields}


def _find(operation: FindByOrigin | FindCompanies) -> Params:
    # ORIGIN_ID as a list is "one of these"; `>ID` pages on without counting.
    filter_ = {"ORIGINATOR_ID": operation.originator, "@ORIGIN_ID": list(operation.ids), ">ID": operation.after_id}
    return {"filter": filter_, "select": ["ID", "ORIGIN_ID"], "order": {"ID": "ASC"}, "start": UNCOUNTED}


def _found(value: object) -> list[tuple[str, int]]:
    return [(text(row.get("ORIGIN_ID")), positive(row.get("ID"))) for row in rows(value)]


def _originator(operation: ReadOriginator) -> Params:
    filter_ = {"ORIGINATOR_ID": operation.originator, ">ID": operation.after_id}
    select = ["ID", "ORIGIN_ID", "DATE_CREATE", "DATE_MODIFY"]
    return {"filter": filter_, "select": select, "order": {"ID": "ASC"}, "start": UNCOUNTED}


def _companies(operation: ListCompanies) -> Params:
    select = ["ID", "TITLE", "ORIGINATOR_ID", "ORIGIN_ID"]
    return {"filter": {">ID": operation.after_id}, "select": select, "order": {"ID": "ASC"}, "start": UNCOUNTED}


def _contacts(operation: ReadContacts) -> Params:
    select = ["*", "UF_*", "PHONE", "EMAIL", "WEB", "IM"]
    return {"filter": {"@ID": list(operation.ids)}, "select": select, "order": {"ID": "ASC"}, "start": UNCOUNTED}


def _newest(_: NewestId) -> Params:
    return {"select": ["ID"], "order": {"ID": "DESC"}, "start": UNCOUNTED}


def _first_id(value: object) -> int:
    found = ids(value)
    return found[0] if found else 0


def _count_originator(operation: CountOriginator) -> Params:
    # For its `total` alone: with `start` 0 the portal counts, and shows one page of ids.
    return {"filter": {"ORIGINATOR_ID": operation.originator}, "select": ["ID"], "order": {"ID": "ASC"}, "start": 0}


def _count(value: object) -> int:
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise Unreadable(f"not a total: {type(value).__name__}")


def _identity(value: object) -> Identity:
    if not isinstance(value, dict) or not value.get("ID"):
        raise Unreadable("not a profile")
    name = f"{text(value.get('NAME'))} {text(value.get('LAST_NAME'))}".strip()
    return Identity(user_id=text(value["ID"]), name=name, is_admin=value.get("ADMIN") is True)


def _scopes(value: object) -> list[str]:
    if not isinstance(value, list):
        raise Unreadable("not a list of scopes")
    return [text(scope) for scope in value]


#: One line a kind of operation.
FORMS: dict[type, Form] = {
    Add: Form("crm.contact.add", lambda op: adding(op.fields, op.params), positive),
    AddCompany: Form("crm.company.add", lambda op: adding(op.fields, op.params), positive),
    FindByOrigin: Form("crm.contact.list", _find, _found),
    FindCompanies: Form("crm.company.list", _find, _found),
    ReadOriginator: Form("crm.contact.list", _originator, stored),
    ReadContacts: Form("crm.contact.list", _contacts, stored),
    NewestId: Form("crm.contact.list", _newest, _first_id),
    WhoAmI: Form("profile", lambda _: {}, _identity),
    ListScopes: Form("scope", lambda _: {}, _scopes),
    ListFields: Form("crm.contact.fields", lambda _: {}, contact_fields),
    ListStatuses: Form(
        "crm.status.list",
        lambda op: {"filter": {"ENTITY_ID": op.directory}, "order": {"SORT": "ASC"}, "start": op.start},
        lambda value: items(rows(value), "STATUS_ID", "NAME"),
    ),
    ListCompanies: Form("crm.company.list", _companies, lambda value: companies(rows(value))),
    ListUsers: Form(
        "user.get", lambda op: {"sort": "ID", "order": "ASC", "start": op.start}, lambda value: users(rows(value))
    ),
    # `false` instead of an id: it was not created. Source: apidocs.bitrix24.com, im.notify.personal.add.
    Notify: Form("im.notify.personal.add", lambda op: {"USER_ID": op.user_id, "MESSAGE": op.text}, positive),
    CountOriginator: Form("crm.contact.list", _count_originator, _count, is_total=True),
    **addresses.FORMS, **existing.FORMS, **directories.FORMS,
}  # fmt: skip
