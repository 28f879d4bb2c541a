"""What goes into and comes out of the journal: plain data, one class a table."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic_core import from_json

from importer.records import Rejected, RowProblem

#: Kinds of rows: of the source, each a contact; and what such rows need: companies, entries of directories and lists.
CONTACT, COMPANY, ENTRY = 0, 1, 2


@dataclass(slots=True)
class NewRun:
    """What a run is about, known before its first row is planned."""

    run: str
    started: float
    source_path: str
    source_sha256: str
    source_header: tuple[str, ...]
    mapping_path: str
    mapping_name: str
    mapping_sha256: str
    portal_host: str
    portal_user: str
    #: the contact's card with `{id}` in it
    card_url: str
    source_sheet: str | None = None
    settings: dict[str, object] = field(default_factory=dict)
    report_dir: str | None = None
    #: id of the run that this one takes back; None for an import
    undoes: int | None = None


@dataclass(slots=True)
class RunRecord(NewRun):
    """One run as the journal knows it."""

    id: int = 0
    state: str = "planning"
    finished: float | None = None
    busy_s: float = 0.0
    last_id_before: int | None = None
    exit_code: int | None = None
    stopped_by: str | None = None


@dataclass(slots=True)
class PlannedRow:
    """One row as it is planned: to be sent (`new`), or settled before sending (`rejected`, `skipped`)."""

    row: int
    state: str
    cells: list[str]
    #: as they are sent; of a rejected row what could be mapped of it, until all that is wrong with it is known
    fields: dict[str, object] | None = None
    origin: tuple[str, str] | None = None
    #: the problem that rejects it, or why it is skipped
    problem: RowProblem | None = None
    warnings: tuple[RowProblem, ...] = ()
    #: the order of sending: the row number, or DATE_CREATE in Unix seconds when the run is sorted by it
    position: int | None = None
    #: the address that goes with the contact, fields of crm.address.add
    address: dict[str, str] | None = None
    #: of a row that is not to be created: the contact that is there already
    contact_id: int | None = None
    #: create, update; of an undo delete, restore
    action: str = "create"
    #: what tells the row from others in the next file, and all that was made of it: see table `known`
    identity: str | None = None
    digest: str | None = None
    #: field → digest of its files' names, sizes and times
    files: dict[str, str] = field(default_factory=dict)
    #: of a row of a rejects file: what that says of it
    rejected: Rejected | None = None
    #: True where `origin` is the run's own stamp, by which only this run's rows are told apart
    is_stamped: bool = False

    @property
    def own_origin(self) -> tuple[str, str] | None:
        """The identity that the mapping gives the row; None where it gives none. A person's own may look like a stamp."""
        return None if self.is_stamped else self.origin


@dataclass(slots=True)
class QueuedRow:
    """One row to be sent, or whose fate is to be found out."""

    row: int
    #: the order of sending, before `row`
    position: int
    #: JSON object: the fields as they are sent, files by their path
    contact: bytes
    origin: tuple[str, str] | None
    #: how many times it has left for the portal
    attempts: int
    #: when the request that carried it last was started; None if none did
    last_sent: float | None = None
    #: the address that goes with the contact
    address: dict[str, str] = field(default_factory=dict)
    #: of an unsettled row whose contact is known: only its address is in doubt. Of a row that is not to be created: the
    #: contact it is about
    contact_id: int | None = None
    #: False for a row whose contact was answered for and of whose address nothing has left
    is_address_begun: bool = True
    #: what was made of the row ahead of its sending, by the batcher for itself; None where nothing was
    ready: object | None = None

    @property
    def fields(self) -> dict[str, object]:
        """The fields, read anew each time: thousands of rows wait as one text each, not as all their values."""
        return from_json(self.contact, cache_strings="keys")

    @property
    def has_dollar(self) -> bool:
        """False where no dollar sign stands in the fields or the address: such a row needs no closer look before it shares a request."""
        return b"$" in self.contact or (bool(self.address) and any("$" in part for part in self.address.values()))


@dataclass(slots=True)
class Settled:
    """What became of one row."""

    row: int
    state: str
    contact_id: int | None = None
    problem: RowProblem | None = None
    #: what its person should know although the row went
    warning: RowProblem | None = None


@dataclass(slots=True)
class RowRecord:
    """One row as a report shows it."""

    row: int
    state: str
    origin_id: str | None
    contact_id: int | None
    code: str | None
    column: str | None
    problem: str | None
    attempts: int
    #: the source's own cells; empty unless they were asked for
    cells: list[str]


@dataclass(slots=True)
class EntryRecord:
    """One entry of a directory, or item of a custom field's list, that rows of the source need."""

    #: the directory, or the field whose own list it is
    list: str
    is_directory: bool
    text: str
    #: STATUS_ID or XML_ID it gets where this run creates it
    code: str
    #: created: by this run · skipped: somebody else's, used · rejected: not there · else still to be sent or found
    state: str
    #: of a created one: the item's id, of a directory's entry the id that deletes it
    id: int | None
    #: why it was refused
    problem: str | None


@dataclass(slots=True)
class RequestRecord:
    """One HTTP request, for the picture of throughput."""

    purpose: str
    commands: int
    attempt: int
    started: float
    finished: float | None
    state: str
    code: str | None
    created: int
    operating_s: float | None


@dataclass(slots=True)
class SentRow:
    """One row that left for the portal and has an identity there, for comparing."""

    row: int
    state: str
    origin_id: str | None
    contact_id: int | None
    #: when the last request that carried it was over; None when its answer was lost
    sent_until: float | None
