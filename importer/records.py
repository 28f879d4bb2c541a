"""What travels between the rooms: places, rows, problems, contacts, and what the portal says of itself.

Plain data only; this module imports nothing of ours and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: ORIGINATOR_ID of contacts whose mapping gives them no identity, and of what a run makes beside contacts: it tells in the
#: portal what came by us
STAMP = "b24-import"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, as a person finds it: `clients.xlsx, sheet "Clients", row 214, column "Phone"`."""

    #: file name without its folder
    file: str
    #: sheet name; None for a text file
    sheet: str | None = None
    #: the sheet's own row number, or the line of the text file on which the record begins; from 1
    row: int | None = None
    #: column name as the header spells it
    column: str | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.sheet is not None:
            parts.append(f'sheet "{self.sheet}"')
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f'column "{self.column}"')
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row. A rejecting problem keeps the row from being sent; a warning does not."""

    #: stable word of ours that people filter by: `bad_date`, `unknown_list_item`, `ragged_row` …
    code: str
    #: the sentence a person reads: what was found, and what to do
    problem: str
    #: column of the source, as the header spells it; None when the whole row is meant
    column: str | None = None
    is_warning: bool = False


def joined(problems: list[RowProblem]) -> RowProblem | None:
    """The first problem, its sentence followed by those of the others: a person should mend the row once. None for none."""
    if len(problems) < 2:
        return problems[0] if problems else None
    sentences = [p.problem if p.column in (None, problems[0].column) else f'Column "{p.column}": {p.problem}' for p in problems[1:]]
    first = problems[0]
    return RowProblem(first.code, " ".join([first.problem, *sentences]), first.column)


@dataclass(frozen=True, slots=True)
class Rejected:
    """What a rejects file of ours says of one of its rows."""

    #: its number in the source it was rejected from
    row: int
    #: why it was rejected
    code: str
    #: the sentence for its person
    problem: str = ""


@dataclass(slots=True)
class Row:
    """One record of the source, as text."""

    #: the sheet's own row number, or the line of the text file on which the record begins; from 1
    number: int
    #: one text a column of the header, in its order; a broken record keeps the cells it has
    cells: list[str]
    #: set when the record itself is broken (too many or too few cells, an unclosed quote): never mapped
    problem: RowProblem | None = None
    #: damage the reader saw in single cells (`#N/A`, a phone as 7,9E+10); the row still goes on
    warnings: tuple[RowProblem, ...] = ()
    #: of a broken record: each cell certainly stands under its column all the same
    is_in_place: bool = False
    #: the cells as they stand in the file, where blanks around them or a formula around a text were taken away
    untouched: list[str] | None = None
    #: of a row of a rejects file; None also where a person has emptied what it said
    rejected: Rejected | None = None


@dataclass(slots=True)
class Contact:
    """One contact as the portal will get it."""

    #: portal field → value: text, a list of texts, or for PHONE/EMAIL/WEB/IM a list of
    #: {"VALUE": …, "VALUE_TYPE": …}. Only fields that are sent; never an empty value.
    fields: dict[str, object]
    #: (ORIGINATOR_ID, ORIGIN_ID) when the mapping gives the row an identity
    origin: tuple[str, str] | None = None
    #: an address for a requisite of the contact: ADDRESS_1, ADDRESS_2, CITY, POSTAL_CODE, REGION, PROVINCE, COUNTRY
    address: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Mapped:
    """What the mapping made of one row: a contact, unless one of the problems rejects the row."""

    contact: Contact | None
    #: rejecting problems first, then warnings
    problems: list[RowProblem] = field(default_factory=list)
    #: the row's own identity, also of a rejected row
    origin: tuple[str, str] | None = None
    #: what could be mapped of a rejected row, to tell whether another row is the same person; it is never sent
    rejected: Contact | None = None


@dataclass(frozen=True, slots=True)
class ListItem:
    """One choice of a list field or directory."""

    #: what is sent: an enumeration id, or a STATUS_ID
    id: str
    #: what people read
    text: str


@dataclass(frozen=True, slots=True)
class PortalField:
    """One field of `crm.contact.fields`."""

    name: str
    #: the portal's type word: string, char, date, datetime, user, crm_status, crm_multifield, enumeration …
    type: str
    #: the human name; the portal's own for custom fields, else the title
    label: str = ""
    is_required: bool = False
    is_read_only: bool = False
    is_multiple: bool = False
    #: directory of a crm_status field (CONTACT_TYPE, SOURCE, HONORIFIC …)
    status_type: str | None = None
    #: choices of an enumeration field
    items: tuple[ListItem, ...] = ()
    #: the portal's SETTINGS of a custom field, as it came
    settings: dict[str, object] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class PortalUser:
    """One user of the portal, for ASSIGNED_BY_ID and its like."""

    id: str
    name: str = ""
    last_name: str = ""
    second_name: str = ""
    #: empty when the webhook's scope hides it (user_brief)
    email: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class PortalCompany:
    """One company of the portal, for `lookup: company`."""

    id: str
    title: str
    originator: str = ""
    origin_id: str = ""


@dataclass(frozen=True, slots=True)
class Lacks:
    """What one way into a portal cannot do although the portal can."""

    #: how a sentence calls the way: "VibeCode"
    door: str
    #: field of crm.contact.add that cannot be written → why, a part of a sentence
    fields: dict[str, str] = field(default_factory=dict)
    #: parameter of crm.contact.add that cannot be given → what that means, a sentence
    params: dict[str, str] = field(default_factory=dict)
    #: multifield → the kinds its values may have; any other is sent as OTHER
    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: key of a mapping's rule that cannot be carried out → why, a sentence
    keys: dict[str, str] = field(default_factory=dict)
    #: what a person should know although nothing is missing, a sentence each
    notes: tuple[str, ...] = ()
    #: False where contacts cannot be found by ORIGINATOR_ID and ORIGIN_ID afterwards
    keeps_identity: bool = True


@dataclass(slots=True)
class Catalogue:
    """What the mapping needs to know of a portal: its fields, directories and users."""

    fields: dict[str, PortalField]
    #: directory (CONTACT_TYPE, SOURCE, HONORIFIC …) → its entries in the portal's order
    statuses: dict[str, tuple[ListItem, ...]] = field(default_factory=dict)
    users: tuple[PortalUser, ...] = ()
    #: read only when the mapping looks companies up
    companies: tuple[PortalCompany, ...] = ()
    #: False when the portal says that its user is no administrator, who alone may add to directories and lists
    is_admin: bool = True
    #: False for the built-in list used by `check --offline`: custom fields and lists are then unknown
    is_live: bool = True
    #: what cannot be done the way we came in; None where nothing is missing
    lacks: Lacks | None = None
