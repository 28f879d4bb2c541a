"""Operations on what is in the portal already: found by phone, e-mail or company, counted, changed, deleted.

Like those of `portal`: what one of them brings stands at its class, and a door says it in its own words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

#: Values one FindByCommunication may carry. Source: apidocs.bitrix24.com, crm.duplicate.findbycomm.
MOST_VALUES = 20

#: From so many ids on, an answer of FindByCommunication may be cut off. Source: as above.
ENOUGH_IDS = 20


@dataclass(frozen=True, slots=True)
class FindByCommunication:
    """Contacts that have one of these phones or e-mails. Answer: list of contact ids, ascending.

    Which value brought which contact is not told, and how the portal compares phones is documented in part only
    (the extension is ignored, the spelling counts): who asks gives each spelling as a value of its own.
    """

    kind: Literal["PHONE", "EMAIL"]
    #: at most MOST_VALUES
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountOriginator:
    """Answer: how many contacts of an originator the portal has, an int."""

    originator: str


@dataclass(frozen=True, slots=True)
class ReadCompanyLinks:
    """A contact's companies. Answer: list of company ids (ints), the primary one first."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class Update:
    """Changes a contact: only the fields given, multifields by the rules of crm.contact.update. Answer: True.

    An element of a multifield without ID is added where its value is new, one with ID is changed, one with ID and
    `DELETE: "Y"` is removed; values not named stay.
    """

    contact_id: int
    fields: dict[str, object]
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delete:
    """Deletes a contact with what belongs to it. Answer: True; of one that is not there, Refused with `is_gone`."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class ReadCompanies:
    """Companies by id, with every field. Answer: list of Stored with `fields`, at most 50."""

    ids: tuple[int, ...]
    #: only whether they are there: Stored without `fields` worth reading
    ids_only: bool = False


@dataclass(frozen=True, slots=True)
class FindCompaniesByTitle:
    """Companies whose title is one of these, case aside. Answer: list of (title, company id), at most 50."""

    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindByCompany:
    """Contacts linked to a company. Answer: list of contact ids, ascending, at most 50."""

    company_id: int


@dataclass(frozen=True, slots=True)
class DeleteCompany:
    """Deletes a company. Answer: True; of one that is not there, Refused with `is_gone`."""

    company_id: int


@dataclass(frozen=True, slots=True)
class FindByField:
    """Contacts that hold a value in a field. Answer: list of contact ids, ascending, at most 50."""

    field: str
    #: as it is sent: a STATUS_ID, an item's id
    value: str


@dataclass(frozen=True, slots=True)
class ReadRequisites:
    """A contact's requisites that an originator made. Answer: list of (requisite id, created, modified), both ISO 8601 or empty."""

    contact_id: int
    originator: str


@dataclass(frozen=True, slots=True)
class DeleteRequisite:
    """Deletes a requisite with its addresses. Answer: True; of one that is not there, Refused with `is_gone`."""

    requisite_id: int


Existing = (
    FindByCommunication | CountOriginator | ReadCompanyLinks | Update | Delete | ReadCompanies | FindCompaniesByTitle | FindByCompany
    | DeleteCompany | FindByField | ReadRequisites | DeleteRequisite
)  # fmt: skip
