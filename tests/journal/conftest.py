"""A journal in a folder of its own, and runs in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from importer.journal.entries import NewRun, PlannedRow, RequestRecord
from importer.journal.history import History
from importer.journal.journal import Journal

NEW_RUN = NewRun(
    run="260205-1718-k7mq",
    started=1000.0,
    source_path="/data/contacts.csv",
    source_sha256="5" * 64,
    source_header=("Name", "Город"),
    mapping_path="/data/m.yaml",
    mapping_name="legacy",
    mapping_sha256="6" * 64,
    portal_host="portal.example.com",
    portal_user="Mara (1)",
    card_url="https://portal.example.com/crm/contact/details/{id}/",
)


def planned(row: int, state: str = "new", **more: object) -> PlannedRow:
    """One row with a name of its own."""
    return PlannedRow(row, state, [f"Name {row}"], {"NAME": f"Name {row}"} if state == "new" else None, ("legacy", f"id-{row}"), **more)


def request(state: str = "open", started: float = 2000.0, purpose: str = "add", commands: int = 1) -> RequestRecord:
    """A request that was answered after half a second, or is open."""
    return RequestRecord(purpose, commands, 1, started, None if state == "open" else started + 0.5, state, None, 0, None)


class Ledger:
    """One run in one journal, with the few steps every test takes."""

    def __init__(self, path: Path, rows: Iterable[PlannedRow] = (), **about: object) -> None:
        self.journal = Journal(path)
        # Waiting for the disk is tested once, in test_database.py.
        self.journal.database.wait_for_nothing()
        self.history = History(self.journal.database)
        self.id = self.journal.create_run(replace(NEW_RUN, **about))
        self.journal.plan(self.id, rows)
        self.journal.ready(self.id)
        self.journal.start(self.id, last_id_before=7)

    def take(self, *rows: int, started: float = 2000.0) -> int:
        """Sends these rows in a request, which stays open; its id."""
        return self.journal.begin_request(self.id, request(started=started, commands=len(rows)), rows)

    def states(self) -> dict[int, str]:
        """Row → state."""
        return {row.row: row.state for row in self.history.rows(self.id)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "journal.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    """A started run of five new rows."""
    made = Ledger(path, [planned(row) for row in range(1, 6)])
    yield made
    made.journal.close()
