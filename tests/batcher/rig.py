"""A real batcher, journal and door before a real sandbox portal, over a real loopback socket; only time is virtual."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from importer.batcher.batcher import Batcher, Terms
from importer.batcher.line import Line
from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.errors import ImporterError
from importer.journal.entries import NewRun, PlannedRow, RowRecord
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.pacing.clock import Clock
from importer.pacing.key_window import KeyWindow
from importer.pacing.leaky_bucket import LeakyBucket
from importer.pacing.pace import Bucket, Pace
from importer.pacing.plans import PLANS
from importer.pacing.sizing import Sizing
from importer.portals.operations import Operation
from importer.portals.portal import Answer, Portal
from importer.sandbox import commands
from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings
from tests import doors
from tests.batcher.virtual_sockets import run_virtually

ORIGINATOR = "legacy"
PLAN = PLANS["standard"]

# A Monday noon; the portal's clock starts there.
_START = 1770027600.0


class Died(Exception):
    """Stands for SIGKILL: whatever was under way never came to its end."""


@dataclass
class MortalPortal:
    """A door whose process dies after so many requests: that one and all in flight are never heard of again."""

    door: Portal
    lives: int

    def __getattr__(self, name: str) -> object:
        return getattr(self.door, name)

    async def send(self, operations: Sequence[Operation]) -> Answer:
        """The door's answer while we live."""
        self.lives -= 1
        if self.lives < 0:
            raise Died
        try:
            return await self.door.send(operations)
        finally:
            if self.lives <= 0:
                raise Died


def planned(number: int, **fields: object) -> PlannedRow:
    """Row `number`, a contact of its own, identified as K-<number>."""
    origin = (ORIGINATOR, f"K-{number}")
    values = {"NAME": "Mara", "LAST_NAME": f"Row {number}", "ORIGINATOR_ID": origin[0], "ORIGIN_ID": origin[1], **fields}
    return PlannedRow(number, "new", [str(number)], values, (str(values["ORIGINATOR_ID"]), str(values["ORIGIN_ID"])))


def anonymous(number: int) -> PlannedRow:
    """Row `number`, a contact that nothing identifies."""
    return PlannedRow(number, "new", [str(number)], {"NAME": "Mara", "LAST_NAME": f"Row {number}"})


def rows(count: int) -> list[PlannedRow]:
    """Rows 2 … count + 1, as a sheet numbers them."""
    return [planned(number) for number in range(2, count + 2)]


@dataclass
class Rig:
    """One run of one journal towards one sandbox."""

    sandbox: Sandbox
    journal: Journal
    run_id: int
    rows: list[PlannedRow]
    #: where the journal is, and what a door keeps
    folder: Path
    terms: Terms = field(default_factory=lambda: Terms({"IMPORT": "Y"}, last_id_before=0))
    stop: Stop = field(default_factory=Stop)
    progress: Progress = field(default_factory=Progress)
    #: the bucket of each process; full of room when it starts
    bucket: Callable[[], Bucket] = lambda: LeakyBucket(PLAN.capacity, PLAN.leak_per_s)

    async def send(self, *, lives: int | None = None, watch: Callable[[Rig], None] | None = None, **terms: object) -> ImporterError | None:
        """What one process does: recovers the journal, sends what is left. What ended it early, or None.

        Raises Died when it ran out of `lives`, a number of requests. `watch` is called right before sending.
        """
        self.stop, self.progress = Stop(), Progress()
        counts = self.history.counts(self.run_id)
        self.progress.created, self.progress.rejected = counts.get("created", 0), counts.get("rejected", 0)
        self.journal.recover(self.run_id)
        self.journal.start(self.run_id)
        async with self.line(lives) as line:
            batcher = Batcher(line, self.stop, Sizing(50, PLAN.leak_per_s), replace(self.terms, **terms))
            if watch is not None:
                watch(self)
            doubtful = [row for row in self.journal.unsettled(self.run_id) if row.origin is not None]
            try:
                await batcher.run(doubtful)
            except ImporterError as reason:
                self._end(line, "stopped", reason)
                return reason
            self._end(line, "finished", None)
        return None

    def _end(self, line: Line, state: str, reason: ImporterError | None) -> None:
        exit_code = reason.exit_code if reason else 0
        self.journal.end(self.run_id, state, line.clock.now(), exit_code=exit_code, busy_s=0.0, stopped_by=str(reason) if reason else None)

    @asynccontextmanager
    async def line(self, lives: int | None = None) -> AsyncIterator[Line]:
        """A way of its own to the portal, with an empty bucket and full budgets."""
        door = doors.open_to(self.sandbox, self.folder)
        doors.acquaint(door, self.sandbox)
        clock = Clock()
        pace = Pace(clock, PLAN, KeyWindow(per_s=5.0) if door.traits.counts_by == "key" else self.bucket())
        try:
            yield Line(door if lives is None else MortalPortal(door, lives), pace, clock, self.journal, self.run_id, self.progress)
        finally:
            await door.close()

    @property
    def history(self) -> History:
        """The journal, read."""
        return History(self.journal.database)

    def records(self) -> dict[int, RowRecord]:
        """Row number → what the journal says of it."""
        return {record.row: record for record in self.history.rows(self.run_id)}

    def adds(self) -> list[int]:
        """How many contacts each request would add, of those that carried any."""
        counts = [record.methods.get("crm.contact.add", int(record.method == "crm.contact.add")) for record in self.sandbox.requests]
        return [count for count in counts if count]

    def states(self) -> dict[str, int]:
        """State → rows."""
        return self.history.counts(self.run_id)

    def in_portal(self) -> dict[str, list[int]]:
        """LAST_NAME → ids of the contacts that carry it: one each, if nothing was doubled."""
        found: dict[str, list[int]] = defaultdict(list)
        for contact in self.sandbox.store.contacts():
            found[contact["LAST_NAME"]].append(contact["ID"])
        return found

    def assert_true(self) -> None:
        """Every created row is in the portal once, with the contact's id; every other row is not there at all."""
        there, records = self.in_portal(), self.records()
        for row in self.rows:
            record, ids = records[row.row], there.pop(str(row.fields["LAST_NAME"]), [])
            expected = [record.contact_id] if record.state == "created" else []
            assert ids == expected, f"row {row.row} is {record.state} as {record.contact_id}, the portal has {ids}"
        assert not there, f"contacts of no row: {sorted(there)[:5]}"


@asynccontextmanager
async def running(folder: Path, planned_rows: list[PlannedRow], *faults: dict[str, object], **settings: object) -> AsyncIterator[Rig]:
    """A rig with these rows, and a sandbox with these fault rules and settings. Inside `run_virtually` only."""
    loop = asyncio.get_running_loop()
    chosen = SandboxSettings(**({"clock": lambda: _START + loop.time()} | settings))
    with mock.patch.object(commands, "time", SimpleNamespace(monotonic=loop.time)):
        async with Sandbox(chosen) as sandbox:
            for fault in faults:
                sandbox.control.add_fault(fault)
            with Journal(folder / "journal.db") as journal:
                # Power cuts are not what these tests are about, and fsync costs more than all the rest.
                journal.database.wait_for_nothing()
                yield Rig(sandbox, journal, _planned_run(journal, planned_rows), planned_rows, folder)


def _planned_run(journal: Journal, planned_rows: list[PlannedRow]) -> int:
    run_id = journal.create_run(NewRun(
        run="260202-1200-abcd", started=_START, source_path="people.csv", source_sha256="0", source_header=("No",),
        mapping_path="people.yaml", mapping_name="people", mapping_sha256="0", portal_host="127.0.0.1", portal_user="Ada (1)",
        card_url="http://127.0.0.1/crm/contact/details/{id}/",
    ))  # fmt: skip
    journal.plan(run_id, planned_rows)
    journal.ready(run_id)
    return run_id


class Crowded:
    """A bucket that others fill: the first request waits 100 s for its turn."""

    def __init__(self) -> None:
        self.until: float | None = None

    def take(self, now: float) -> float:
        """Seconds until the turn comes."""
        self.until = self.until or now + 100.0
        return max(0.0, self.until - now)

    def refused(self, now: float) -> None:
        """Nothing more to learn."""


def carry_out(folder: Path, planned_rows: list[PlannedRow], faults: Sequence[dict], scenario: Callable[[Rig], Awaitable[None]]) -> None:
    """A scenario on a rig of its own, in virtual time."""

    async def whole() -> None:
        async with running(folder, planned_rows, *faults) as rig:
            await scenario(rig)

    run_virtually(whole())
