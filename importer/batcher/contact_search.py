"""Which contacts of a portal are meant: many origins, phones and e-mails at once, each hit told apart.

    origins ─▶ by id, 50 a command, or the originator's whole index, whichever costs less
    phones, e-mails ─▶ 20 spellings a command; the portal does not say whose a hit is, so the contacts are read and compared,
                       and what the comparison leaves open is asked for alone: no answer depends on what else was asked
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Literal

from importer.batcher.reading import Reading
from importer.portals.existing import ENOUGH_IDS, CountOriginator, FindByCommunication
from importer.portals.operations import PAGE_ROWS, FindByOrigin, ReadOriginator
from importer.portals.paging import Send, records
from importer.portals.portal import Stored

Origin = tuple[str, str]
Communication = Literal["PHONE", "EMAIL"]

#: kind, spellings asked for, values a contact holds → whether it is meant; None when the portal alone can tell
Judge = Callable[[Communication, Sequence[str], Sequence[str]], bool | None]

# Commands by id after which an originator's contacts are counted: one request's worth. Fewer are cheaper than asking.
_WORTH_COUNTING = 50


class ContactSearch:
    """Finds and reads contacts of one portal. Keeps the index of an originator once it was read, in a file of SQLite's."""

    def __init__(self, reading: Reading, send: Send, judge: Judge) -> None:
        """`judge` says whose a hit by phone or e-mail is; `send` asks for pages of an index."""
        self._reading, self._send, self._judge = reading, send, judge
        #: originator → commands spent on its ids so far
        self._spent: dict[str, int] = {}
        #: originator → its contacts, once they were counted
        self._counted: dict[str, int] = {}
        self._indexed: set[str] = set()
        # An empty name is a private file that SQLite removes by itself, and keeps in memory while it is small.
        self._index = sqlite3.connect("", isolation_level=None)
        self._index.execute("CREATE TABLE found (originator TEXT, origin_id TEXT, contact_id INTEGER)")
        self._index.execute("CREATE INDEX by_origin ON found (originator, origin_id)")

    def close(self) -> None:
        """Frees the index."""
        self._index.close()

    # -- by origin ----------------------------------------------------------------------------

    async def by_origin(self, origins: Collection[Origin]) -> dict[Origin, list[int]]:
        """Origin → ids of the contacts that have exactly it, ascending; an origin without any is absent. Raises Failure."""
        found: dict[Origin, list[int]] = {}
        for originator in dict.fromkeys(originator for originator, _ in origins):
            ids = list(dict.fromkeys(number for whose, number in origins if whose == originator))
            if originator not in self._indexed and await self._is_index_cheaper(originator, len(ids)):
                await self._read_index(originator)
            hits = self._of_index(originator, ids) if originator in self._indexed else await self._by_ids(originator, ids)
            for origin_id, contact_id in hits:
                found.setdefault((originator, origin_id), []).append(contact_id)
        return {origin: sorted(set(ids)) for origin, ids in found.items()}

    async def _is_index_cheaper(self, originator: str, count: int) -> bool:
        """Once as many commands went into ids as the whole index takes, the index is read: never twice the least cost."""
        spent = self._spent.get(originator, 0)
        if spent + -(-count // PAGE_ROWS) <= _WORTH_COUNTING:
            return False
        if originator not in self._counted:
            [self._counted[originator]] = await self._reading.values([CountOriginator(originator)])
        pages = self._counted[originator] // PAGE_ROWS + 1
        return pages <= max(spent, -(-count // PAGE_ROWS))

    async def _read_index(self, originator: str) -> None:
        self._index.execute("BEGIN")
        async for stored in records(self._send, partial(ReadOriginator, originator), expected=self._counted.get(originator)):
            self._index.execute("INSERT INTO found VALUES (?, ?, ?)", (originator, stored.origin_id, stored.id))
        self._index.execute("COMMIT")
        self._indexed.add(originator)

    def _of_index(self, originator: str, ids: Sequence[str]) -> list[tuple[str, int]]:
        sql = "SELECT contact_id FROM found WHERE originator = ? AND origin_id = ?"
        return [(number, found) for number in ids for [found] in self._index.execute(sql, (originator, number))]

    async def _by_ids(self, originator: str, ids: Sequence[str]) -> list[tuple[str, int]]:
        searches = [FindByOrigin(originator, tuple(ids[at : at + PAGE_ROWS])) for at in range(0, len(ids), PAGE_ROWS)]
        self._spent[originator] = self._spent.get(originator, 0) + len(searches)
        wanted, hits = set(ids), []
        while searches:
            pages = await self._reading.values(searches)
            # The portal's own search takes `a1` for `A1`; we do not.
            hits += [hit for page in pages for hit in page if hit[0] in wanted]
            full = [(search, page) for search, page in zip(searches, pages, strict=True) if len(page) >= PAGE_ROWS]
            searches = [FindByOrigin(originator, search.ids, max(contact_id for _, contact_id in page)) for search, page in full]
        return hits

    def ways(self) -> dict[str, str]:
        """Originator → how its contacts were looked for, for a person."""
        by_ids = {originator: f"the portal by their ids, {commands:,} search{'es' if commands != 1 else ''} of up to {PAGE_ROWS}" for originator, commands in self._spent.items()}
        return by_ids | {originator: f"its whole index, {self._counted.get(originator, 0):,} contacts" for originator in self._indexed}

    # -- by phone and e-mail ------------------------------------------------------------------

    async def by_communication(self, kind: Communication, spellings: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
        """Key → ids of the contacts that have it, ascending; a key without any is absent. Raises Failure.

        `spellings` are the values under which the portal may hold each key. What a key finds is what it finds alone.
        """
        groups = _groups(spellings, self._reading.search_values)
        answers = await self._ask(kind, groups, spellings)
        contacts = await self._reading.contacts({number for ids in answers for number in ids})
        found: dict[str, list[int]] = {}
        unclear: list[str] = []
        for keys, ids in zip(groups, answers, strict=True):
            for key in keys:
                verdicts = self._verdicts(kind, spellings[key], ids, contacts)
                # Of a hit that may be this key's or another's the portal knows more; and an answer may be cut off.
                if len(keys) > 1 and (None in verdicts.values() or len(ids) >= ENOUGH_IDS):
                    unclear.append(key)
                else:
                    found[key] = [number for number, verdict in verdicts.items() if verdict is not False]
        alone = [[key] for key in unclear]
        answers = await self._ask(kind, alone, spellings)
        contacts |= await self._reading.contacts({number for ids in answers for number in ids} - contacts.keys())
        for [key], ids in zip(alone, answers, strict=True):
            verdicts = self._verdicts(kind, spellings[key], ids, contacts)
            found[key] = [number for number, verdict in verdicts.items() if verdict is not False]
        return {key: sorted(set(ids)) for key, ids in found.items() if ids}

    def _verdicts(self, kind: Communication, spellings: Sequence[str], ids: Sequence[int], contacts: Mapping[int, Stored]) -> dict[int, bool | None]:
        """Contact → whether it is the one asked for; without contacts that are gone by now."""
        return {number: self._judge(kind, spellings, _held(kind, contacts[number])) for number in ids if number in contacts}

    async def _ask(self, kind: Communication, groups: Sequence[Sequence[str]], spellings: Mapping[str, Sequence[str]]) -> list[list[int]]:
        most = self._reading.search_values
        searches: list[FindByCommunication] = []
        places: list[int] = []
        for place, keys in enumerate(groups):
            values = [value for key in keys for value in spellings[key]]
            # A door that is sure of few values at once asks for a key's spellings one after another.
            portions = [FindByCommunication(kind, tuple(values[at : at + most])) for at in range(0, len(values), most)]
            searches += portions
            places += [place] * len(portions)
        found: list[list[int]] = [[] for _ in groups]
        for place, ids in zip(places, await self._reading.values(searches) if searches else [], strict=True):
            found[place] = sorted({*found[place], *ids})
        return found


def _groups(spellings: Mapping[str, Sequence[str]], most: int) -> list[list[str]]:
    """Keys whose spellings share a command, in their order."""
    groups: list[list[str]] = []
    room = 0
    for key, values in spellings.items():
        if len(values) > room:
            groups.append([])
            room = most
        groups[-1].append(key)
        room -= len(values)
    return groups


def _held(kind: Communication, stored: Stored) -> list[str]:
    """The values of a contact's phones or e-mails."""
    entries = stored.fields.get(kind)
    return [str(entry.get("VALUE")) for entry in (entries if isinstance(entries, list) else []) if isinstance(entry, dict)]
