"""The dry verb: the whole file read, mapped and validated; nothing is written to a portal.

`plan` is also the first half of a run: what `check` says is what `run` would do, because both do this.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, product
from pathlib import Path
from typing import Protocol

from importer.batcher.line import Cutting
from importer.errors import GuardRail, SourceError
from importer.journal.entries import PlannedRow
from importer.mapping.binding import Mapper, bind
from importer.mapping.companies import new_titles_in
from importer.mapping.contact_fields import offline_catalogue
from importer.mapping.differences import Differences
from importer.mapping.duplicates import SeenBefore, keys_of
from importer.mapping.mapping_file import LoadedMapping
from importer.mapping.new_items import ItemList, new_items_in
from importer.matching import MATCHING_CODES, STAMP, Matching, MatchTerms, match_terms
from importer.pacing.plans import TYPICAL_COMMAND_S, Plan, least_seconds
from importer.reader.source import Source, SourceOptions, open_source
from importer.records import Catalogue, Contact, Row, RowProblem
from importer.report.wording import counted

# Longer identities could be cut by the portal, which would then never be found again. 255 is what its column
# holds in the published on-premise schema.
_LONGEST_ORIGIN = 255

_EXAMPLES = 5

# Rows matched at once: their origins fill one request of 50 commands with 50 ids each.
_CHUNK = 2500

# Rows without a creation date are created now: they come after every row that has one.
_LAST_POSITION = 1 << 60


@dataclass(slots=True)
class Choices:
    """What the command line decides about reading and planning; it wins over the mapping."""

    sheet: str | int | None = None
    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    #: only so many rows: a trial
    limit: int | None = None
    #: what happens to a contact that is there already: create, skip, update or fill; the mapping's word when None
    on_match: str | None = None
    #: ask the portal also for rows of which the journal knows that nothing has changed
    is_rechecked: bool = False



@dataclass(slots=True)
class GuardRails:
    """Limits of an unattended run; each None for no limit."""

    #: rejected rows, or their share of all rows when `max_rejects_percent` is set
    max_rejects: int | None = None
    max_rejects_percent: float | None = None
    max_creates: int | None = None
    max_updates: int | None = None
    min_rows: int | None = None


@dataclass(slots=True)
class Group:
    """One kind of problem in a file."""

    code: str
    is_warning: bool
    rows: int = 0
    #: (row, column, sentence) of the first ones
    examples: list[tuple[int, str | None, str]] = field(default_factory=list)


@dataclass(slots=True)
class Findings:
    """What planning a file found, in memory that does not grow with its rows but for what is to be created beside them."""

    rows: int = 0
    creates: int = 0
    updates: int = 0
    skips: int = 0
    #: why they are skipped: code → rows
    skipped: dict[str, int] = field(default_factory=dict)
    rejects: int = 0
    #: titles of companies to be created, in the order in which rows need them
    companies: dict[str, None] = field(default_factory=dict)
    #: (list, text) of its entries to be created → the first field that needs it, in the order in which rows need them
    entries: dict[tuple[ItemList, str], str] = field(default_factory=dict)
    groups: dict[tuple[str, bool], Group] = field(default_factory=dict)

    def note(self, row: int, problem: RowProblem) -> None:
        """Counts a problem and keeps the first examples of its kind."""
        group = self.groups.setdefault((problem.code, problem.is_warning), Group(problem.code, problem.is_warning))
        group.rows += 1
        if len(group.examples) < _EXAMPLES:
            group.examples.append((row, problem.column, problem.problem))

    def sorted_groups(self) -> list[Group]:
        """Rejecting kinds first, the most frequent first."""
        return sorted(self.groups.values(), key=lambda group: (group.is_warning, -group.rows, group.code))


@dataclass(slots=True)
class Preparation:
    """A file and a mapping that fit each other and the portal."""

    source: Source
    loaded: LoadedMapping
    mapper: Mapper
    choices: Choices
    #: None when every row becomes a new contact
    terms: MatchTerms | None = None

    @property
    def skips_known(self) -> bool:
        """True when rows whose identity this journal has created before are skipped: nobody said what happens to them."""
        rules = self.loaded.rules.match
        return self.terms is None and self.choices.on_match is None and (rules is None or rules.on_match is None)

    @property
    def differences(self) -> Differences:
        """Compares rows with contacts that are there, as `on_match` says."""
        return self.mapper.differences.filling() if self.terms is not None and self.terms.on_match == "fill" else self.mapper.differences

    @property
    def notes(self) -> list[str]:
        """What was guessed or should be known, a sentence each."""
        return [*self.source.notes, *self.mapper.notes]


@dataclass(slots=True)
class Checked:
    """What `check` found out about one file."""

    file: str
    mapping: str
    #: the file, and its sheet where it has any
    place: str
    findings: Findings
    #: what was guessed or should be known, a sentence each
    notes: list[str]
    #: rows go by DATE_CREATE, one batch after another
    in_order: bool
    #: a row's address takes three commands, so that a batch carries a third of the rows
    has_addresses: bool = False
    #: the guard rail that would stop the run before sending, in a sentence
    broken_rail: str | None = None

    @property
    def exit_code(self) -> int:
        """0 when every row would be sent, 1 when some would be rejected, 2 when a guard rail would stop the run."""
        return 2 if self.broken_rail else 1 if self.findings.rejects else 0

    def least_duration_s(self, limits: Plan) -> float:
        """The shortest time in which the portal's limits let the plan through."""
        rows_a_batch = 50 // 3 if self.has_addresses else 50
        least = least_seconds(self.findings.creates, limits, batch=rows_a_batch) + least_seconds(len(self.findings.companies), limits)
        # A batch of updates is read before it leaves: two requests for 50 rows.
        least += least_seconds(self.findings.updates, limits, batch=rows_a_batch // 2)
        # One after another, the portal's own seconds for every command add up.
        return max(least, self.findings.creates * TYPICAL_COMMAND_S) if self.in_order else least


#: (originator, origin id, contact id) of contacts that are in the portal already
Known = Iterable[tuple[str, str, int]]


class _Counting(Protocol):
    """Whoever watches how many rows were read."""

    rows: int


async def check_file(file: Path, loaded: LoadedMapping, choices: Choices, catalogue: Catalogue | None, rails: GuardRails,
                     progress: _Counting, known: Known = (), match_with: Callable[[Preparation], Matching] | None = None) -> Checked:  # fmt: skip
    """Everything that can be found without writing, over the whole file. `catalogue` None asks no portal, nor does
    `match_with` None, which else makes what matches rows with contacts.

    Raises SourceError or MappingError with all faults at once, Failure when the portal cannot be asked.
    """
    preparation = prepare(open_table(file, loaded, choices), loaded, choices, catalogue or offline_catalogue())
    findings = Findings()
    matching = match_with(preparation) if match_with is not None and preparation.terms is not None else None
    try:
        async for rows in plan_matched(watched(plan(preparation, "check", findings, known), progress), matching, _uncut):
            note_planned(findings, rows, preparation.mapper)
            # Told here and not in the plan: a run would keep the same warning with every row.
            for row, problem in product(rows, preparation.mapper.lacks):
                if (row.state, row.action) == ("new", "create"):
                    findings.note(row.row, problem)
    finally:
        if matching is not None:
            matching.close()
    looked = matching.notes if matching is not None else []
    source, mapper = preparation.source, preparation.mapper
    checked = Checked(file.name, preparation.loaded.path.name, str(source.place()), findings, [*preparation.notes, *looked], mapper.sorts_by_date_create,
                      mapper.has_addresses)  # fmt: skip
    try:
        hold(findings, rails)
    except GuardRail as broken:
        checked.broken_rail = str(broken)
    return checked


async def _uncut(waiting: Awaitable[list[PlannedRow]]) -> list[PlannedRow]:
    return await waiting


def watched(rows: Iterator[PlannedRow], progress: _Counting) -> Iterator[PlannedRow]:
    """The same rows, counted as they pass."""
    for row in rows:
        progress.rows += 1
        yield row


def open_table(file: Path, loaded: LoadedMapping, choices: Choices) -> Source:
    """The file as the command line, else the mapping says to read it. Raises SourceError."""
    wanted = loaded.source
    options = SourceOptions(
        sheet=choices.sheet if choices.sheet is not None else wanted.sheet,
        header_row=choices.header_row if choices.header_row is not None else wanted.header_row,
        encoding=choices.encoding or wanted.encoding,
        delimiter=choices.delimiter or wanted.delimiter,
    )
    source = open_source(file, options, expected=loaded.columns())
    for name, lacks in source.without_use(options).items():
        if getattr(choices, name) is not None:
            raise SourceError(f"{file.name}: --{name} {getattr(choices, name)} was given, but the file {lacks}. Leave it out.")
        source.notes.append(f"`source.{name}` of the mapping is not followed: the file {lacks}")
    return source


def prepare(source: Source, loaded: LoadedMapping, choices: Choices, catalogue: Catalogue) -> Preparation:
    """Binds the mapping to the file's header and the portal's fields. Raises MappingError with all faults at once."""
    terms = match_terms(loaded, choices.on_match, is_rechecked=choices.is_rechecked)
    mapper = bind(loaded, source.header, catalogue, source_name=source.path.name, base=source.path.parent)
    return Preparation(source, loaded, mapper, choices, terms)


def plan(preparation: Preparation, run: str, findings: Findings, known: Known = ()) -> Iterator[PlannedRow]:
    """Each row of the file as it will be sent, skipped or rejected; fills `findings` on the way. Streams.

    `known` are the identities that are in the portal already: their rows are skipped, unless the mapping or the command
    line says what happens to contacts that are there.
    """
    seen = SeenBefore()
    for originator, origin_id, contact_id in known if preparation.skips_known else ():
        seen.remember("known", f"{originator}\0{origin_id}", contact_id)
    limit = preparation.choices.limit
    try:
        for row in preparation.source.rows():
            if limit is not None and findings.rows >= limit:
                return
            findings.rows += 1
            yield _planned(preparation, run, row, seen, findings)
    finally:
        seen.close()


def _planned(preparation: Preparation, run: str, row: Row, seen: SeenBefore, findings: Findings) -> PlannedRow:
    mapped = preparation.mapper.map(row)
    contact, origin = mapped.contact, mapped.origin
    if contact is not None and origin is None:
        origin = _stamped(preparation.loaded, contact, run, row.number)
    rejecting = [problem for problem in mapped.problems if not problem.is_warning]
    rejecting += _twice(origin, row.number, seen)
    if contact is not None and preparation.terms is not None:
        rejecting += _same_person(contact, preparation.terms.by, row.number, seen)
    warnings = tuple(problem for problem in mapped.problems if problem.is_warning)
    for problem in (*rejecting, *warnings):
        findings.note(row.number, problem)
    if contact is None or rejecting:
        return PlannedRow(row.number, "rejected", row.cells, None, origin, _joined(rejecting), warnings)
    there = seen.recall("known", "\0".join(origin)) if origin is not None else None
    if there is not None:
        exists = RowProblem("exists", f"An earlier run created it as contact {there}. `--on-match create` creates it once more.")
        return PlannedRow(row.number, "skipped", row.cells, None, origin, exists, warnings, contact_id=there)
    position = _created_at(contact) if preparation.mapper.sorts_by_date_create else None
    return PlannedRow(row.number, "new", row.cells, contact.fields, origin, None, warnings, position, contact.address or None)


async def plan_matched(rows: Iterable[PlannedRow], matching: Matching | None, cutting: Cutting) -> AsyncIterator[list[PlannedRow]]:
    """The planned rows in chunks, as the portal's own contacts decide them. Streams. Raises Failure, or what `cutting` raises
    to end the waits for the portal."""
    rows = iter(rows)
    while chunk := list(islice(rows, _CHUNK)):
        yield await cutting(matching.decide(chunk)) if matching is not None else chunk


def skipped_lines(findings: Findings) -> Iterator[str]:
    """Why rows are skipped, a sentence a reason."""
    why = {"unchanged": "their contacts are as the rows say", "exists": "their contacts are there already"}
    for code, rows in findings.skipped.items():
        yield f"{rows:,} row{'s' if rows != 1 else ''} skipped: {why.get(code, code)}."


def note_planned(findings: Findings, rows: Sequence[PlannedRow], mapper: Mapper) -> None:
    """Counts what is to be done, and collects what the rows that are sent need beside them."""
    for row in rows:
        if row.state == "rejected":
            findings.rejects += 1
            if row.problem is not None and row.problem.code in MATCHING_CODES:
                findings.note(row.row, row.problem)
        elif row.state == "skipped":
            findings.skips += 1
            findings.skipped[row.problem.code] = findings.skipped.get(row.problem.code, 0) + 1
        else:
            findings.creates += row.action == "create"
            findings.updates += row.action == "update"
            findings.companies.update(dict.fromkeys(new_titles_in(row.fields or {}, mapper.company_prefixes)))
            for name, text in new_items_in(row.fields or {}, mapper.item_lists):
                findings.entries.setdefault((mapper.item_lists[name], text), name)


def _stamped(loaded: LoadedMapping, contact: Contact, run: str, row: int) -> tuple[str, str] | None:
    """The run's stamp on a contact that has no identity of its own; None where the mapping says `origin: false`."""
    fields = contact.fields
    if not loaded.stamps or "ORIGIN_ID" in fields or "ORIGINATOR_ID" in fields:
        return None
    fields["ORIGINATOR_ID"], fields["ORIGIN_ID"] = STAMP, f"{run}:{row}"
    return STAMP, f"{run}:{row}"


def _twice(origin: tuple[str, str] | None, row: int, seen: SeenBefore) -> list[RowProblem]:
    """What is wrong with a row's identity: too long, or that of an earlier row.

    The earlier row counts also when it was rejected itself: once it is mended, both would be sent.
    """
    if origin is None or origin[0] == STAMP:
        return []
    originator, origin_id = origin
    if len(origin_id) > _LONGEST_ORIGIN or len(originator) > _LONGEST_ORIGIN:
        return [RowProblem(
            "origin_too_long",
            f"The row's identity has {len(origin_id)} characters; the portal keeps {_LONGEST_ORIGIN}. Build `origin.id` from fewer columns.",
        )]  # fmt: skip
    first = seen.first_row("origin", f"{originator}\0{origin_id}", row)
    if first is None:
        return []
    return [RowProblem("duplicate_origin", f'Row {first} has the same identity "{origin_id}": only that one is taken. Remove one of the two.')]


def _same_person(contact: Contact, by: Sequence[str], row: int, seen: SeenBefore) -> list[RowProblem]:
    """Rows that would be taken for the same contact; by origin they are told apart already."""
    found = [(kind, first) for kind, key in keys_of(contact, [kind for kind in by if kind != "origin"]) if (first := seen.first_row(kind, key, row)) is not None]
    if not found:
        return []
    kind, first = found[0]
    word = "phone" if kind == "phone" else "e-mail"
    return [RowProblem(f"duplicate_{kind}", f"Row {first} has the same {word}, by which `match` takes both for one contact: only that one is taken. Remove one of the two.")]


def _joined(problems: list[RowProblem]) -> RowProblem | None:
    """The first problem, its sentence followed by those of the others: a person should mend the row once."""
    if len(problems) < 2:
        return problems[0] if problems else None
    sentences = [p.problem if p.column in (None, problems[0].column) else f'Column "{p.column}": {p.problem}' for p in problems[1:]]
    first = problems[0]
    return RowProblem(first.code, " ".join([first.problem, *sentences]), first.column)


def _created_at(contact: Contact) -> int:
    created = contact.fields.get("DATE_CREATE")
    return int(datetime.fromisoformat(created).timestamp()) if isinstance(created, str) else _LAST_POSITION


def most_rejects(findings: Findings, rails: GuardRails) -> int | None:
    """How many rows may be rejected, before sending and during it; None for any number."""
    if rails.max_rejects_percent is not None:
        return int(findings.rows * rails.max_rejects_percent / 100)
    return rails.max_rejects


def hold(findings: Findings, rails: GuardRails) -> None:
    """Raises GuardRail when the plan passes a limit the person set; nothing was sent yet."""
    allowed = most_rejects(findings, rails)
    share = f" ({rails.max_rejects_percent:g}% of {counted(findings.rows, 'row')})" if rails.max_rejects_percent is not None else ""
    if rails.min_rows is not None and findings.rows < rails.min_rows:
        raise GuardRail(f"The file has {counted(findings.rows, 'row')}, --min-rows asks for {rails.min_rows}. Nothing was sent; is the export complete?")
    if allowed is not None and findings.rejects > allowed:
        raise GuardRail(f"{counted(findings.rejects, 'row')} would be rejected, --max-rejects allows {allowed}{share}. Nothing was sent; `b24-import check` lists them.")
    if rails.max_creates is not None and findings.creates > rails.max_creates:
        raise GuardRail(f"{counted(findings.creates, 'contact')} would be created, --max-creates allows {rails.max_creates}. Nothing was sent.")
    if rails.max_updates is not None and findings.updates > rails.max_updates:
        raise GuardRail(f"{findings.updates} contacts would be updated, --max-updates allows {rails.max_updates}. Nothing was sent.")
