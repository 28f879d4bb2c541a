"""Directories and custom list fields to which entries are added, and from which they are deleted.

Source: apidocs.bitrix24.com, crm.status.list, crm.status.add, crm.status.delete, crm.contact.userfield.list, crm.contact.userfield.update.
"""

from __future__ import annotations

from collections.abc import Callable

from importer.portals.list_entries import (
    AddToDirectory,
    AddToListField,
    DeleteFromDirectory,
    DeleteFromListField,
    ListEntry,
    ListField,
    NewEntry,
    ReadDirectory,
    ReadListField,
)

Params = dict[str, object]


def _status(operation: AddToDirectory) -> Params:
    entry = operation.entry
    return {"fields": {"ENTITY_ID": operation.directory, "STATUS_ID": entry.code, "NAME": entry.text, "SORT": entry.sort}}


def _items(operation: AddToListField) -> Params:
    """An element without ID is added, and the items that are not named stay as they are."""
    return {"id": operation.field_id, "fields": {"LIST": [_item(entry) for entry in operation.entries]}}


def _item(entry: NewEntry) -> Params:
    return {"VALUE": entry.text, "SORT": entry.sort, "DEF": "N", "XML_ID": entry.code}


def forms(rows: Callable[[object], list[dict[str, object]]], number: Callable[[object], int]) -> dict[type, tuple]:
    """Operation → (method, its parameters, its answer read). `rows` and `number` read lists and ids as all methods do."""

    def text(value: object) -> str:
        return value if isinstance(value, str) else "" if value in (None, False) else str(value)

    def place(value: object) -> int:
        return int(text(value)) if text(value).lstrip("-").isdecimal() else 0

    def entries(value: object, code: str, name: str) -> list[ListEntry]:
        return [ListEntry(number(row.get("ID")), text(row.get(code)), text(row.get(name)), place(row.get("SORT"))) for row in rows(value)]

    def list_field(value: object) -> ListField | None:
        found = rows(value)
        if not found:
            return None
        # A list that is not told is not an empty one: what is there would be added a second time.
        if "LIST" not in found[0]:
            raise ValueError("a list field without its list")
        return ListField(number(found[0].get("ID")), tuple(entries(found[0]["LIST"], "XML_ID", "VALUE")))

    def is_changed(value: object) -> bool:
        if value is not True:
            raise ValueError("not the answer of a change")
        return True

    return {
        ReadDirectory: (
            "crm.status.list",
            lambda op: {"filter": {"ENTITY_ID": op.directory}, "order": {"SORT": "ASC"}, "start": op.start},
            lambda value: entries(value, "STATUS_ID", "NAME"),
        ),
        ReadListField: ("crm.contact.userfield.list", lambda op: {"filter": {"FIELD_NAME": op.name}}, list_field),
        AddToDirectory: ("crm.status.add", _status, number),
        AddToListField: ("crm.contact.userfield.update", _items, is_changed),
        DeleteFromDirectory: ("crm.status.delete", lambda op: {"id": op.entry_id}, is_changed),
        DeleteFromListField: (
            "crm.contact.userfield.update",
            lambda op: {"id": op.field_id, "fields": {"LIST": [{"ID": op.item_id, "DEL": "Y"}]}},
            is_changed,
        ),
    }
