"""What happens to a row whose contact may be there already: found in bulk, compared, and planned as what is to be done.

    known from the journal ─▶ by origin ─▶ by phone, e-mail in the order of `match.by`
        none: created · one: skipped, updated or filled with what differs · several: rejected, or the oldest is meant
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

from importer.access import Access
from importer.batcher.contact_search import ContactSearch
from importer.batcher.reading import Reading
from importer.errors import MappingError
from importer.journal.entries import PlannedRow
from importer.journal.memory import Known
from importer.mapping.communication import email_key, holds_email, holds_phone, phone_key, phone_spellings
from importer.mapping.differences import Differences
from importer.mapping.duplicates import SeenBefore
from importer.mapping.mapping_file import LoadedMapping
from importer.mending import NOTHING_EARLIER, Earlier, met_again
from importer.portals.portal import Stored
from importer.records import RowProblem

#: identities → what the journal knows of their rows
Recall = Callable[[Sequence[str]], Mapping[str, Known]]

#: why a row is rejected when its contact was looked for
MATCHING_CODES = ("many_matches", "same_contact", "other_record")

_NAMES = {"origin": "its origin", "phone": "its phone", "email": "its e-mail"}


@dataclass(frozen=True, slots=True)
class MatchTerms:
    """`match` of a mapping, with what the command line says over it."""

    #: origin, phone, email: tried in this order
    by: tuple[str, ...]
    #: skip, update, fill
    on_match: str
    #: reject, oldest
    on_many: str = "reject"
    #: ask the portal also for rows of which the journal knows that nothing has changed
    is_rechecked: bool = False


def match_terms(loaded: LoadedMapping, on_match: str | None, *, is_rechecked: bool = False) -> MatchTerms | None:
    """How rows are matched; None when each becomes a new contact. `on_match` is the command line's word, which wins.

    Raises MappingError when the mapping does not say by what, or not what then.
    """
    rules = loaded.rules.match
    if rules is None:
        if on_match in (None, "create"):
            return None
        if loaded.origin is None:
            raise MappingError([f"{loaded.file}: --on-match {on_match} needs to know by what contacts are the same. Add `match: {{by: [phone, email]}}`, or an `origin`."])
        return MatchTerms(("origin",), on_match, is_rechecked=is_rechecked)
    wanted = on_match or rules.on_match
    if faults := match_faults(loaded, on_match):
        raise MappingError([sentence for _line, sentence in faults])
    return None if wanted == "create" else MatchTerms(tuple(dict.fromkeys(rules.by)), str(wanted), rules.on_many, is_rechecked)


def match_faults(loaded: LoadedMapping, on_match: str | None) -> list[tuple[int, str]]:
    """What the mapping's `match` lacks, each with its line; a part that has a fault of its own is not missed."""
    if loaded.rules.match is None:
        return []
    return [loaded.fault(("match",), sentence) for sentence in _faults(loaded, on_match or loaded.rules.match.on_match)]


def _faults(loaded: LoadedMapping, wanted: str | None) -> list[str]:
    fields, by = {**loaded.rules.fields, **loaded.broken.fields}, loaded.rules.match.by
    faults = [] if wanted else ["`match` does not say what happens to a contact that is there. Add `on_match: skip`, update, fill or create."]
    if "origin" in by and loaded.origin is None and "origin" not in loaded.broken.sections and not {"ORIGINATOR_ID", "ORIGIN_ID"} <= fields.keys():
        faults.append("`match` goes by origin, and the mapping gives none. Add `origin: {originator: …, id: [column]}`.")
    faults += [f"`match` goes by {key}, and the mapping has no {key.upper()}. Map it, or take {key} out of `by`."
               for key in ("phone", "email") if key in by and key.upper() not in fields]  # fmt: skip
    return faults


def open_matching(terms: MatchTerms, differences: Differences, folder: Path, access: Access, recall: Recall, earlier: Earlier = NOTHING_EARLIER) -> Matching:
    """What matches the rows of one file with the contacts of the portal that `access` leads to."""
    reading = Reading(access.portal, access.pace, access.clock, access.enquiry)
    return Matching(terms, reading, ContactSearch(reading, access.enquiry.send, _is_meant), differences, recall, folder, earlier)


def _is_meant(kind: str, spellings: Sequence[str], held: Sequence[str]) -> bool | None:
    return holds_phone(spellings, held) if kind == "PHONE" else holds_email(spellings, held)


@dataclass(slots=True)
class Hit:
    """What was found for one row."""

    #: origin, phone or email
    by: str
    ids: list[int]


@dataclass(slots=True)
class Matching:
    """Decides planned rows, a chunk at a time. Every row to be created comes in, and leaves as what is to be done."""

    terms: MatchTerms
    reading: Reading
    search: ContactSearch
    differences: Differences
    recall: Recall
    #: the folder files are named from
    folder: Path
    #: what is known of earlier runs, for rows of a rejects file
    earlier: Earlier = NOTHING_EARLIER
    #: rows in which a contact was matched first, over all chunks
    claimed: SeenBefore = field(default_factory=SeenBefore)

    def close(self) -> None:
        """Frees what was kept on disk."""
        self.claimed.close()
        self.search.close()

    @property
    def notes(self) -> list[str]:
        """How contacts were looked for, a sentence an originator."""
        return [f"Contacts of {originator} were looked for in {how}." for originator, how in self.search.ways().items()]

    async def decide(self, rows: Sequence[PlannedRow]) -> list[PlannedRow]:
        """The rows as they are planned now, in their order. Raises Failure when the portal cannot be asked."""
        marked = {row.row: self._marked(row) for row in rows if row.state == "new"}
        known = self.recall([row.identity for row in marked.values() if row.identity])
        decided: dict[int, PlannedRow] = {}
        for number, row in marked.items():
            there = known.get(row.identity or "")
            if there is not None and there.digest == row.digest and not self.terms.is_rechecked:
                decided[number] = self._claimed(row, there.contact_id, lambda row, there=there: _known(row, there.contact_id))
        open_rows = {number: row for number, row in marked.items() if number not in decided}
        hits = await self._find(open_rows)
        stored = await self._read(hits)
        meant = {self._meant(hits[number]) for number, row in open_rows.items() if row.address and number in hits}
        located = await self.reading.located(meant & stored.keys())
        for number, row in open_rows.items():
            decided[number] = self._matched(row, hits.get(number), stored, located, known.get(row.identity or ""))
        return [decided.get(row.row, row) for row in rows]

    # -- what tells rows apart ----------------------------------------------------------------

    def _marked(self, row: PlannedRow) -> PlannedRow:
        """The row with what tells it from others, and the digest of all that was made of it."""
        own = _without_stamp(row)
        files = {name: _digest(self._file_facts(value)) for name, value in own.items() if _names_files(value)}
        identity = self._identity(row)
        return replace(row, identity=_digest(identity) if identity else None, digest=_digest([own, row.address or {}, files]), files=files)

    def _identity(self, row: PlannedRow) -> list[str]:
        if row.own_origin is not None:
            return list(row.own_origin)
        return [key for kind in self.terms.by if kind != "origin" for key in _keys(row.fields or {}, kind)]

    def _file_facts(self, value: object) -> list[object]:
        """Name, size and time of each file: a photo that was changed is another one, and nobody reads it for that."""
        facts: list[object] = []
        for one in value if isinstance(value, list) else [value]:
            path = self.folder / one["file"]
            found = path.stat() if path.is_file() else None
            facts.append([one["file"], found and found.st_size, found and found.st_mtime_ns])
        return facts

    # -- finding ------------------------------------------------------------------------------

    async def _find(self, rows: Mapping[int, PlannedRow]) -> dict[int, Hit]:
        hits: dict[int, Hit] = {}
        for kind in self.terms.by:
            left = {number: row for number, row in rows.items() if number not in hits}
            found = await (self._by_origin(left) if kind == "origin" else self._by_communication(kind, left))
            hits |= {number: Hit(kind, sorted(ids)) for number, ids in found.items() if ids}
        return hits

    async def _by_origin(self, rows: Mapping[int, PlannedRow]) -> dict[int, set[int]]:
        origins = {number: row.own_origin for number, row in rows.items() if row.own_origin is not None}
        found = await self.search.by_origin(set(origins.values()))
        return {number: set(found[origin]) for number, origin in origins.items() if origin in found}

    async def _by_communication(self, kind: str, rows: Mapping[int, PlannedRow]) -> dict[int, set[int]]:
        keys = {number: _keys(row.fields or {}, kind) for number, row in rows.items()}
        wanted = {key: values for each in keys.values() for key, values in each.items()}
        found = await self.search.by_communication("PHONE" if kind == "phone" else "EMAIL", wanted)
        return {number: {contact_id for key in each for contact_id in found.get(key, ())} for number, each in keys.items()}

    async def _read(self, hits: Mapping[int, Hit]) -> dict[int, Stored]:
        if self.terms.on_match == "skip":
            return {}
        wanted = {self._meant(hit) for hit in hits.values() if len(hit.ids) == 1 or self.terms.on_many == "oldest"}
        return await self.reading.contacts(wanted, with_companies="COMPANY_IDS" in self.differences.policies)

    def _meant(self, hit: Hit) -> int:
        return hit.ids[0]

    # -- deciding -----------------------------------------------------------------------------

    def _matched(self, row: PlannedRow, hit: Hit | None, stored: Mapping[int, Stored], located: Set[int], known: Known | None) -> PlannedRow:
        if hit is None:
            return row
        if len(hit.ids) > 1 and self.terms.on_many == "reject":
            named = ", ".join(map(str, hit.ids[:5])) + (" …" if len(hit.ids) > 5 else "")
            return _rejected(row, "many_matches", f"{len(hit.ids)} contacts have {_NAMES[hit.by]}: {named}. Merge them in the portal, or set `on_many: oldest`.")
        contact_id = self._meant(hit)
        if row.rejected is not None and (met := met_again(row.rejected, contact_id, _NAMES[hit.by], self.earlier)) is not None:
            return _rejected(row, met.code, met.problem)
        there = stored.get(contact_id)
        if there is not None and (other := _other_record(row, there)) is not None:
            # Before it is claimed: the row that the contact does belong to may come later in the file.
            return _rejected(row, "other_record", f"Contact {there.id} has {_NAMES[hit.by]}, and is record {other} of the same source: "
                             f"two records would overwrite each other. Correct the row, merge the two in the source, or take {hit.by} out of `by`.")  # fmt: skip
        if self.terms.on_match == "skip":
            return self._claimed(row, contact_id, lambda row: _settled(row, contact_id, "exists", f"Contact {contact_id} has {_NAMES[hit.by]}."))
        return self._claimed(row, contact_id, lambda row: self._changed(row, there, contact_id in located, known))

    def _claimed(self, row: PlannedRow, contact_id: int, decide: Callable[[PlannedRow], PlannedRow]) -> PlannedRow:
        first = self.claimed.first_row("contact", str(contact_id), row.row)
        if first is not None:
            return _rejected(row, "same_contact", f"Row {first} is about the same contact, {contact_id}: only one of the two can be taken. Correct one, or remove it.")
        return decide(row)

    def _changed(self, row: PlannedRow, there: Stored | None, is_located: bool, known: Known | None) -> PlannedRow:
        if there is None:
            return row  # deleted since it was found
        wanted = self.differences.wanted(_without_stamp(row))
        sent_before = known.files if known is not None else {}
        wanted = {name: value for name, value in wanted.items() if name not in row.files or row.files[name] != sent_before.get(name)}
        # An address that is there is not compared: one is only written where there is none.
        address = None if is_located else row.address
        if not self.differences.between(wanted, there.fields) and not address:
            says = "has no empty field that the row could fill" if self.terms.on_match == "fill" else "is as the row says"
            return _settled(row, there.id, "unchanged", f"Contact {there.id} {says}.")
        return replace(row, action="update", contact_id=there.id, fields=wanted, origin=row.own_origin, is_stamped=False, address=address)


def _without_stamp(row: PlannedRow) -> dict[str, object]:
    fields = dict(row.fields or {})
    if row.is_stamped:
        fields.pop("ORIGINATOR_ID", None)
        fields.pop("ORIGIN_ID", None)
    return fields


def _keys(fields: Mapping[str, object], kind: str) -> dict[str, tuple[str, ...]]:
    """Key of each phone or e-mail → the spellings under which a portal may hold it."""
    entries = fields.get(kind.upper())
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries if isinstance(entries, list) else ():
        value = str(entry["VALUE"])
        key = email_key(value) if kind == "email" else phone_key(value)
        if key and key not in found:
            found[key] = tuple(dict.fromkeys((value, key))) if kind == "email" else phone_spellings(value)
    return found


def _names_files(value: object) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and set(first) == {"file"}


def _digest(value: object) -> str:
    return blake2b(json.dumps(value, ensure_ascii=False, sort_keys=True).encode(), digest_size=16).hexdigest()


def _settled(row: PlannedRow, contact_id: int, code: str, sentence: str) -> PlannedRow:
    # Its cells are for rejects.csv, and this row needs nothing: a hundred nights of them would fill the disk.
    return replace(row, state="skipped", cells=[], fields=None, address=None, problem=RowProblem(code, sentence), contact_id=contact_id)


def _known(row: PlannedRow, contact_id: int) -> PlannedRow:
    sentence = f"The row is as it was when it was last imported as contact {contact_id}, which was not looked at; --recheck does."
    return _settled(row, contact_id, "unchanged", sentence)


def _other_record(row: PlannedRow, there: Stored) -> str | None:
    """The id under which the row's own source has brought the contact in, where it is another than the row's.

    A row without an identity of its own is no record of any source.
    """
    if row.own_origin is None:
        return None
    originator, origin_id = row.own_origin
    theirs = str(there.fields.get("ORIGIN_ID") or "")
    return theirs if theirs and there.fields.get("ORIGINATOR_ID") == originator and theirs != origin_id else None


def _rejected(row: PlannedRow, code: str, sentence: str) -> PlannedRow:
    return replace(row, state="rejected", fields=None, address=None, problem=RowProblem(code, sentence))
