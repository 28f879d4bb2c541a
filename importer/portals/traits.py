"""What is peculiar to a door and the same at every portal: plain figures, decided by whoever wrote the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from importer.portals.existing import MOST_VALUES


@dataclass(frozen=True, slots=True)
class Traits:
    """What differs between doors beside their words."""

    #: doors of one family send the same contacts in the same way: a run begun through one may go on through another
    family: Literal["bitrix24", "vibecode"] = "bitrix24"
    #: what the other side counts our requests by: the address they come from, or the key they bear
    counts_by: Literal["address", "key"] = "address"
    #: seconds from a request's start until nothing of it can be written any more; None: as long as the portal itself takes
    finishes_s: float | None = None
    #: values in one FindByCommunication that are certain to be looked at
    search_values: int = MOST_VALUES


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an answer says of the requests a key may send in a minute."""

    limit: int
    #: requests left in the minute; None where it is not told
    remaining: int | None = None
    #: seconds until more are let in; None where it is not told in seconds
    resets_in_s: float | None = None
