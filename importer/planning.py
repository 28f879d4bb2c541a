"""A file and a mapping become planned rows: read, mapped, told apart from each other and from contacts that are there.

The first half of both verbs: what `check` says is what `run` would do, because both do this.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from importer.batcher.line import Cutting
from importer.company_links import CompanyLinks
from importer.errors import ImporterError, MappingError, SourceError
from importer.findings import Findings
from importer.journal.entries import PlannedRow
from importer.mapping.binding import Mapper, bind, faults_without_header
from importer.mapping.differences import Differences
from importer.mapping.duplicates import SeenBefore, keys_of
from importer.mapping.mapping_file import LoadedMapping
from importer.matching import Matching, MatchTerms, match_faults, match_terms
from importer.mending import FIRST_CODES, NOTHING_EARLIER, Earlier, as_it_was, met_again, same_identity, same_person
from importer.reader.source import Source, SourceOptions, open_source
from importer.records import STAMP, Catalogue, Contact, Row, RowProblem, joined
from importer.report.checking import REJECTS, SUMMARY

# Longer identities could be cut by the portal, which would then never be found again. 255 is what its column
# holds in the published on-premise schema.
_LONGEST_ORIGIN = 255

# Rows matched at once: their origins fill one request of 50 commands with 50 ids each.
_CHUNK = 2500

# But fewer where they are long: each is in memory some five times over, as cells, as fields and as the journal's texts.
_CHUNK_CHARACTERS = 8_000_000

#: rejects → what names their source, beside them
_SUMMARIES = {"rejects.csv": "summary.json", REJECTS: SUMMARY}

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
class Preparation:
    """A file and a mapping that fit each other and the portal."""

    source: Source
    loaded: LoadedMapping
    mapper: Mapper
    choices: Choices
    #: what the portal says of itself
    catalogue: Catalogue
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


def open_table(file: Path, loaded: LoadedMapping, choices: Choices) -> Source:
    """The file as the command line, else the mapping says to read it. Raises SourceError, or MappingError where the mapping
    asks for what the file has not."""
    wanted = loaded.source
    options = SourceOptions(
        sheet=choices.sheet if choices.sheet is not None else wanted.sheet,
        header_row=choices.header_row if choices.header_row is not None else wanted.header_row,
        encoding=choices.encoding or wanted.encoding,
        delimiter=choices.delimiter or wanted.delimiter,
    )
    try:
        source = open_source(file, options, expected=loaded.columns())
    except SourceError as error:
        if error.option and getattr(choices, error.option) is None:
            raise MappingError([loaded.fault(("source", error.option), str(error))[1]]) from error
        raise
    for name, lacks in source.without_use(options).items():
        if getattr(choices, name) is not None:
            raise SourceError(f"{file.name}: --{name} {getattr(choices, name)} was given, but the file {lacks}. Leave it out.")
        source.notes.append(f"`source.{name}` of the mapping is not followed: the file {lacks}")
    return source


def prepare(source: Source, loaded: LoadedMapping, choices: Choices, catalogue: Catalogue) -> Preparation:
    """Binds the mapping to the file's header and the portal's fields. Raises MappingError with all faults at once."""
    try:
        mapper = bind(_with_match_faults(loaded, choices), source.header, catalogue, source_name=source.path.name, base=source_folder(source.path))
    except MappingError as error:
        raise MappingError([*error.faults, *_why_these_columns(source, loaded, choices)]) from error
    source.notes += _repeated(source.header, loaded.columns())
    terms = match_terms(loaded, choices.on_match, is_rechecked=choices.is_rechecked)
    return Preparation(source, loaded, mapper, choices, catalogue, terms)


def _why_these_columns(source: Source, loaded: LoadedMapping, choices: Choices) -> Iterator[str]:
    """Where the header was asked for and has not the mapping's columns: that it was, and how to ask for another."""
    row = choices.header_row if choices.header_row is not None else loaded.source.header_row
    if row is not None and not source.is_rejects and any(name not in source.header for name in loaded.columns()):
        who = "--header-row" if choices.header_row is not None else "`source.header_row` of the mapping"
        yield f"{source.path.name}: row {row} was taken for the header, because {who} says so. Is it another, as in a file saved anew? --header-row overrules the mapping."


def _repeated(header: Sequence[str], columns: Collection[str]) -> Iterator[str]:
    """A sentence for each column that is read although another of the same name, which is not, stands beside it."""
    for name in columns:
        if name in header and (second := f"{name} (2)") in header and second not in columns:
            yield f'column "{name}": the header has the name again, and that column is called "{second}"; the mapping does not read it'


def open_and_prepare(file: Path, loaded: LoadedMapping, choices: Choices, catalogue: Catalogue) -> Preparation:
    """Both in one: a file that cannot be opened as it was asked for hides no fault of the mapping but those of its columns.

    Raises SourceError, or MappingError with all faults at once.
    """
    try:
        source = open_table(file, loaded, choices)
    except ImporterError as error:
        faults = faults_without_header(_with_match_faults(loaded, choices), catalogue, base=source_folder(file))
        if not faults:
            raise
        raise MappingError([*faults, str(error)]) from error
    return prepare(source, loaded, choices, catalogue)


def _with_match_faults(loaded: LoadedMapping, choices: Choices) -> LoadedMapping:
    return replace(loaded, faults=(*loaded.faults, *match_faults(loaded, choices.on_match)))


def source_folder(path: Path) -> Path:
    """The folder beside which files named in cells lie: the source's own; of the rejects of a run, or of a check, that of its source."""
    if path.name not in _SUMMARIES or not (summary := path.with_name(_SUMMARIES[path.name])).is_file():
        return path.absolute().parent
    try:
        source = Path(json.loads(summary.read_text(encoding="utf-8"))["source"]["file"])
    except (ValueError, KeyError, TypeError):
        return path.absolute().parent
    if not source.parent.is_dir() or source == path.absolute():
        return path.absolute().parent
    return source_folder(source)


def plan(preparation: Preparation, run: str, findings: Findings, earlier: Earlier = NOTHING_EARLIER) -> Iterator[PlannedRow]:
    """Each row of the file as it will be sent, skipped or rejected; fills `findings` on the way. Streams.

    Rows whose identity an earlier run has created are skipped, unless the mapping or the command line says what happens to
    contacts that are there.
    """
    seen = SeenBefore()
    for originator, origin_id, contact_id in earlier.created if preparation.skips_known else ():
        seen.remember("known", f"{originator}\0{origin_id}", contact_id)
    limit = preparation.choices.limit
    try:
        for row in preparation.source.rows():
            if limit is not None and findings.rows >= limit:
                return
            findings.rows += 1
            yield _planned(preparation, run, row, seen, findings, earlier)
    finally:
        seen.close()


def _planned(preparation: Preparation, run: str, row: Row, seen: SeenBefore, findings: Findings, earlier: Earlier) -> PlannedRow:
    mapped = preparation.mapper.map(row)
    contact, origin = mapped.contact, mapped.origin
    rejecting = [problem for problem in mapped.problems if not problem.is_warning]
    rejecting += _twice(origin, row.number, seen)
    there = seen.recall("known", "\0".join(origin)) if origin is not None else None
    known = contact or mapped.rejected
    if row.rejected is not None:
        still = as_it_was(row.rejected, known, origin, earlier)
        met = met_again(row.rejected, there, "its origin", earlier) if there is not None and not still else None
        rejecting += [*still, *([met] if met is not None else [])]
    if known is not None and preparation.terms is not None:
        rejecting += _same_person(known, preparation.terms.by, row.number, seen, is_sent=contact is not None and not rejecting)
    warnings = tuple(problem for problem in mapped.problems if problem.is_warning)
    rejecting.sort(key=lambda problem: problem.code not in FIRST_CODES)
    for problem in (*rejecting, *warnings):
        findings.note(row.number, problem)
    cells = row.untouched or row.cells
    if contact is None or rejecting:
        # Its warnings are told by `check`; a report's are of rows that went on.
        return PlannedRow(row.number, "rejected", cells, known.fields if known else None, origin, joined(rejecting))
    if there is not None:
        exists = RowProblem("exists", f"An earlier run created it as contact {there}. `--on-match create` creates it once more.")
        return PlannedRow(row.number, "skipped", cells, None, origin, exists, warnings, contact_id=there)
    position = _created_at(contact) if preparation.mapper.sorts_by_date_create else None
    stamp = _stamped(preparation.loaded, contact, run, row.number) if origin is None else None
    return PlannedRow(row.number, "new", cells, contact.fields, origin or stamp, None, warnings, position, contact.address or None,
                      rejected=row.rejected, is_stamped=stamp is not None)  # fmt: skip


class Watching(Protocol):
    """Whoever watches how rows are planned."""

    #: reading, searching
    phase: str
    #: rows read
    rows: int


async def plan_matched(rows: Iterable[PlannedRow], matching: Matching | None, cutting: Cutting, progress: Watching,
                       links: CompanyLinks | None = None) -> AsyncIterator[list[PlannedRow]]:  # fmt: skip
    """The planned rows in chunks, as the portal's own contacts and companies decide them. Streams. Raises Failure, or what
    `cutting` raises to end the waits for the portal."""
    for chunk in _chunks(_watched(rows, progress)):
        if matching is not None:
            progress.phase = "searching"
            chunk = await cutting(matching.decide(chunk))
            progress.phase = "reading"
        # Last, for a row that changes nothing needs no company.
        chunk = await cutting(links.checked(chunk)) if links is not None else chunk
        for row in chunk:
            if row.state == "rejected":
                row.fields = None
        yield chunk


def _watched(rows: Iterable[PlannedRow], progress: Watching) -> Iterator[PlannedRow]:
    for row in rows:
        progress.rows += 1
        yield row


def _chunks(rows: Iterable[PlannedRow]) -> Iterator[list[PlannedRow]]:
    chunk: list[PlannedRow] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += sum(map(len, row.cells))
        if len(chunk) == _CHUNK or size >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


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
    if origin is None:
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
    return [same_identity(first, origin_id)]


def _same_person(contact: Contact, by: Sequence[str], row: int, seen: SeenBefore, *, is_sent: bool) -> list[RowProblem]:
    """Rows that would be taken for the same contact; by origin they are told apart already.

    A row that is rejected anyway is compared, so that all that is wrong with it is told at once, but keeps no later row back.
    """
    keys = keys_of(contact, [kind for kind in by if kind != "origin"])
    found = [(kind, first, key) for kind, key in keys if (first := seen.first_alike(kind, key, row, is_kept=is_sent)) is not None]
    if not found:
        return []
    for kind, key in keys if is_sent else ():
        seen.forget(kind, key, row)
    return [same_person(*found[0])]


def _created_at(contact: Contact) -> int:
    created = contact.fields.get("DATE_CREATE")
    return int(datetime.fromisoformat(created).timestamp()) if isinstance(created, str) else _LAST_POSITION
