"""Rows whose answer was lost where contacts carry no identity: looked for by phone and e-mail, and compared.

Taken for a row's own is only a contact that is newer than the run, that no other row of the run has become, and that
holds what was sent. A newer one with the row's phone or e-mail that is not the same leaves the row unsettled: nothing is
guessed. Companies are looked for by title, by which rows find them anyway. Needs one batch after another: what a batch in
flight is just making would be taken for somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from importer.batcher.asking import read_all
from importer.batcher.line import Line
from importer.batcher.settle import Findings
from importer.batcher.stopping import Stop
from importer.journal.entries import COMPANY, QueuedRow, Settled
from importer.portals.existing import ENOUGH_IDS, FindByCommunication, FindCompaniesByTitle
from importer.portals.operations import PAGE_ROWS, ReadContacts
from importer.portals.portal import Stored
from importer.records import RowProblem

_MULTIFIELDS = ("PHONE", "EMAIL", "WEB", "IM")

#: What the portal may store otherwise than it was sent: marked-up text, files, identities that are not kept.
_NOT_COMPARED = frozenset(("COMMENTS", "ORIGINATOR_ID", "ORIGIN_ID", "ORIGIN_VERSION"))

_TITLES_AT_ONCE = 10

_CANNOT_TELL = RowProblem(
    "answer_lost",
    "The answer to this row was lost, and its phone and e-mail do not tell whether it is in the portal: look for it by name. If it is not "
    "there, put the row into a file of its own and import that.",
)


async def look_alike(line: Line, stop: Stop, rows: Sequence[QueuedRow], last_id_before: int | None) -> Findings:
    """Asks the portal for lost rows by what they hold. Raises Failure when it cannot be asked."""
    if line.kind.entity == COMPANY:
        return await _by_title(line, stop, rows)
    searched = {row.row: await _candidates(line, stop, row, last_id_before or 0) for row in rows}
    wanted = {contact_id for hits in searched.values() if hits is not None for contact_id in hits}
    wanted -= line.journal.taken(line.run_id, wanted, line.kind.entity)
    stored = await _contacts(line, stop, sorted(wanted))
    return conclude(rows, searched, stored)


async def _candidates(line: Line, stop: Stop, row: QueuedRow, last_id_before: int) -> set[int] | None:
    """Ids of newer contacts with one of the row's phones or e-mails; None where that cannot be told."""
    found: set[int] = set()
    searches = [FindByCommunication(kind, (value,)) for kind in ("PHONE", "EMAIL") for value in _values(row.fields, kind)]
    for search in searches:
        [hits] = await read_all(line, stop, [search])
        if len(hits) >= ENOUGH_IDS:
            return None
        found.update(contact_id for contact_id in hits if contact_id > last_id_before)
    return found if searches else None


async def _contacts(line: Line, stop: Stop, ids: Sequence[int]) -> dict[int, Stored]:
    pages = [await read_all(line, stop, [ReadContacts(tuple(ids[at : at + PAGE_ROWS]))]) for at in range(0, len(ids), PAGE_ROWS)]
    return {stored.id: stored for [page] in pages for stored in page}


@dataclass(slots=True)
class _Told:
    found: list[Settled] = field(default_factory=list)
    rest: list[QueuedRow] = field(default_factory=list)


def conclude(rows: Sequence[QueuedRow], searched: Mapping[int, set[int] | None], stored: Mapping[int, Stored]) -> Findings:
    """What contacts of no other row say of lost rows: each contact is one row's, the oldest the first's."""
    free = dict(stored)
    told = _Told()
    for row in rows:
        alike = sorted(number for number in searched[row.row] or () if number in free and is_alike(row.fields, free[number].fields))
        if alike:
            del free[alike[0]]
            told.found.append(Settled(row.row, "created", alike[0]))
        else:
            told.rest.append(row)
    unclear = [row for row in told.rest if searched[row.row] is None or searched[row.row] & free.keys()]
    open_ = [Settled(row.row, "unsettled", problem=_CANNOT_TELL) for row in unclear]
    return Findings(told.found, [row for row in told.rest if row not in unclear], open_)


def is_alike(sent: Mapping[str, object], there: Mapping[str, object]) -> bool:
    """True when a stored contact holds what a row sent, as far as both can be compared."""
    return all(_holds(name, value, there) for name, value in sent.items() if name not in _NOT_COMPARED)


def _holds(name: str, value: object, there: Mapping[str, object]) -> bool:
    if name in _MULTIFIELDS:
        held = {str(entry.get("VALUE")) for entry in _entries(there.get(name))}
        return all(str(entry.get("VALUE")) in held for entry in _entries(value))
    values = value if isinstance(value, list) else [value]
    if name not in there or any(isinstance(one, dict) for one in values):
        return True
    held = there[name] if isinstance(there[name], list) else [there[name]]
    return sorted(map(_plain, values)) == sorted(map(_plain, held))


def _plain(value: object) -> str:
    """A value without its notation: numbers as numbers, a moment as its day, which time zones leave alone but for midnight's."""
    text = "" if value is None else str(value).strip()
    if len(text) > 10 and text[4:5] == text[7:8] == "-" and text[10] in "T ":
        text = text[:10]
    try:
        return repr(float(text))
    except ValueError:
        return text


def _entries(value: object) -> list[Mapping[str, object]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _values(fields: Mapping[str, object], kind: str) -> list[str]:
    return list(dict.fromkeys(str(entry.get("VALUE")) for entry in _entries(fields.get(kind))))


async def _by_title(line: Line, stop: Stop, rows: Sequence[QueuedRow]) -> Findings:
    titles = list(dict.fromkeys(str(row.fields["TITLE"]) for row in rows))
    ids: dict[str, int] = {}
    for some in _portions(titles, _TITLES_AT_ONCE):
        [page] = await read_all(line, stop, [FindCompaniesByTitle(tuple(some))])
        if len(page) >= PAGE_ROWS:
            # So many of one name may have pushed another off the page.
            page = [hit for title in some for [hits] in [await read_all(line, stop, [FindCompaniesByTitle((title,))])] for hit in hits]
        for title, company_id in page:
            ids[title] = min(company_id, ids.get(title, company_id))
    found = [Settled(row.row, "created", ids[str(row.fields["TITLE"])]) for row in rows if str(row.fields["TITLE"]) in ids]
    there = {settled.row for settled in found}
    return Findings(found, [row for row in rows if row.row not in there])


def _portions(titles: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (titles[at : at + size] for at in range(0, len(titles), size))
