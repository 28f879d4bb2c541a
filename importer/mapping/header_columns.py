"""The columns of a header by the names a mapping uses for them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from importer.mapping.nearest import nearest

# A fault lists the whole header up to this many columns.
LISTED_WHOLE = 12


def _alike(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).replace("\ufeff", "").split()).casefold()


class HeaderColumns:
    """Finds a column by its exact name, else without regard to case and runs of blanks."""

    def __init__(self, header: Sequence[str]) -> None:
        self.header = tuple(header)
        self._exact = {name: position for position, name in reversed(list(enumerate(header)))}
        self._alike: dict[str, list[int]] = defaultdict(list)
        for position, name in enumerate(header):
            self._alike[_alike(name)].append(position)

    def position_of(self, name: str) -> int:
        """The place of the column from 0. Raises `LookupError` with the rest of a sentence about `name`."""
        if name in self._exact:
            return self._exact[name]
        found = self._alike.get(_alike(name), [])
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(f'"{self.header[position]}"' for position in found)
            raise LookupError(f"has several columns like it: {several}. Write one of them exactly.")
        likely = nearest(name, self.header)
        if likely:
            raise LookupError(f'has no such column. Did you mean "{likely[0]}"?')
        if len(self.header) <= LISTED_WHOLE:
            raise LookupError(f"has no such column. It has {', '.join(self.header)}.")
        raise LookupError(f"has no such column. It has {len(self.header)}, from {self.header[0]} to {self.header[-1]}.")


class AnyColumns:
    """The columns of a header nobody knows: every name is one of them."""

    header = ("",)

    def position_of(self, name: str) -> int:
        """The place of any column."""
        return 0
