"""A planned run with what contacts need beside them, sent as `run` and `resume` send it; only time is virtual."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from importer.access import Access
from importer.batcher.enquiry import Enquiry
from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.errors import ImporterError
from importer.journal.entries import COMPANY, ENTRY, NewRun, PlannedRow
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.mapping.new_items import ItemList
from importer.needed import planned_companies, planned_entries
from importer.pacing.clock import Clock
from importer.pacing.leaky_bucket import LeakyBucket
from importer.pacing.pace import Pace
from importer.portals.operations import Operation
from importer.portals.portal import Answer, Portal
from importer.sandbox.server import Sandbox
from importer.sandbox.store import Condition, Window
from importer.sending import Sending
from tests import doors
from tests.batcher.rig import PLAN, Died, MortalPortal, running

RUN = "260202-1200-efgh"

# A process may have to be started so often until the portal has run out of faults.
_MOST_STARTS = 60


@dataclass
class Plans:
    """What a run was planned with."""

    rows: list[PlannedRow]
    companies: Sequence[str] = ()
    settings: dict[str, object] = field(default_factory=dict)
    #: the list that each field's new entries are for, and their texts
    entries: dict[str, tuple[ItemList, Sequence[str]]] = field(default_factory=dict)


@dataclass
class WatchedPortal:
    """A door before which something happens in the portal that is none of our doing."""

    door: Portal
    before: Callable[[Sequence[Operation]], None]

    def __getattr__(self, name: str) -> object:
        return getattr(self.door, name)

    async def send(self, operations: Sequence[Operation]) -> Answer:
        """The door's answer to what leaves after it."""
        self.before(operations)
        return await self.door.send(operations)


@dataclass
class SendingRig:
    """One such run towards one sandbox."""

    sandbox: Sandbox
    journal: Journal
    run_id: int
    plans: Plans
    folder: Path

    async def send(self, lives: int | None = None, before: Callable[[Sequence[Operation]], None] | None = None) -> ImporterError | None:
        """What one process does; what ended it early, or None. Raises Died when it ran out of `lives`, a number of requests.

        `before` is called with the operations of each request right before it leaves.
        """
        self.journal.recover(self.run_id)
        door = doors.open_to(self.sandbox, self.folder)
        portal = door if lives is None else MortalPortal(door, lives)
        portal = portal if before is None else WatchedPortal(portal, before)
        clock = Clock()
        pace = Pace(clock, PLAN, LeakyBucket(PLAN.capacity, PLAN.leak_per_s))
        access = Access(portal, PLAN, pace, clock, Enquiry(portal, pace, clock))
        reason: ImporterError | None = None
        try:
            await Sending(self.journal, self.run_id, access, Stop(), Progress()).send()
        except ImporterError as error:
            reason = error
        finally:
            await door.close()
        self.journal.end(self.run_id, "stopped" if reason else "finished", clock.now(), exit_code=3 if reason else 0, busy_s=0.0)
        return reason

    async def carry_out(self, deaths: Sequence[int] = ()) -> None:
        """Starts processes, the first of which die after so many requests, until one gets to the end."""
        for start in range(_MOST_STARTS):
            try:
                if await self.send(deaths[start] if start < len(deaths) else None) is None:
                    return
            except Died:
                continue
        raise AssertionError(f"not at the end after {_MOST_STARTS} starts: {self.states()}")

    @property
    def history(self) -> History:
        """The journal, read."""
        return History(self.journal.database)

    def states(self) -> dict[str, int]:
        """State → rows of the source."""
        return self.history.counts(self.run_id)

    def outcomes(self) -> dict[int, tuple[str, str | None]]:
        """Row → (state, code)."""
        return {row.row: (row.state, row.code) for row in self.history.rows(self.run_id)}

    def companies(self) -> dict[str, list[int]]:
        """Title → ids of the portal's companies of that title."""
        found: dict[str, list[int]] = defaultdict(list)
        for company in self.sandbox.store.rows("company", Condition(), Window("id", 10_000)):
            found[str(company["TITLE"])].append(int(company["ID"]))
        return found

    def contacts(self) -> dict[str, list[dict[str, object]]]:
        """ORIGIN_ID → the portal's contacts of that origin."""
        found: dict[str, list[dict[str, object]]] = defaultdict(list)
        for contact in self.sandbox.store.contacts():
            found[str(contact["ORIGIN_ID"])].append(contact)
        return found

    def methods(self) -> dict[str, int]:
        """Method → how often the sandbox ran it."""
        return dict(self.sandbox.control.statistics()["methods"])


@asynccontextmanager
async def sending(folder: Path, plans: Plans, *faults: dict[str, object], **settings: object) -> AsyncIterator[SendingRig]:
    """Such a rig, before a sandbox with these fault rules and settings. Inside `run_virtually` only."""
    async with running(folder, [], *faults, **settings) as rig:
        run_id = rig.journal.create_run(NewRun(
            run=RUN, started=0.0, source_path=str(folder / "people.csv"), source_sha256="1", source_header=("No",),
            mapping_path="people.yaml", mapping_name="people", mapping_sha256="0", portal_host="127.0.0.1", portal_user="Ada (1)",
            card_url="http://127.0.0.1/crm/contact/details/{id}/",
            settings={"params": {"IMPORT": "Y"}, "folder": str(folder), "item_lists": {name: whose.name for name, (whose, _) in plans.entries.items()},
                      **json.loads(json.dumps(plans.settings))},
        ))  # fmt: skip
        rig.journal.plan(run_id, plans.rows)
        rig.journal.plan(run_id, planned_companies(plans.companies, RUN), COMPANY)
        entries = [(whose, text) for whose, texts in plans.entries.values() for text in texts]
        rig.journal.plan(run_id, planned_entries(entries), ENTRY)
        rig.journal.ready(run_id)
        yield SendingRig(rig.sandbox, rig.journal, run_id, plans, folder)
