"""A journal filled by hand, as a run would leave it, and its report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from importer.journal.entries import NewRun, PlannedRow, RequestRecord, RunRecord, Settled
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.records import RowProblem
from importer.report.facts import Facts, gather

STARTED = 1_763_753_000.0

NEW_RUN = NewRun(
    run="20251121-1923-k3", started=STARTED, source_path="exports/clients.csv", source_sha256="ab" * 32,
    source_header=("ID", "Name", "Born"), mapping_path="mappings/crm.yaml", mapping_name="crm", mapping_sha256="cd" * 32,
    portal_host="portal.example.com", portal_user="Anna Petrova", card_url="https://portal.example.com/crm/contact/details/{id}/",
    settings={"capacity": 50, "leak_per_s": 2.0, "operating_limit_s": 480},
)  # fmt: skip

BAD_DATE = RowProblem("bad_date", '"31.02.1980" is not a date. Correct the cell.', "Born")


class Filled:
    """One run in a journal: plan rows, send some of them, end it, and read it back."""

    def __init__(self, path: Path, **changes: object) -> None:
        self.journal = Journal(path)
        self.history = History(self.journal.database)
        self.now = STARTED
        self.id = self.journal.create_run(replace(NEW_RUN, **changes))

    def plan(self, *rows: PlannedRow) -> Filled:
        """Journals the rows and starts the run."""
        self.journal.plan(self.id, rows)
        self.journal.ready(self.id)
        self.journal.start(self.id)
        return self

    def take(self, *rows: int) -> int:
        """A request that carries these rows has left; its id."""
        return self.journal.begin_request(self.id, self._request("open", len(rows)), rows)

    def send(self, *outcomes: Settled, state: str = "answered", took_s: float = 1.0, operating_s: float | None = None) -> Filled:
        """One request that carried the rows, and what became of them."""
        request_id = self.take(*(outcome.row for outcome in outcomes))
        request = self._request(state, len(outcomes))
        request.finished, request.operating_s = self.now + took_s, operating_s
        self.journal.end_request(self.id, request_id, request, 200, outcomes)
        self.now += took_s
        return self

    def _request(self, state: str, commands: int) -> RequestRecord:
        return RequestRecord("add", commands, 1, self.now, None, state, None, 0, None)

    def end(self, state: str = "finished", exit_code: int = 0, *, busy_s: float = 10.0, stopped_by: str | None = None) -> Filled:
        """The run ends."""
        self.journal.end(self.id, state, self.now, exit_code=exit_code, busy_s=busy_s, stopped_by=stopped_by)
        return self

    @property
    def run(self) -> RunRecord:
        """The run as the journal has it now."""
        return self.history.run(self.id)

    @property
    def facts(self) -> Facts:
        """Its facts as of now."""
        return gather(self.history, self.run)


def new(row: int, *, warnings: tuple[RowProblem, ...] = (), cells: list[str] | None = None) -> PlannedRow:
    """A row to be sent."""
    return PlannedRow(row, "new", cells or [f"L-{row}", "Иван", ""], {"NAME": "Иван"}, ("crm", f"L-{row}"), warnings=warnings)


def rejected(row: int, cells: list[str] | None = None, problem: RowProblem = BAD_DATE) -> PlannedRow:
    """A row rejected before anything was sent."""
    return PlannedRow(row, "rejected", cells or [f"L-{row}", "Иван", "31.02.1980"], problem=problem)


def created(row: int) -> Settled:
    """The portal made a contact of the row."""
    return Settled(row, "created", 1000 + row)


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Filled]:
    """A run without rows yet."""
    run = Filled(tmp_path / "journal.db")
    yield run
    run.journal.close()


@pytest.fixture
def mixed(filled: Filled) -> Filled:
    """Seven rows with every outcome: two created (one warned), one skipped, two rejected, two whose answer is lost."""
    odd = RowProblem("odd_phone", '"12-34" is not a valid number; sent as written.', "Phone", is_warning=True)
    exists = RowProblem("exists", "a contact with this origin is there already.")
    refused = RowProblem("portal_refused", 'the portal refused it: 400 "Company is required".')
    filled.plan(
        new(2), new(3, warnings=(odd,)), PlannedRow(4, "skipped", ["L-4", "", ""], problem=exists),
        rejected(5), new(6), new(7), new(9),
    )  # fmt: skip
    filled.send(created(2), created(3), Settled(6, "rejected", problem=refused))
    filled.send(Settled(7, "unsettled"), Settled(9, "unsettled"), state="lost")
    return filled.end(exit_code=1)
