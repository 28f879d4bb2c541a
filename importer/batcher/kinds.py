"""What a batcher sends: contacts of rows, or the companies they need. The same queue and states serve both."""

from __future__ import annotations

from dataclasses import dataclass

from importer.journal.entries import COMPANY, CONTACT
from importer.portals.portal import Add, AddCompany, FindByOrigin, FindCompanies


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of journaled rows and the operations that create and find what they become."""

    #: the journal's number for it
    entity: int
    add: type[Add | AddCompany]
    find: type[FindByOrigin | FindCompanies]
    #: purpose of the requests that create them
    purpose: str
    #: as a sentence calls it
    word: str


CONTACTS = Kind(CONTACT, Add, FindByOrigin, "add", "row")
COMPANIES = Kind(COMPANY, AddCompany, FindCompanies, "beside", "company")
