"""Companies and list entries that a run created are deleted where nothing uses them any more, as `changes` deletes contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from importer.batcher.changes import Changes, Judge
from importer.batcher.line import Line
from importer.batcher.stopping import Stop
from importer.batcher.terms import Terms
from importer.journal.entries import QueuedRow
from importer.pacing.sizing import Sizing
from importer.portals.existing import DeleteCompany, FindByCompany, FindByField, ReadCompanies
from importer.portals.list_entries import DeleteFromDirectory, DeleteFromListField, ListEntry, ReadDirectory, ReadListField
from importer.portals.operations import PAGE_ROWS, Operation
from importer.portals.portal import Stored

#: among the fields of what is judged: ids of contacts that use it, at most 50
USED_BY = "USED_BY"

_FIELD_ID = "FIELD_ID"

# Fields of contacts whose values are entries of these directories. Source: apidocs.bitrix24.com, crm.contact.fields.
_FIELDS = {"CONTACT_TYPE": "TYPE_ID", "SOURCE": "SOURCE_ID", "HONORIFIC": "HONORIFIC"}


class UnusedCompanies(Changes):
    """Deletes companies; the judge is given each with USED_BY."""

    def _operation(self, there: Stored, fields: dict[str, object], planned: Operation) -> Operation:
        return DeleteCompany(there.id)

    async def _there(self, rows: Sequence[QueuedRow]) -> dict[int, Stored]:
        ids = tuple(sorted({row.contact_id for row in rows if row.contact_id is not None}))
        [page] = await self._values([ReadCompanies(ids)])
        users = await self._values([FindByCompany(stored.id) for stored in page]) if page else []
        for stored, contacts in zip(page, users, strict=True):
            stored.fields[USED_BY] = contacts
        found = {stored.id: stored for stored in page}
        return {row.row: found[row.contact_id] for row in rows if row.contact_id in found}


class UnusedEntries(Changes):
    """Deletes entries of directories and items of list fields; the judge is given each with its text as TITLE, and USED_BY."""

    def __init__(self, line: Line, stop: Stop, sizing: Sizing, terms: Terms, judge: Judge, lists: Mapping[str, str]) -> None:
        """`lists`: field → the directory, or the field's own list, that the run took its values from."""
        super().__init__(line, stop, sizing, terms, judge)
        self._fields: dict[str, list[str]] = {directory: [field] for directory, field in _FIELDS.items()}
        for field, name in lists.items():
            if field not in self._fields.setdefault(name, []):
                self._fields[name].append(field)

    def _operation(self, there: Stored, fields: dict[str, object], planned: Operation) -> Operation:
        number = there.fields[_FIELD_ID]
        return DeleteFromDirectory(there.id) if number is None else DeleteFromListField(int(str(number)), there.id)

    async def _there(self, rows: Sequence[QueuedRow]) -> dict[int, Stored]:
        found: dict[int, Stored] = {}
        held: dict[str, tuple[list[ListEntry], int | None]] = {}
        for row in rows:
            name, code = row.origin or ("", "")
            is_directory = bool(row.fields.get("is_directory"))
            if name not in held:
                held[name] = await self._list(name, is_directory)
            entries, field_id = held[name]
            entry = next((one for one in entries if one.id == row.contact_id or (row.contact_id is None and one.code == code)), None)
            if entry is not None:
                users = await self._users(name, entry.code if is_directory else str(entry.id), is_directory)
                found[row.row] = Stored(entry.id, entry.code, fields={"TITLE": entry.text, USED_BY: users, _FIELD_ID: field_id})
        return found

    async def _list(self, name: str, is_directory: bool) -> tuple[list[ListEntry], int | None]:
        if not is_directory:
            [field] = await self._values([ReadListField(name)])
            return (list(field.entries), field.id) if field else ([], None)
        entries: list[ListEntry] = []
        while True:
            [page] = await self._values([ReadDirectory(name, len(entries))])
            fresh = [entry for entry in page if entry.id not in {one.id for one in entries}]
            entries += fresh
            # A portal that does not page brings the same again: nothing fresh, and that is the end.
            if not fresh or len(entries) % PAGE_ROWS:
                return entries, None

    async def _users(self, name: str, value: str, is_directory: bool) -> list[int]:
        fields = self._fields.get(name, []) if is_directory else [name]
        found = await self._values([FindByField(field, value) for field in fields]) if fields else []
        return sorted({contact for contacts in found for contact in contacts})
