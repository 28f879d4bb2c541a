"""Directories and custom list fields to which entries are added, and from which they are deleted.

Source: apidocs.bitrix24.com, crm.status.list, crm.status.add, crm.status.delete, crm.contact.userfield.list, crm.contact.userfield.update.
"""

from __future__ import annotations

from importer.portals.bitrix24.answers import Form, Params, Unreadable, is_true, positive, rows, text
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


def _status(operation: AddToDirectory) -> Params:
    entry = operation.entry
    return {"fields": {"ENTITY_ID": operation.directory, "STATUS_ID": entry.code, "NAME": entry.text, "SORT": entry.sort}}


def _items(operation: AddToListField) -> Params:
    """An element without ID is added, and the items that are not named stay as they are."""
    return {"id": operation.field_id, "fields": {"LIST": [_item(entry) for entry in operation.entries]}}


def _item(entry: NewEntry) -> Params:
    return {"VALUE": entry.text, "SORT": entry.sort, "DEF": "N", "XML_ID": entry.code}


def _place(value: object) -> int:
    return int(text(value)) if text(value).removeprefix("-").isdecimal() else 0


def _entries(value: object, code: str, name: str) -> list[ListEntry]:
    return [ListEntry(positive(row.get("ID")), text(row.get(code)), text(row.get(name)), _place(row.get("SORT"))) for row in rows(value)]


def _list_field(value: object) -> ListField | None:
    found = rows(value)
    if not found:
        return None
    # A list that is not told is not an empty one: what is there would be added a second time.
    if "LIST" not in found[0]:
        raise Unreadable("a list field without its list")
    return ListField(positive(found[0].get("ID")), tuple(_entries(found[0]["LIST"], "XML_ID", "VALUE")))


#: One line a kind of operation.
FORMS: dict[type, Form] = {
    ReadDirectory: Form(
        "crm.status.list",
        lambda op: {"filter": {"ENTITY_ID": op.directory}, "order": {"SORT": "ASC"}, "start": op.start},
        lambda value: _entries(value, "STATUS_ID", "NAME"),
    ),
    ReadListField: Form("crm.contact.userfield.list", lambda op: {"filter": {"FIELD_NAME": op.name}}, _list_field),
    AddToDirectory: Form("crm.status.add", _status, positive),
    AddToListField: Form("crm.contact.userfield.update", _items, is_true),
    DeleteFromDirectory: Form("crm.status.delete", lambda op: {"id": op.entry_id}, is_true),
    DeleteFromListField: Form(
        "crm.contact.userfield.update",
        lambda op: {"id": op.field_id, "fields": {"LIST": [{"ID": op.item_id, "DEL": "Y"}]}},
        is_true,
    ),
}
