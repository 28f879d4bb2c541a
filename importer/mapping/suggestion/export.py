"""What is known of one system's export: how it is recognised, what its columns are, how it writes values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

#: reasons that many exports share, by the word behind `SKIP.`
SKIP_REASONS = {
    "ids": "an id of the other system, which means nothing here",
    "person": "belongs to another person",
    "work": "says who or when somebody worked on the record",
    "consent": "is a consent flag, which proves no consent elsewhere",
    "constant": "is filled with the same constant in every row, or with what no contact holds",
    "neighbour": "says something of its neighbour",
    "names": "has no field of its own in the portal",
    "numbers": "is counted by the other system",
    "collected": "repeats the typed columns",
    "deals": "is about a deal or a company, not the contact",
    "yearless": "has no year, and the portal takes no birthday without one",
    "picture": "an address that opens only for who is signed in there",
}


def spelled(name: str) -> str:
    """The name as signatures compare it: blanks collapsed, case kept."""
    return " ".join(name.replace("\ufeff", "").split())


def alike(name: str) -> str:
    """The same without regard to case."""
    return spelled(name).casefold()


@dataclass(frozen=True)
class Export:
    """One layout. Names of columns stand verbatim; `|` separates them, and a name that begins with `^` is a pattern."""

    id: str
    title: str
    #: the name its records get as ORIGINATOR_ID
    originator: str
    #: each entry must be met; an entry with bars by one of its names
    must: tuple[str, ...]
    #: target, with `@group` for one of several addresses, → its columns
    columns: dict[str, str]
    extras: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    #: names differ from another system's by case alone
    is_cased: bool = False
    #: field → regular expression at which a cell's values fall apart
    splits: dict[str, str] = field(default_factory=dict)
    #: how dates are written, when the file does not tell
    dates: tuple[str, ...] = ()
    #: statuses and salutations carry the texts of a Bitrix24 portal
    has_portal_texts: bool = False
    #: a pattern of columns that many files of this kind lack; a ready mapping leaves them out
    varying: str = ""
    #: the full name is filled when its parts are not
    prefers_full_name: bool = False
    #: what a person should know, a sentence each, for the top of the mapping
    about: tuple[str, ...] = ()

    def score(self, header: Sequence[str]) -> int | None:
        """How many extras the header has; None when it is not this layout."""
        form = spelled if self.is_cased else alike
        there = {form(name) for name in header}
        if not all(any(self._has(there, name) for name in entry.split("|")) for entry in self.must):
            return None
        if any(self._has(there, name) for name in self.must_not):
            return None
        return sum(self._has(there, name) for name in self.extras)

    def _has(self, there: set[str], name: str) -> bool:
        if name.startswith("^"):
            flags = 0 if self.is_cased else re.IGNORECASE
            return any(re.search(name, column, flags) for column in there)
        return (spelled(name) if self.is_cased else alike(name)) in there

    def targets(self) -> dict[str, list[str]]:
        """Column, as `alike` writes it, → what it is taken for; an address on the web may be the record's id, too."""
        found: dict[str, list[str]] = {}
        for target, names in self.columns.items():
            for name in names.split("|"):
                found.setdefault(alike(name), []).append(target)
        return found
