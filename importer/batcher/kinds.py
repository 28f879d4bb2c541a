"""What is sent: contacts of rows, companies and list entries they need, changes of contacts that are there. One journal, one set of states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from importer.journal.entries import COMPANY, CONTACT, ENTRY
from importer.portals.existing import Delete, DeleteCompany, Update
from importer.portals.list_entries import DeleteFromDirectory
from importer.portals.operations import Add, AddCompany, FindByOrigin, FindCompanies, Operation


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of journaled rows and the operations that send and find what they become."""

    #: the journal's number for it
    entity: int
    #: fields and params → the operation that sends a row; of a change without the contact it is about, which `changes` knows. None for
    #: what is not sent one by one by a batcher (list_entries.py)
    operation: Callable[..., Operation] | None
    find: type[FindByOrigin | FindCompanies] | None
    #: purpose of the requests that create them
    purpose: str
    #: as a sentence calls it
    word: str
    #: the journal's word for what is asked of the portal
    action: str = "create"
    #: what a row is once the portal has done it
    outcome: str = "created"
    #: what a row is about, at the beginning of a sentence, before its id
    thing: str = "Contact"


def _update(fields: dict[str, object], params: dict[str, str] | None = None, **_: object) -> Update:
    return Update(0, fields, params or {})


def _delete(fields: dict[str, object], params: dict[str, str] | None = None, **_: object) -> Delete:
    return Delete(0)


def _delete_company(fields: dict[str, object], params: dict[str, str] | None = None, **_: object) -> DeleteCompany:
    return DeleteCompany(0)


def _delete_entry(fields: dict[str, object], params: dict[str, str] | None = None, **_: object) -> DeleteFromDirectory:
    return DeleteFromDirectory(0)


CONTACTS = Kind(CONTACT, Add, FindByOrigin, "add", "row")
COMPANIES = Kind(COMPANY, AddCompany, FindCompanies, "beside", "company")
UPDATES = Kind(CONTACT, _update, FindByOrigin, "add", "row", "update", "updated")
DELETIONS = Kind(CONTACT, _delete, FindByOrigin, "add", "row", "delete", "deleted")
RESTORATIONS = Kind(CONTACT, _update, FindByOrigin, "add", "row", "restore", "restored")
ENTRIES = Kind(ENTRY, None, None, "beside", "list entry")
COMPANY_DELETIONS = Kind(COMPANY, _delete_company, FindCompanies, "beside", "company", "delete", "deleted", "Company")
ENTRY_DELETIONS = Kind(ENTRY, _delete_entry, FindByOrigin, "beside", "list entry", "delete", "deleted", "List entry")
