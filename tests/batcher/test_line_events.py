"""What a request is called in a log: `add` only where something is added."""

from __future__ import annotations

import pytest

from importer.batcher.kinds import COMPANIES, CONTACTS, DELETIONS, ENTRIES, RESTORATIONS, UPDATES, Kind
from importer.batcher.line import _purpose
from importer.journal.entries import RequestRecord


@pytest.mark.parametrize(
    ("kind", "purpose", "said"),
    [
        (CONTACTS, "add", "add"), (UPDATES, "add", "update"), (DELETIONS, "add", "delete"), (RESTORATIONS, "add", "restore"),
        (COMPANIES, "beside", "beside"), (ENTRIES, "beside", "beside"), (UPDATES, "find", "find"), (DELETIONS, "read", "read"),
    ],
)  # fmt: skip
def test_a_request_is_called_by_what_it_does(kind: Kind, purpose: str, said: str) -> None:
    assert _purpose(RequestRecord(purpose, 1, 1, 0.0, None, "open", None, 0, None), kind) == said
