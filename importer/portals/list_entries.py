"""Part of the protocol in `portal.py`: the operations on directories and custom list fields, and what they answer.

Every door offers them, or refuses them in its own words. Adding and deleting need an administrator of the CRM.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadDirectory:
    """One page of a directory with what tells its entries apart. Answer: list of ListEntry in the portal's order, at most 50."""

    directory: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class ReadListField:
    """A contact's custom list field with its items. Answer: ListField, or None when there is no such field."""

    name: str


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry for a directory, or an item for the list of a custom field."""

    text: str
    #: STATUS_ID of a directory's entry, which contacts are sent with; of a list's item its XML_ID, which tells ours from others
    code: str
    #: its place among the others; a portal takes the first of a directory for new contacts that name none
    sort: int


@dataclass(frozen=True, slots=True)
class AddToDirectory:
    """Creates an entry of a directory; refused when its code is taken there. Answer: the id that deletes it, an int."""

    directory: str
    entry: NewEntry


@dataclass(frozen=True, slots=True)
class AddToListField:
    """Creates items of a custom list field, beside those it has; their ids are read afterwards. Answer: True."""

    field_id: int
    entries: tuple[NewEntry, ...]


@dataclass(frozen=True, slots=True)
class DeleteFromDirectory:
    """Deletes an entry of a directory by its own id. Answer: True; of one that is not there, Refused with `is_gone`."""

    entry_id: int


@dataclass(frozen=True, slots=True)
class DeleteFromListField:
    """Deletes an item of a custom list field; the others stay. Answer: True, also when it is not there."""

    field_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An entry of a directory, or an item of a custom field's list, as the portal holds it."""

    #: of an item: what contacts are sent with; of a directory's entry only what deletes it
    id: int
    #: STATUS_ID, which contacts are sent with; of an item its XML_ID
    code: str
    text: str
    sort: int


@dataclass(frozen=True, slots=True)
class ListField:
    """A custom list field of contacts."""

    id: int
    entries: tuple[ListEntry, ...]


#: part of portal.Operation
OnLists = ReadDirectory | ReadListField | AddToDirectory | AddToListField | DeleteFromDirectory | DeleteFromListField
