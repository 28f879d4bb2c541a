"""The second half of a run, new or resumed: what is still to be sent, in the order in which one needs the other.

    list entries and companies that rows need ─▶ new contacts, with their ids in the place of texts and titles ─▶ contacts to be updated
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from importer.access import Access
from importer.batcher.batcher import Batcher
from importer.batcher.changes import Changes, Updating
from importer.batcher.kinds import COMPANIES, ENTRIES, UPDATES
from importer.batcher.line import Line
from importer.batcher.list_entries import ListEntries
from importer.batcher.progress import Progress
from importer.batcher.settle import finishes_s
from importer.batcher.stopping import Stop
from importer.batcher.terms import Replacements, Terms
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.mapping.companies import NEW_COMPANY
from importer.mapping.differences import Differences
from importer.mapping.directories import folded
from importer.mapping.new_items import NEW_ITEM
from importer.pacing.sizing import Sizing
from importer.portals.operations import Add, AddCompany
from importer.records import RowProblem

_log = logging.getLogger("b24-import")


@dataclass(frozen=True, slots=True)
class Sending:
    """One run that is planned, and everything it is sent with."""

    journal: Journal
    run_id: int
    access: Access
    stop: Stop
    progress: Progress
    #: seconds from a request's start until the portal has certainly finished with it; None for its own, shorter only in tests
    finishes_s: float | None = None

    @property
    def history(self) -> History:
        """The run's journal, read."""
        return History(self.journal.database)

    async def send(self) -> None:
        """Sends what is left of the run. Raises the ImporterError that ended it early; all before that is journaled."""
        run, progress, access = self.history.run(self.run_id), self.progress, self.access
        counts = self.history.counts(self.run_id)
        _log.info("start", extra={"facts": {"portal": run.portal_host, "source": Path(run.source_path).name, **counts}})
        progress.rows = sum(counts.values())
        for state in ("created", "updated", "skipped", "rejected"):
            setattr(progress, state, counts.get(state, 0))
        if not counts.get("new") and not counts.get("unsettled"):
            self.journal.start(self.run_id)
            return
        progress.begin("sending", access.clock.now(), access.plan.leak_per_s)
        line = Line(access.portal, access.pace, access.clock, self.journal, self.run_id, progress)
        # Before anything is asked: a run that was stopped may be stopped again by the very first answer.
        self.journal.start(self.run_id)
        await access.get_ready()
        if run.last_id_before is None:
            self.journal.start(self.run_id, last_id_before=await self._newest_id(line))
        replacements = await self._entries(run.settings) | await self._companies(run.settings)
        batcher = Batcher(line, self.stop, self._sizing(), self._terms(run.settings, replacements))
        doubtful = self.journal.unsettled(self.run_id)
        findable = [row for row in doubtful if row.origin is not None or row.contact_id is not None]
        progress.unsettled = len(doubtful) - len(findable)
        await batcher.run(findable)
        if "match" in run.settings:
            await self._update(run.settings, replacements)

    async def _update(self, settings: Mapping[str, object], replacements: Mapping[str, Replacements]) -> None:
        """Brings contacts that were there to what their rows say."""
        access, progress = self.access, self.progress
        progress.phase = "updating"
        line = Line(access.portal, access.pace, access.clock, self.journal, self.run_id, progress, UPDATES)
        differences = Differences.from_settings(settings["match"])
        terms = self._terms(settings, replacements)
        # Import mode is of crm.contact.add alone; nothing that exists has an order to be created in.
        terms = replace(terms, params={name: value for name, value in terms.params.items() if name != "IMPORT"}, in_order=False)
        judge = Updating(differences.between, needs_companies="COMPANY_IDS" in differences.policies)
        doubtful = self.journal.unsettled(self.run_id, action=UPDATES.action)
        await Changes(line, self.stop, self._sizing(), terms, judge).run(doubtful)

    @property
    def _finishes_s(self) -> float:
        return finishes_s(self.access.portal, self.finishes_s)

    def _sizing(self) -> Sizing:
        return Sizing(self.access.portal.batch_capacity, self.access.plan.leak_per_s)

    def _terms(self, settings: Mapping[str, object], replacements: Mapping[str, Replacements]) -> Terms:
        folder = settings.get("folder")
        return Terms(
            params=dict(settings.get("params", {})),
            in_order=bool(settings.get("in_order")) or not self.access.portal.keeps_origin(Add),
            max_rejects=settings.get("max_rejects"),
            last_id_before=self.history.run(self.run_id).last_id_before,
            finishes_s=self._finishes_s,
            folder=Path(folder) if folder else None,
            preset_id=settings.get("preset_id"),
            replacements=replacements,
        )

    async def _entries(self, settings: Mapping[str, object]) -> dict[str, Replacements]:
        """Creates the list entries that are still to be created; field → placeholder → what is sent in its place."""
        lists: Mapping[str, str] = settings.get("item_lists") or {}
        if not self.history.entry_counts(self.run_id):
            return {}
        self.progress.phase = "entries"
        access = self.access
        line = Line(access.portal, access.pace, access.clock, self.journal, self.run_id, Progress(), ENTRIES)
        made = await ListEntries(line, self.stop, folded, self._finishes_s).create()
        self.progress.phase = "sending"
        return {field: {NEW_ITEM + text: value for text, value in made.get(name, {}).items()} for field, name in lists.items()}

    async def _companies(self, settings: Mapping[str, object]) -> dict[str, Replacements]:
        """Creates the companies that are still to be created; field → placeholder → what is sent in its place."""
        prefixes: Mapping[str, str] = settings.get("company_prefixes") or {}
        if not prefixes:
            return {}
        counts = self.history.company_counts(self.run_id)
        if counts.get("new") or counts.get("unsettled"):
            self.progress.phase = "companies"
            access = self.access
            line = Line(access.portal, access.pace, access.clock, self.journal, self.run_id, Progress(), COMPANIES)
            # Their identity has the run's own name in it: no company of before can have it.
            batcher = Batcher(line, self.stop, self._sizing(), Terms(params={}, in_order=not access.portal.keeps_origin(AddCompany), finishes_s=self._finishes_s))
            await batcher.run(self.journal.unsettled(self.run_id, COMPANIES.entity))
            self.progress.phase = "sending"
        made = list(self.history.companies(self.run_id))
        tables = {
            prefix: {NEW_COMPANY + title: _refused(title, why) if made_id is None else f"{prefix}{made_id}" for title, _, made_id, why in made}
            for prefix in set(prefixes.values())
        }
        return {field: tables[prefix] for field, prefix in prefixes.items()}

    async def _newest_id(self, line: Line) -> int:
        newest_id = await self.access.newest_id()
        for request, http_status in self.access.enquiry.requests[-1:]:
            line.journal.note_request(line.run_id, request, http_status)
        return newest_id


def _refused(title: str, why: str | None) -> RowProblem:
    told = f'The company "{title}" is not there, so this row was not sent. {why or ""}'.rstrip()
    return RowProblem("company_refused", f"{told} Correct its title, or enter the company in the portal, and send the row again.")
