"""The rows of a file become planned rows: mapped, told apart from each other and from contacts that are there.

The first half of both verbs, after `preparing`: what `check` says is what `run` would do, because both do this.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from importer.batcher.line import Cutting
from importer.company_links import CompanyLinks
from importer.findings import Findings
from importer.journal.entries import PlannedRow
from importer.mapping.duplicates import SeenBefore, keys_of
from importer.mapping.mapping_file import LoadedMapping
from importer.matching import Matching
from importer.mending import FIRST_CODES, NOTHING_EARLIER, Earlier, as_it_was, same_identity, same_person
from importer.preparing import Preparation
from importer.records import STAMP, Contact, Row, RowProblem, joined

# Longer identities could be cut by the portal, which would then never be found again. 255 is what its column
# holds in the published on-premise schema.
_LONGEST_ORIGIN = 255

# Rows matched at once: their origins fill one request of 50 commands with 50 ids each.
_CHUNK = 2500

# But fewer where they are long: each is in memory some five times over, as cells, as fields and as the journal's texts.
_CHUNK_CHARACTERS = 8_000_000

# Rows without a creation date are created now: they come after every row that has one.
_LAST_POSITION = 1 << 60


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
        by = preparation.terms.by if preparation.terms is not None else ()
        rejecting += as_it_was(row.rejected, known, origin, there, by, earlier)
    if known is not None and preparation.terms is not None:
        rejecting += _same_person(known, preparation.terms.by, row.number, seen, is_sent=contact is not None and not rejecting)
    warnings = tuple(problem for problem in mapped.problems if problem.is_warning)
    rejecting.sort(key=lambda problem: problem.code not in FIRST_CODES)
    for problem in (*rejecting, *warnings):
        findings.note(row.number, problem)
    cells = row.untouched or row.cells
    if contact is None or rejecting:
        # Its warnings are told by `check`; a report's are of rows that went on.
        return PlannedRow(row.number, "rejected", cells, known.fields if known else None, origin, joined(rejecting), rejected=row.rejected)
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
