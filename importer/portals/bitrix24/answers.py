"""What all methods of the portal have in common: how an operation is said, and how ids, texts and lists of records are read.

Readings raise Unreadable for anything that is not what the method answers: nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from importer.portals.operations import Operation
from importer.portals.portal import Stored

Params = dict[str, object]

#: A list without counting: the portal skips the count when `start` is -1, which costs it a thousandth.
#: Source: apidocs.bitrix24.com, "Exporting large volumes".
UNCOUNTED = -1

#: A contact, among the owners of requisites: a number of crm.enum.ownertype.
CONTACT_OWNER = 3


class Unreadable(ValueError):
    """A command's answer is not what its method answers: nothing can be concluded from it."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of operation is said to the portal, and how its answer is read."""

    method: str
    params: Callable[[Operation], Params]
    #: the answer of the operation; raises Unreadable
    read: Callable[[object], object]
    #: True where the answer is the list's `total`, which stands beside its `result`
    is_total: bool = False


def positive(value: object) -> int:
    """An id: an int, or digits. Classic methods answer both."""
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise Unreadable(f"not an id: {type(value).__name__}")


def rows(value: object) -> list[dict[str, object]]:
    """A list of objects; PHP writes a list with gaps as an object."""
    found = list(value.values()) if isinstance(value, dict) else value
    if isinstance(found, list) and all(isinstance(row, dict) for row in found):
        return found
    raise Unreadable("not a list of objects")


def text(value: object) -> str:
    """A text; empty where the portal writes null or false for one."""
    return value if isinstance(value, str) else "" if value in (None, False) else str(value)


def ids(value: object) -> list[int]:
    """The ids of a list's records."""
    return [positive(row.get("ID")) for row in rows(value)]


def stored(value: object) -> list[Stored]:
    """A list's records, whole."""
    return [
        Stored(positive(row.get("ID")), text(row.get("ORIGIN_ID")), text(row.get("DATE_MODIFY")), text(row.get("DATE_CREATE")), row)
        for row in rows(value)
    ]


def is_true(value: object) -> bool:
    """The answer of a method that changes or deletes, which says true and nothing else."""
    if value is not True:
        raise Unreadable("not the answer of a change")
    return True
