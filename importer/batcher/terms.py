"""What one run asks of its batcher: plain settings, decided before the first row leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from importer.batcher.settle import PORTAL_FINISHES_S
from importer.records import RowProblem

#: placeholder in a field's value → what is sent in its place, or why the row cannot go
Replacements = Mapping[str, str | RowProblem]


@dataclass(frozen=True, slots=True)
class Terms:
    """What one run asks of its batcher."""

    #: `params` of every crm.contact.add
    params: dict[str, str]
    #: one batch after another, each settled before the next: the order of DATE_CREATE
    in_order: bool = False
    #: rejected rows past which sending stops; None for no limit
    max_rejects: int | None = None
    #: the newest contact id before the run's first row was sent
    last_id_before: int | None = None
    #: seconds from a request's start until the portal has certainly finished with it
    finishes_s: float = PORTAL_FINISHES_S
    #: the source's folder, from which the paths of files lead; None when no row names a file
    folder: Path | None = None
    #: template of the requisites that carry addresses; None when no row has one
    preset_id: str | None = None
    #: field → what its placeholders stand for: companies and list entries that were created before
    replacements: Mapping[str, Replacements] = field(default_factory=dict)
