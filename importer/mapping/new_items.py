"""List items and directory entries that are not there yet: what `create: true` gives in the place of an id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from importer.mapping.directories import folded
from importer.mapping.findings import Conversion, Finding, refused, shown

#: begins the value that stands for an item still to be created
NEW_ITEM = "create:"

# A column with more new texts than this is free text, not a list: our own choice, against filling a portal's list
# with a column that was mapped by mistake.
MOST_NEW_ITEMS = 500


class NewItems:
    """The new texts of every list, once each however they are spelled. One for a mapper."""

    def __init__(self) -> None:
        self._spelled: dict[str, dict[str, str]] = defaultdict(dict)

    def for_list(self, name: str) -> Conversion:
        """A conversion of a text that is not in the list `name` to `create:` and the text as it was first spelled.

        Refused as `too_many_new_items` when the list would get more than MOST_NEW_ITEMS.
        """
        spelled = self._spelled[name]

        def new(text: str) -> str | Finding:
            key = folded(text)
            if key not in spelled:
                if len(spelled) >= MOST_NEW_ITEMS:
                    sentence = f"{shown(text)} would be new entry number {len(spelled) + 1} of {name}; {MOST_NEW_ITEMS} are created at most. Is the column a list?"
                    return refused("too_many_new_items", sentence)
                spelled[key] = " ".join(text.split())
            return NEW_ITEM + spelled[key]

        return new


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list that may get new items."""

    #: the directory, or the field whose own list it is
    name: str
    is_directory: bool

    def code(self, text: str) -> str:
        """The code that a new item with this text gets in this list.

        Made of the text, not of the run: where two runs add the same item at once, the portal itself refuses the second.
        The portal allows 50 characters of any kind (apidocs.bitrix24.com, crm.status.add).
        """
        return f"B24_IMPORT_{sha256(f'{self.name}{chr(0)}{folded(text)}'.encode()).hexdigest()[:20].upper()}"


def new_items_in(fields: Mapping[str, object], lists: Mapping[str, ItemList]) -> Iterator[tuple[str, str]]:
    """(field, text) of every `create:<text>` in a contact's fields; `lists` are those of the fields that may hold one."""
    for name in lists:
        value = fields.get(name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and one.startswith(NEW_ITEM):
                yield name, one.removeprefix(NEW_ITEM)
