"""What every door into a portal offers: operations in, one answer each out; failures that say what to do.

A door (`bitrix24/`) turns operations into its own calls. One `send` is exactly one HTTP request, so
that pacing, journaling and retrying, which happen outside, know what they count. What may be asked stands in
`operations.py`, of what is there already in `existing.py`, of directories and list fields in `list_entries.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from importer.portals.operations import Add, AddCompany, Operation, Ready
from importer.portals.traits import Allowance, Traits
from importer.records import Lacks


class Verdict(Enum):
    """What a refusal means for the one who sent the request or the operation."""

    #: certainly not executed: send it again after a growing wait
    AGAIN = "again"
    #: certainly not executed: a budget is used up; send it again when it resets
    AFTER_RESET = "after_reset"
    #: it may have been executed, wholly or in part: look before anything is sent again
    DOUBT = "doubt"
    #: of a request: certainly not executed, and refused for something in it that is not told; send its parts apart
    APART = "apart"
    #: this operation is wrong; its neighbours are not concerned
    REJECT = "reject"
    #: nothing will succeed until a person does something
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the portal."""

    user_id: str
    name: str
    #: None where the door does not tell
    is_admin: bool | None
    #: True for a key that may not write
    is_read_only: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """A template of requisites."""

    id: str
    name: str
    xml_id: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A contact as the portal holds it."""

    id: int
    origin_id: str
    #: ISO 8601, as the portal wrote it
    modified: str = ""
    created: str = ""
    fields: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """An operation the portal carried out, with its answer."""

    value: object


@dataclass(frozen=True, slots=True)
class Refused:
    """An operation the portal answered with an error; `verdict` says what it means for this operation."""

    verdict: Verdict
    #: the portal's own code, often an empty text
    code: str
    #: the portal's own sentence
    text: str
    #: for STOP: what a person should do
    advice: str = ""
    #: True when what the operation is about is not in the portal
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An operation for which an otherwise readable answer has no entry: it may have been executed."""


@dataclass(frozen=True, slots=True)
class NotRun:
    """An operation that was certainly not executed, because one before it in the same request failed."""


Result = Done | Refused | Unanswered | NotRun


@dataclass(frozen=True, slots=True)
class Placed:
    """The answer to an Add with an address: the contact is there."""

    contact_id: int
    #: what became of its address: Done, or the first of its steps that was not
    address: Result


@dataclass(frozen=True, slots=True)
class Usage:
    """What the portal says of a method's budget after a command."""

    #: operating seconds of the method in the portal's ten-minute window, this command included
    operating_s: float
    #: seconds from the measurement until the oldest part of it is forgotten
    resets_in_s: float
    #: the moment of the measurement on the portal's clock, in Unix seconds: tells which of two is newer
    measured_at: float


@dataclass(slots=True)
class Answer:
    """One HTTP answer: a result for each operation, in their order, and what it cost."""

    results: list[Result]
    http_status: int = 200
    #: seconds each executed command took in the portal, where it told
    command_s: list[float] = field(default_factory=list)
    #: the method of each of them; empty where all are the same
    command_methods: list[str] = field(default_factory=list)
    #: method → what the portal says of its budget, after the last command
    usage: dict[str, Usage] = field(default_factory=dict)
    #: what is left of the key's minute, where a key is counted
    allowance: Allowance | None = None

    def costs(self, method: str = "") -> dict[str, list[float]]:
        """Method → seconds of each of its commands; `method` is that of all where the answer does not tell them apart."""
        costs: dict[str, list[float]] = {}
        for whose, seconds in zip(self.command_methods or [method] * len(self.command_s), self.command_s, strict=True):
            costs.setdefault(whose, []).append(seconds)
        return costs


class Failure(Exception):
    """A whole request that did not bring a readable answer; `verdict` says what that means for its operations."""

    def __init__(self, verdict: Verdict, code: str, text: str, *, http_status: int | None = None,
                 wait_s: float | None = None, advice: str = "", at_once: bool = False, is_elsewhere: bool = False) -> None:  # fmt: skip
        super().__init__(f"{code}: {text}" if code else text)
        self.verdict = verdict
        #: the portal's code, or a word of ours for what happened to the connection
        self.code = code
        #: the portal's sentence, or ours
        self.text = text
        self.http_status = http_status
        #: seconds the portal asks us to wait, where it told
        self.wait_s = wait_s
        #: for STOP: what a person should do
        self.advice = advice
        #: for AGAIN: what stood in the way is gone, send it again without a wait; it does not count as an attempt
        self.at_once = at_once
        #: what such a failure looks like when the address is wrong: nobody is there, or somebody else
        self.is_elsewhere = is_elsewhere


def failure_of(result: Result) -> Failure:
    """What an operation that did not succeed means for the request it was in, where the request needs each of its operations."""
    if not isinstance(result, Refused):
        return Failure(Verdict.DOUBT, "garbled_answer", "the answer says nothing of a command")
    verdict = Verdict.STOP if result.verdict is Verdict.REJECT else result.verdict
    return Failure(verdict, result.code, result.text, advice=result.advice)


class Portal(Protocol):
    """A door into one portal. All methods that talk raise Failure; `send` counts as one request, whatever the door makes of it:
    none where nothing need be asked, a second one to the new address of a renamed portal."""

    #: host name, safe to print
    host: str
    #: address without its secret, safe to print
    display: str
    #: most commands in one request; an operation takes as many as it has `methods_of`
    batch_capacity: int
    #: the contact's card, with `{id}` in it
    card_url: str
    #: the portal's new base address, once it told us that it was renamed
    moved_to: str | None
    #: what is peculiar to the door
    traits: Traits
    #: custom field that carries the identity where the portal's own two fields cannot be written; set by the mapping
    marker: str | None

    @property
    def unasked(self) -> Sequence[Operation]:
        """What the door must know of the portal before it can send contacts, and has not asked yet. One request each."""
        ...

    @property
    def lacks(self) -> Lacks | None:
        """What cannot be done through this door; None where nothing is missing. Whole once nothing is `unasked`."""
        ...

    def keeps_origin(self, kind: type[Add] | type[AddCompany]) -> bool:
        """True where what is created so can be found again by its ORIGINATOR_ID and ORIGIN_ID."""
        ...

    def ahead(self, kind: type[Add] | type[AddCompany], many: Sequence[dict[str, object]], params: dict[str, str]) -> Sequence[Ready | None]:
        """Operations of one kind, each by its fields, made ready ahead of their sending: of many at once it costs least.

        None in the place of one that cannot be; one that is ready does not travel alone.
        """
        ...

    async def send(self, operations: Sequence[Operation]) -> Answer:
        """Carries out operations of up to `batch_capacity` commands in one request."""
        ...

    def method_of(self, operation: Operation) -> str:
        """The name of the method whose budget the operation uses."""
        ...

    def methods_of(self, operation: Operation) -> tuple[str, ...]:
        """The method of each command the operation takes, in their order; the first is `method_of`."""
        ...

    def travels_alone(self, operation: Operation) -> bool:
        """True when the operation must not share a request with others; not asked of rows in which no dollar sign stands."""
        ...

    async def close(self) -> None:
        """Closes the connections."""
        ...
