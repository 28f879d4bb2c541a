"""What a door may be asked: operations, each with what its answer is. Plain data; `portal` says what comes back of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from importer.portals.existing import Existing
from importer.portals.list_entries import OnLists


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address for a contact, and the requisite that carries it."""

    #: ADDRESS_1, CITY, POSTAL_CODE … of crm.address.add
    fields: dict[str, str]
    #: template of the requisite
    preset_id: str
    #: name of the requisite, which people see in lists
    name: str
    #: tells our requisite from others of the contact
    originator: str


@dataclass(frozen=True, slots=True)
class Add:
    """Creates a contact. Answer: its id, an int; of one with an address: Placed."""

    fields: dict[str, object]
    #: e.g. {"IMPORT": "Y", "REGISTER_SONET_EVENT": "N"}, sent as they stand
    params: dict[str, str] = field(default_factory=dict)
    #: goes with the contact in the same request, after it
    address: NewAddress | None = None
    #: number of its row, by which a door may call it in the portal's logs
    row: int | None = None


@dataclass(frozen=True, slots=True)
class AddCompany:
    """Creates a company. Answer: its id, an int."""

    fields: dict[str, object]
    params: dict[str, str] = field(default_factory=dict)
    row: int | None = None


@dataclass(frozen=True, slots=True)
class FindByOrigin:
    """Contacts of one originator by their origin ids. Answer: list of (origin id, contact id), page by page.

    At most 50 ids, so that the answer fits one page as long as none is doubled; `after_id` asks for
    the contacts past the last one of a full page.
    """

    originator: str
    ids: tuple[str, ...]
    after_id: int = 0


@dataclass(frozen=True, slots=True)
class FindCompanies:
    """As FindByOrigin, of companies. Answer: list of (origin id, company id)."""

    originator: str
    ids: tuple[str, ...]
    after_id: int = 0


@dataclass(frozen=True, slots=True)
class ListPresets:
    """Answer: list of Preset, the first 50 templates of requisites."""


@dataclass(frozen=True, slots=True)
class ListRequisites:
    """A contact's requisites that an originator made. Answer: list of (requisite id, originator)."""

    contact_id: int
    originator: str


@dataclass(frozen=True, slots=True)
class ListAddresses:
    """Answer: list of the kinds (TYPE_ID, ints) of a requisite's addresses."""

    requisite_id: int


@dataclass(frozen=True, slots=True)
class AddRequisite:
    """Creates the requisite of an address. Answer: its id, an int."""

    contact_id: int
    address: NewAddress


@dataclass(frozen=True, slots=True)
class AddAddress:
    """Creates an address of a requisite. Answer: True."""

    requisite_id: int
    address: NewAddress


#: As `after_id`: go on where the operation before it, in the same request, ends. When that one brings less than a
#: full page, the answer is worth nothing.
AFTER_PREVIOUS = -1


@dataclass(frozen=True, slots=True)
class ReadOriginator:
    """A page of an originator's contacts by ascending id. Answer: list of Stored, at most 50."""

    originator: str
    #: contacts with a higher id, or AFTER_PREVIOUS
    after_id: int = 0


@dataclass(frozen=True, slots=True)
class ReadContacts:
    """Contacts by id, with every field and multifield. Answer: list of Stored with `fields`, at most 50."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NewestId:
    """The highest contact id of the portal. Answer: an int, 0 when there is no contact."""


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """Answer: Identity of the key's or webhook's user."""


@dataclass(frozen=True, slots=True)
class ListCompanies:
    """A page of companies by ascending id. Answer: list of PortalCompany, at most 50."""

    #: companies with a higher id, or AFTER_PREVIOUS
    after_id: int = 0


@dataclass(frozen=True, slots=True)
class ListScopes:
    """Answer: list of the scopes we were given."""


@dataclass(frozen=True, slots=True)
class ListFields:
    """Answer: dict of PortalField by name, the contact's fields."""


@dataclass(frozen=True, slots=True)
class ListStatuses:
    """One page of a directory (CONTACT_TYPE, SOURCE, HONORIFIC …). Answer: list of ListItem in the portal's order, at most 50."""

    directory: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class ListUsers:
    """One page of users, active and dismissed. Answer: list of PortalUser, at most 50."""

    start: int = 0


@dataclass(frozen=True, slots=True)
class Notify:
    """Puts a message among a user's notifications in the portal. Answer: its id, an int.

    It needs a right of its own (scope `im`); a door that has no such method answers Refused with REJECT.
    """

    user_id: str
    text: str


@dataclass(slots=True)
class Ready:
    """An Add without an address, or an AddCompany, as a door has made it ready ahead of its sending: only that door reads it."""

    kind: type[Add] | type[AddCompany]
    text: str


Operation = (
    Add | AddCompany | Ready | FindByOrigin | FindCompanies | ReadOriginator | ReadContacts | NewestId
    | WhoAmI | ListScopes | ListFields | ListStatuses | ListUsers | ListCompanies
    | ListPresets | ListRequisites | ListAddresses | AddRequisite | AddAddress | Existing | OnLists
    | Notify
)


#: Rows in a page of every list method. Source: apidocs.bitrix24.com, "List methods".
PAGE_ROWS = 50
