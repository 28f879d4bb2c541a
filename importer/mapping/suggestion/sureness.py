"""What is claimed of a column, and how sure the claim is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Sureness(IntEnum):
    """How much a claim can be trusted; more is surer."""

    GUESS = 1
    LIKELY = 2
    SURE = 3

    @property
    def word(self) -> str:
        """As comments of the proposed mapping begin."""
        return {1: "guess", 2: "likely", 3: "sure"}[self]


@dataclass(frozen=True, slots=True)
class Claim:
    """One column and what it is taken for."""

    #: place of the column in the header, from 0
    index: int
    #: a portal field, a multifield with its kind (`PHONE.WORK`), or one of the words that are no field: FULL_NAME, COMPANY,
    #: ASSIGNED_BY, TAGS, DEPARTMENT, CREATED, ORIGIN_ID, KEPT (tells records to keep from others), SKIP
    target: str
    sureness: Sureness
    #: why, for a person; for SKIP why the column is left out
    reason: str
    #: which of several addresses the part belongs to; empty for the only one
    group: str = ""
    #: the regular expression at which this system's cells fall apart; empty when nothing is known
    split: str = ""

    @property
    def field(self) -> str:
        """The target without its kind."""
        return self.target.partition(".")[0]

    @property
    def kind(self) -> str:
        """WORK, MOBILE … of a multifield; empty for others."""
        return self.target.partition(".")[2]
