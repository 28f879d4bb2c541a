"""A whole import without a file and without a network: the real batcher, line, pace and journal on a virtual clock."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from importer.batcher.batcher import Batcher, Terms
from importer.batcher.line import Line
from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.journal.entries import NewRun, PlannedRow
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.pacing.clock import Clock
from importer.pacing.leaky_bucket import LeakyBucket
from importer.pacing.pace import Pace
from importer.pacing.plans import Plan
from importer.pacing.sizing import Sizing
from tests.simulation.simulated_portal import Competitor, Rules, Seen, SimulatedPortal
from tests.virtual_time import run_virtually

_RUN = NewRun("run", 0.0, "contacts.csv", "0", ("Name",), "m.yaml", "m", "0", "simulated.example.com", "1", "{id}")


@dataclass(slots=True)
class Import:
    """How one simulated import went."""

    #: virtual seconds from the first request to the last answer
    elapsed_s: float
    seen: Seen
    #: origin id → ids of the contacts in the portal
    contacts: dict[str, list[int]]
    #: rows by state in the journal
    counts: dict[str, int]
    #: (began, ended, why) of the pauses in the journal, in seconds since the start
    pauses: list[tuple[float, float, str]]
    #: (began, until) of the pauses that were told, in seconds since the start
    told: list[tuple[float, float]]
    sizing: Sizing
    progress: Progress
    competitor: Competitor | None


def _plan_rows(path: Path, rows: int) -> None:
    with Journal(path) as journal:
        journal.database.wait_for_nothing()
        run_id = journal.create_run(_RUN)
        journal.plan(run_id, (PlannedRow(n, "new", [], {"ORIGIN_ID": str(n)}, ("sim", str(n))) for n in range(1, rows + 1)))
        journal.ready(run_id)
        journal.start(run_id, last_id_before=0)


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, Path], Path]:
    """Copies a journal with so many planned rows into a folder; rows are planned once for each number of them."""
    kept: dict[int, Path] = {}

    def copied(rows: int, folder: Path) -> Path:
        if rows not in kept:
            kept[rows] = tmp_path_factory.mktemp("planned") / "journal.db"
            _plan_rows(kept[rows], rows)
        return Path(shutil.copy(kept[rows], folder / "journal.db"))

    return copied


Simulate = Callable[..., Import]


@pytest.fixture
def simulate(planned, tmp_path: Path) -> Simulate:
    """Imports so many rows into a portal of such rules, as fast as the machine can."""

    def run(rows: int, plan: Plan, rules: Rules, *, is_contested: bool = False) -> Import:
        with Journal(planned(rows, tmp_path)) as journal:
            # The disk is not what is simulated.
            journal.database.wait_for_nothing()
            return run_virtually(_import(journal, plan, rules, is_contested))

    return run


async def _import(journal: Journal, plan: Plan, rules: Rules, is_contested: bool) -> Import:
    portal, clock, progress = SimulatedPortal(rules), Clock(), Progress()
    began = clock.now()
    told: list[tuple[float, float]] = []
    pace = Pace(clock, plan, LeakyBucket(plan.capacity, plan.leak_per_s), lambda method, until: told.append((clock.now() - began, until - began)))
    sizing = Sizing(portal.batch_capacity, plan.leak_per_s)
    batcher = Batcher(Line(portal, pace, clock, journal, 1, progress), Stop(), sizing, Terms(params={}, last_id_before=0))
    competitor = Competitor(portal) if is_contested else None
    competing = asyncio.create_task(competitor.work()) if competitor else None
    await batcher.run()
    elapsed_s = portal.elapsed_s()
    if competing:
        competing.cancel()
    history = History(journal.database)
    pauses = [(start - began, end - began, why) for start, end, why in history.pauses(1)]
    return Import(elapsed_s, portal.seen, portal.contacts, history.counts(1), pauses, told, sizing, progress, competitor)
