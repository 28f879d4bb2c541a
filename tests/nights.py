"""The same import night after night: one sandbox, one journal, a file that changes; every request is counted."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from importer.access import open_access
from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.ending import Ended
from importer.findings import GuardRails
from importer.job import Job
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.pacing.plans import PLANS
from importer.preparing import Choices
from importer.resuming import resume
from importer.run import import_file
from importer.sandbox.server import Sandbox
from importer.sandbox.settings import SandboxSettings
from importer.undo import UndoPlan, agree, plan_undo
from importer.verify import Verified, verify
from tests import doors

HEADER = ("Id", "First", "Last", "Phone", "Mail", "Job")

MAPPING = """\
version: 1
defaults: {region: GB}
origin: {originator: erp, id: [Id]}
match: {by: [origin, phone, email], on_match: update}
fields:
  NAME: First
  LAST_NAME: Last
  PHONE: {column: Phone, type: WORK, split: ";"}
  EMAIL: {column: Mail, type: WORK, split: ";"}
  POST: Job
"""

Row = Sequence[str]


@dataclass
class Nights:
    """What a test does to a portal and sees of it."""

    sandbox: Sandbox
    folder: Path
    #: methods called by the last run: name → commands
    called: Counter[str] = field(default_factory=Counter)
    progress: Progress = field(default_factory=Progress)
    #: what the last undo was to do
    planned: UndoPlan | None = None

    @property
    def journal(self) -> Path:
        """The journal of all nights."""
        return self.folder / "journal.db"

    def job(self, **choices: object) -> Job:
        """What the command line would say."""
        rails = choices.pop("rails", GuardRails())
        environment = {**doors.current.inside(self.sandbox, self.folder), "B24_IMPORT_STATE": str(self.folder)}
        return Job(journal=self.journal, plan=PLANS["enterprise"], report_dir=self.folder / "report", environment=environment,
                   rails=rails, choices=Choices(**choices), finishes_s=0.2)  # fmt: skip

    async def run(self, *rows: Row, mapping: str = MAPPING, header: Row = HEADER, **choices: object) -> Ended:
        """One night's import of these rows."""
        file, yaml = self.folder / "night.csv", self.folder / "night.yaml"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([header, *rows])
        yaml.write_text(mapping, encoding="utf-8")
        asked = len(self.sandbox.requests)
        self.progress = Progress()
        with Journal(self.journal) as journal:
            ended = await import_file(self.job(**choices), file, yaml, journal, Stop(), self.progress)
        self._count(asked)
        return ended

    async def undo(self, run: str | None = None, *, is_forced: bool = False) -> Ended | UndoPlan:
        """Takes a run back, by default the last import; the plan when nothing was left to do."""
        asked = len(self.sandbox.requests)
        self.progress = Progress()
        with Journal(self.journal) as journal:
            name = run or [one for one in History(journal.database).runs() if one.undoes is None][-1].run
            self.planned = await plan_undo(self.job(), name, journal, Stop(), self.progress, is_forced=is_forced)
            if self.planned.run_id is None:
                return self.planned
            ended = await resume(self.job(), agree(journal, self.planned).run, journal, Stop(), self.progress)
        self._count(asked)
        return ended

    def _count(self, asked: int) -> None:
        self.called = Counter()
        for record in self.sandbox.requests[asked:]:
            self.called.update(record.methods or {record.method: 1})

    async def resume(self) -> Ended:
        """What `b24-import resume` does."""
        with Journal(self.journal) as journal:
            return await resume(self.job(), None, journal, Stop(), Progress())

    async def verify(self, run: str | None = None) -> Verified:
        """What `b24-import verify` does."""
        access = open_access(self.job().environment, None, PLANS["enterprise"], Progress())
        history = self.history()
        try:
            return await verify(history, history.find(run), access.enquiry)
        finally:
            history.close()
            await access.portal.close()

    def results(self) -> dict[int, tuple[str, str]]:
        """Row → (outcome, code) of the last report."""
        with (self.folder / "report" / "results.csv").open(encoding="utf-8-sig", newline="") as lines:
            return {int(line["row"]): (line["outcome"], line["code"]) for line in csv.DictReader(lines)}

    def counts(self) -> dict[str, int]:
        """What the summary counts, without what it does not."""
        counts = json.loads((self.folder / "report" / "summary.json").read_text("utf-8"))["counts"]
        return {name: count for name, count in counts.items() if count and name != "rows"}

    def contacts(self) -> list[dict[str, object]]:
        """The portal's contacts by id."""
        return self.sandbox.store.contacts()

    def phones(self, contact: dict[str, object]) -> list[tuple[str, str]]:
        """(value, kind) of a contact's phones."""
        return [(entry["VALUE"], entry["VALUE_TYPE"]) for entry in contact.get("PHONE", [])]

    def history(self) -> History:
        """The journal, read."""
        return History.open(self.journal)


@asynccontextmanager
async def nights(folder: Path, **settings: object) -> AsyncIterator[Nights]:
    """An empty portal and a journal that is not there yet."""
    async with Sandbox(SandboxSettings(plan="enterprise", is_latency_real=False, **settings)) as sandbox:
        yield Nights(sandbox, folder)
