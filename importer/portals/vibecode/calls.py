"""Operations as calls of VibeCode's entities, and their answers read back. One line a kind of operation.

Source: vibecode.bitrix24.tech, /docs/entity-api, /docs/batch, /docs/filtering, /docs/entities/…; what the answers look like
inside is documented in part, so each is read in every form that was met, and anything else is Unreadable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from importer.portals.existing import (
    CountOriginator,
    Delete,
    DeleteCompany,
    FindByCompany,
    FindCompaniesByTitle,
    ReadCompanies,
    ReadCompanyLinks,
    Update,
)
from importer.portals.operations import (
    PAGE_ROWS,
    Add,
    AddCompany,
    FindByOrigin,
    ListCompanies,
    ListFields,
    ListStatuses,
    ListUsers,
    NewestId,
    Operation,
    ReadContacts,
    ReadOriginator,
)
from importer.portals.vibecode.identity import Identifying
from importer.portals.vibecode.names import vocabulary
from importer.portals.vibecode.records import (
    companies,
    company_links,
    first_id,
    found_companies,
    ids,
    made_id,
    statuses,
    stored_companies,
    users,
)
from importer.portals.vibecode.translation import Json

CONTACTS, COMPANIES = "contacts", "companies"

# Rows of one list answer; past 50 the server walks the portal's pages by itself. Source: /docs/entities/contacts/list.
MOST_ROWS = 5000


class Wordless(Exception):
    """VibeCode has no call for a kind of operation; the text names it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One action on an entity, whichever way it is sent."""

    entity: str
    action: str
    #: create, update: the fields; list: filter, select, order, limit, offset
    params: Json
    #: the answer of the operation, from what stands in `data`, or in `results` of a batch; raises ValueError
    read: Callable[[object], object]
    #: of get, update, delete
    entity_id: int | None = None
    #: True where the answer is the list's total, which stands beside it
    is_total: bool = False

    @property
    def is_write(self) -> bool:
        """True for what changes the portal."""
        return self.action in ("create", "update", "delete")

    def in_batch(self, key: str) -> Json:
        """The call as an element of `calls` of POST /v1/batch."""
        told: Json = {"id": key, "entity": self.entity, "action": self.action}
        if self.entity_id is not None:
            told["entityId"] = self.entity_id
        return told | ({"params": self.params} if self.params else {})

    def alone(self) -> tuple[str, str, object]:
        """(verb, path below /v1, body) of the call as a request of its own."""
        of_one = f"{self.entity}/{self.entity_id}"
        match self.action:
            case "create":
                return "POST", self.entity, self.params
            case "update":
                return "PATCH", of_one, self.params
            case "delete":
                return "DELETE", of_one, None
            case "get":
                return "GET", of_one, None
            case "fields":
                return "GET", f"{self.entity}/fields", None
            case _:
                # autoWindow cuts large searches into windows and passes over those that fail (the guide).
                return "POST", f"{self.entity}/search", self.params | {"autoWindow": False}


def _listing(entity: str, filter_: Json, read: Callable[[object], object], *, select: list[str] | None = None, limit: int = PAGE_ROWS) -> Call:
    params: Json = {"filter": filter_, "order": {"id": "asc"}, "limit": limit} | ({"select": select} if select else {})
    return Call(entity, "list", params, read)


def call_of(operation: Operation, who: Identifying) -> Call:
    """The call of an operation that is one entity's. `who` knows the portal's names and where identities stand."""
    match operation:
        case Add():
            return Call(CONTACTS, "create", who.stamped(operation.fields), made_id)
        case AddCompany():
            return Call(COMPANIES, "create", _company(operation.fields), made_id)
        case Update():
            return Call(CONTACTS, "update", who.stamped(operation.fields), _done, operation.contact_id)
        case Delete():
            return Call(CONTACTS, "delete", {}, _done, operation.contact_id)
        case DeleteCompany():
            return Call(COMPANIES, "delete", {}, _done, operation.company_id)
        case FindByOrigin() | ReadOriginator() | CountOriginator():
            return _by_identity(operation, who)
        case _:
            return _read(operation, who)


def _company(fields: Json) -> Json:
    """Of a company's fields the title: it has no field for an identity in VibeCode, and no other is filled by us."""
    return {"title": fields["TITLE"]}


def _done(_: object) -> bool:
    """Answers of an update and a delete are documented in part: any success is one."""
    return True


def _by_identity(operation: FindByOrigin | ReadOriginator | CountOriginator, who: Identifying) -> Call:
    match operation:
        case FindByOrigin():
            filter_ = who.filter_of(operation.originator, operation.ids) | {">id": operation.after_id}
            return _listing(CONTACTS, filter_, who.found, select=["id", *who.names])
        case ReadOriginator():
            filter_ = who.filter_of(operation.originator) | {">id": operation.after_id}
            select = ["id", *who.names, who.words.theirs["DATE_CREATE"], who.words.theirs["DATE_MODIFY"]]
            return _listing(CONTACTS, filter_, who.stored_of(operation.originator), select=select)
    call = _listing(CONTACTS, who.filter_of(operation.originator), lambda value: value, select=["id"])
    return Call(call.entity, call.action, call.params, call.read, is_total=True)


def _read(operation: Operation, who: Identifying) -> Call:
    match operation:
        case ReadContacts():
            return _listing(CONTACTS, {"id": {"$in": list(operation.ids)}}, who.stored)
        case NewestId():
            return Call(CONTACTS, "list", {"select": ["id"], "order": {"id": "desc"}, "limit": 1}, first_id)
        case ListFields():
            return Call(CONTACTS, "fields", {}, vocabulary)
        case ListStatuses():
            # A directory has some dozens of entries; one answer brings all, and every further page is empty.
            return Call("statuses", "list", {"filter": {"entityId": operation.directory}, "limit": 500}, _page(statuses, operation.start))
        case ListUsers():
            return Call("users", "list", {"order": {"id": "asc"}, "limit": MOST_ROWS}, _page(users, operation.start))
        case ListCompanies():
            return _listing(COMPANIES, {">id": operation.after_id}, companies, select=["id", "title"])
        case FindCompaniesByTitle():
            return _listing(COMPANIES, {"title": {"$in": list(operation.titles)}}, found_companies, select=["id", "title"])
        case ReadCompanies():
            some = {"select": ["id"]} if operation.ids_only else {}
            return _listing(COMPANIES, {"id": {"$in": list(operation.ids)}}, stored_companies, **some)
        case FindByCompany():
            return _listing(CONTACTS, {"companyId": operation.company_id}, ids, select=["id"])
        case ReadCompanyLinks():
            return Call(CONTACTS, "get", {}, company_links, operation.contact_id)
    raise Wordless(type(operation).__name__)


def _page(read: Callable[[object], list], start: int) -> Callable[[object], list]:
    return lambda value: read(value)[start:]
