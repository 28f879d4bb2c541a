"""Operations as the portal's own methods, and their answers read back. Source: apidocs.bitrix24.com, crm.contact.*.

`crm.contact.*` is used although the documentation calls it no longer developed: only `crm.contact.add` takes
IMPORT=Y together with every field, and it is what the portals of all ages have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from importer.portals.bitrix24 import addresses, directories, existing
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
    Operation,
    ReadContacts,
    ReadOriginator,
    WhoAmI,
)
from importer.portals.portal import Identity, Stored

Params = dict[str, object]

# A list without counting: the portal skips the count when `start` is -1, which costs it a thousandth.
# Source: apidocs.bitrix24.com, "Exporting large volumes".
_UNCOUNTED = -1


class Unreadable(ValueError):
    """A command's answer is not what its method answers: nothing can be concluded from it."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of operation is said to the portal, and how its answer is read."""

    method: str
    params: Callable[[Operation], Params]
    #: the answer of the operation; raises Unreadable
    read: Callable[[object], object]
    #: True where the answer is the list's `total`, which stands beside its `result`
    is_total: bool = False


def _positive(value: object) -> int:
    """An id: an int, or digits. Classic methods answer both."""
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise Unreadable(f"not an id: {type(value).__name__}")


def _rows(value: object) -> list[dict[str, object]]:
    """A list of objects; PHP writes a list with gaps as an object."""
    rows = list(value.values()) if isinstance(value, dict) else value
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    raise Unreadable("not a list of objects")


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value in (None, False) else str(value)


def adding(fields: dict[str, object], params: dict[str, str]) -> Params:
    """Parameters of `crm.contact.add` and of `crm.company.add`; `params` are left out where there are none."""
    return {"fields": fields, "params": params} if params else {"fields": fields}


def _find(operation: FindByOrigin | FindCompanies) -> Params:
    # ORIGIN_ID as a list is "one of these"; `>ID` pages on without counting.
    filter_ = {"ORIGINATOR_ID": operation.originator, "@ORIGIN_ID": list(operation.ids), ">ID": operation.after_id}
    return {"filter": filter_, "select": ["ID", "ORIGIN_ID"], "order": {"ID": "ASC"}, "start": _UNCOUNTED}


def _found(value: object) -> list[tuple[str, int]]:
    return [(_text(row.get("ORIGIN_ID")), _positive(row.get("ID"))) for row in _rows(value)]


def _originator(operation: ReadOriginator) -> Params:
    filter_ = {"ORIGINATOR_ID": operation.originator, ">ID": operation.after_id}
    select = ["ID", "ORIGIN_ID", "DATE_CREATE", "DATE_MODIFY"]
    return {"filter": filter_, "select": select, "order": {"ID": "ASC"}, "start": _UNCOUNTED}


def _companies(operation: ListCompanies) -> Params:
    select = ["ID", "TITLE", "ORIGINATOR_ID", "ORIGIN_ID"]
    return {"filter": {">ID": operation.after_id}, "select": select, "order": {"ID": "ASC"}, "start": _UNCOUNTED}


def _contacts(operation: ReadContacts) -> Params:
    select = ["*", "UF_*", "PHONE", "EMAIL", "WEB", "IM"]
    return {"filter": {"@ID": list(operation.ids)}, "select": select, "order": {"ID": "ASC"}, "start": _UNCOUNTED}


def _stored(value: object) -> list[Stored]:
    return [
        Stored(_positive(row.get("ID")), _text(row.get("ORIGIN_ID")), _text(row.get("DATE_MODIFY")), _text(row.get("DATE_CREATE")), row)
        for row in _rows(value)
    ]


def _newest(_: NewestId) -> Params:
    return {"select": ["ID"], "order": {"ID": "DESC"}, "start": _UNCOUNTED}


def _first_id(value: object) -> int:
    rows = _rows(value)
    return _positive(rows[0].get("ID")) if rows else 0


def _count(value: object) -> int:
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise Unreadable(f"not a total: {type(value).__name__}")


def _identity(value: object) -> Identity:
    if not isinstance(value, dict) or not value.get("ID"):
        raise Unreadable("not a profile")
    name = f"{_text(value.get('NAME'))} {_text(value.get('LAST_NAME'))}".strip()
    return Identity(user_id=_text(value["ID"]), name=name, is_admin=value.get("ADMIN") is True)


def _scopes(value: object) -> list[str]:
    if not isinstance(value, list):
        raise Unreadable("not a list of scopes")
    return [_text(scope) for scope in value]


#: One line a kind of operation.
FORMS: dict[type, Form] = {
    Add: Form("crm.contact.add", lambda op: adding(op.fields, op.params), _positive),
    AddCompany: Form("crm.company.add", lambda op: adding(op.fields, op.params), _positive),
    FindByOrigin: Form("crm.contact.list", _find, _found),
    FindCompanies: Form("crm.company.list", _find, _found),
    ReadOriginator: Form("crm.contact.list", _originator, _stored),
    ReadContacts: Form("crm.contact.list", _contacts, _stored),
    NewestId: Form("crm.contact.list", _newest, _first_id),
    WhoAmI: Form("profile", lambda _: {}, _identity),
    ListScopes: Form("scope", lambda _: {}, _scopes),
    ListFields: Form("crm.contact.fields", lambda _: {}, contact_fields),
    ListStatuses: Form(
        "crm.status.list",
        lambda op: {"filter": {"ENTITY_ID": op.directory}, "order": {"SORT": "ASC"}, "start": op.start},
        lambda value: items(_rows(value), "STATUS_ID", "NAME"),
    ),
    ListCompanies: Form("crm.company.list", _companies, lambda value: companies(_rows(value))),
    ListUsers: Form(
        "user.get", lambda op: {"sort": "ID", "order": "ASC", "start": op.start}, lambda value: users(_rows(value))
    ),
    # `false` instead of an id: it was not created. Source: apidocs.bitrix24.com, im.notify.personal.add.
    Notify: Form("im.notify.personal.add", lambda op: {"USER_ID": op.user_id, "MESSAGE": op.text}, _positive),
    CountOriginator: Form("crm.contact.list", existing.count_originator, _count, is_total=True),
    **{operation: Form(*form) for operation, form in addresses.forms(_rows, _positive).items()},
    **{operation: Form(*form) for operation, form in existing.forms(_rows, _positive, _stored).items()},
    **{operation: Form(*form) for operation, form in directories.forms(_rows, _positive).items()},
}  # fmt: skip
