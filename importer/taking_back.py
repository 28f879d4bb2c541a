"""What an undo does once it is planned: contacts deleted and restored, then what the run had made beside them.

    contacts the run created ─▶ contacts it changed ─▶ requisites it added to those ─▶ companies ─▶ list entries

Each is read right before it is touched, and left as it is when people have changed it since the run.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from importer.access import Access
from importer.batcher.changes import Changes, Partly
from importer.batcher.fates import given_up
from importer.batcher.kinds import COMPANY_DELETIONS, DELETIONS, ENTRY_DELETIONS, RESTORATIONS, Kind
from importer.batcher.line import Line
from importer.batcher.progress import Progress
from importer.batcher.requisites import OwnRequisites
from importer.batcher.settle import finishes_s
from importer.batcher.stopping import Stop, Stopped
from importer.batcher.terms import Terms
from importer.batcher.unused import USED_BY, UnusedCompanies, UnusedEntries
from importer.journal.entries import COMPANY, ENTRY, QueuedRow, RunRecord, Settled
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.journal.memory import REQUISITES
from importer.journal.taking_back import AS_BEFORE, Original, later_run, original, seen_by_later_runs
from importer.mapping.restoring import Restoring
from importer.pacing.sizing import Sizing
from importer.portals.portal import Failure, Stored
from importer.records import RowProblem
from importer.verify import CLOCKS_S, comparable, is_changed

_log = logging.getLogger("b24-import")

#: codes of rows that are left as they are, of their own
CHANGED_SINCE, CHANGED_LATER, IN_USE, FILES_LEFT = "changed_since", "changed_later", "in_use", "not_restored"


@dataclass(slots=True)
class ContactJudge:
    """Whether a contact may be taken back, and what that takes. Reads the undone run in the journal."""

    journal: Journal
    #: the run that is taken back
    run: RunRecord
    restoring: Restoring
    is_forced: bool
    #: True when the run sent companies: their links are then read with each contact
    needs_companies: bool

    def changes(self, row: QueuedRow, wanted: Mapping[str, object], stored: Stored) -> dict[str, object] | Partly | Settled:
        """Of a contact the run created nothing to send, when it may be deleted; of one it changed what restores it."""
        known = original(self.journal.database, self.run.id, row.row)
        if known.sent:
            return self._restored(row, known, stored)
        why = None if self.is_forced else self._later(stored) or self._touched(known, stored)
        return {} if why is None else Settled(row.row, "skipped", stored.id, why)

    def _later(self, stored: Stored) -> RowProblem | None:
        later = later_run(self.journal.database, self.run, stored.id)
        return later and RowProblem(CHANGED_LATER, f"Run {later} changed contact {stored.id} afterwards. Take that run back first: `b24-import undo {later}`.")

    def _touched(self, known: Original, stored: Stored) -> RowProblem | None:
        """Why a created contact is kept: the portal says that it was changed, or worked with, since."""
        if hidden := _changed_between(stored, known, seen_by_later_runs(self.journal.database, self.run.id, stored.id)):
            return RowProblem(CHANGED_SINCE, f"Contact {stored.id} was changed at {hidden}, before a later run wrote to it. It is kept; --force deletes it.")
        if _is_later(stored, known):
            return RowProblem(CHANGED_SINCE, f"Contact {stored.id} was changed at {stored.modified}, after the run. It is kept; --force deletes it.")
        worked = str(stored.fields.get("LAST_ACTIVITY_TIME") or "")
        if _is_later(replace(stored, modified=worked), known, slack_s=CLOCKS_S):
            return RowProblem(CHANGED_SINCE, f"Somebody has worked with contact {stored.id} since, last at {worked}. It is kept; --force deletes it.")
        # A contact that was never modified holds what the portal has made of our values by itself.
        differing = [] if stored.modified == stored.created else self.restoring.differing(comparable(known.fields), stored.fields)
        if differing:
            return RowProblem(CHANGED_SINCE, f"Contact {stored.id} has other values than the run sent: {', '.join(differing)}. It is kept; --force deletes it.")
        return None

    def _restored(self, row: QueuedRow, known: Original, stored: Stored) -> dict[str, object] | Partly | Settled:
        way = self.restoring.way_back(known.held, known.sent, stored.fields, is_forced=self.is_forced)
        if way.by_people and not self.is_forced:
            why = self._later(stored) or RowProblem(
                CHANGED_SINCE, f"Contact {stored.id} has other values by now than the run sent: {', '.join(way.by_people)}. It is left; --force restores it."
            )
            return Settled(row.row, "skipped", stored.id, why)
        if way.changes and not self.is_forced and (later := self._later(stored)):
            return Settled(row.row, "skipped", stored.id, later)
        warning = self._unrestored(way.lost, way.link_left, stored)
        if way.changes:
            return Partly(way.changes, warning) if warning else way.changes
        if row.last_sent is not None or REQUISITES in known.sent:
            return Settled(row.row, "restored", stored.id, warning=warning)
        if way.lost:
            return Settled(row.row, "skipped", stored.id, warning)
        return Settled(row.row, "skipped", stored.id, RowProblem(AS_BEFORE, f"Contact {stored.id} holds already what it held before the run."))

    def _unrestored(self, lost: Sequence[str], link: str | None, stored: Stored) -> RowProblem | None:
        why = "VibeCode empties no field and takes no phone or e-mail away" if self.restoring.is_adding_only else "what a file held before is not kept"
        said = [f"{', '.join(lost)} could not be given back: {why}"] if lost else []
        said += [f"company {link} stays linked beside its own"] if link else []
        return RowProblem(FILES_LEFT, f"Contact {stored.id}: {'; '.join(said)}. Look at it in the portal.", is_warning=True) if said else None


def _changed_between(stored: Stored, known: Original, seen: Sequence[tuple[str, float | None]]) -> str | None:
    """The moment at which somebody changed a contact between two of our own writes; a later run's would hide it."""
    until = known.sent_until
    for nth, (modified, written_until) in enumerate(seen):
        if nth == 0 and is_changed(replace(stored, modified=modified), until):
            return modified
        if nth and until is not None and _seconds(modified) > until + CLOCKS_S:
            return modified
        until = written_until
    return None


def _seconds(moment: str) -> float:
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return 0.0


def _is_later(stored: Stored, known: Original, *, slack_s: float = 0.0) -> bool:
    """True when the portal shows a change after what we wrote, by the run or by undoing a later one."""
    if slack_s:
        stored = replace(stored, modified=_moved(stored.modified, -slack_s))
    if not is_changed(stored, known.sent_until):
        return False
    if known.rewritten_until is None:
        return True
    try:
        return datetime.fromisoformat(stored.modified).timestamp() > known.rewritten_until + CLOCKS_S
    except ValueError:
        return True


def _moved(moment: str, by_s: float) -> str:
    try:
        return datetime.fromtimestamp(datetime.fromisoformat(moment).timestamp() + by_s).astimezone().isoformat()
    except ValueError:
        return moment


@dataclass(frozen=True, slots=True)
class BesideJudge:
    """Whether a company or list entry that a run created may go: nobody changed it, and no contact uses it."""

    is_forced: bool
    #: company, list entry
    word: str
    needs_companies: bool = False

    def changes(self, row: QueuedRow, wanted: Mapping[str, object], stored: Stored) -> dict[str, object] | Settled:
        """Nothing to send, when it may be deleted. What a contact uses is never deleted."""
        title = str(row.fields.get("TITLE") or row.fields.get("text") or "")
        named = f"The {self.word} {stored.id}"
        users = stored.fields.get(USED_BY) or []
        if users:
            more = " and others" if len(users) > 3 else ""
            contacts = f"contact{'s' if len(users) > 1 else ''} {', '.join(map(str, users[:3]))}{more}"
            return self._left(row, stored, IN_USE, f"{named} stays: {contacts} {'use' if len(users) > 1 else 'uses'} it.")
        is_other = str(stored.fields.get("TITLE") or "").strip() != title.strip()
        if not self.is_forced and (is_other or is_changed(stored, None)):
            return self._left(row, stored, CHANGED_SINCE, f"{named} stays: somebody has changed it since. --force deletes it.")
        return {}

    def _left(self, row: QueuedRow, stored: Stored, code: str, sentence: str) -> Settled:
        return Settled(row.row, "skipped", stored.id, RowProblem(code, sentence))


@dataclass(frozen=True, slots=True)
class TakingBack:
    """One undo that is planned, and everything it is carried out with. The counterpart of `Sending`."""

    journal: Journal
    run_id: int
    access: Access
    stop: Stop
    progress: Progress
    #: seconds from a request's start until the portal has certainly finished with it; None for its own, shorter only in tests
    finishes_s: float | None = None

    async def send(self) -> None:
        """Does what is left of the undo. Raises the ImporterError that ended it early; all before that is journaled."""
        history = History(self.journal.database)
        undo, counts = history.run(self.run_id), history.counts(self.run_id)
        assert undo.undoes is not None
        undone = history.run(undo.undoes)
        _log.info("start", extra={"facts": {"portal": undo.portal_host, "undoes": undone.run, **counts}})
        progress = self.progress
        progress.rows = sum(counts.values())
        for state in ("deleted", "restored", "skipped", "rejected"):
            setattr(progress, state, counts.get(state, 0))
        progress.begin("deleting", self.access.clock.now(), self.access.plan.leak_per_s)
        self.journal.start(self.run_id)
        await self.access.get_ready()
        judge = contact_judge(self.journal, undone, undo, self.access)
        await self._changes(DELETIONS, Changes, judge)
        progress.phase = "restoring"
        await self._changes(RESTORATIONS, Changes, judge)
        await self._beside(undo, undone)

    async def _beside(self, undo: RunRecord, undone: RunRecord) -> None:
        """What the run had made beside its contacts: gone where nothing uses it, else said."""
        self.progress.phase = "beside"
        is_forced = bool(undo.settings.get("force"))
        line = self._line(RESTORATIONS, Progress())
        try:
            await OwnRequisites(line, self.stop, undone.id, is_forced=is_forced).remove()
        except Failure as failure:
            self.stop.because(given_up(failure, self.access.portal.host))
        except Stopped:
            pass
        if self.stop.reason is not None:
            raise self.stop.reason
        await self._changes(COMPANY_DELETIONS, UnusedCompanies, BesideJudge(is_forced, "company"))
        if self.access.portal.lacks is None:
            lists = dict(undone.settings.get("item_lists") or {})
            await self._changes(ENTRY_DELETIONS, UnusedEntries, BesideJudge(is_forced, "list entry"), lists)
        else:
            self._leave_entries(self.access.portal.lacks.door)

    async def _changes(self, kind: Kind, make: type[Changes], judge: ContactJudge | BesideJudge, *more: object) -> None:
        is_of_rows = kind.entity not in (COMPANY, ENTRY)
        line = self._line(kind, self.progress if is_of_rows else Progress())
        terms = Terms(params={}, finishes_s=self._finishes_s)
        doubtful = self.journal.unsettled(self.run_id, kind.entity, kind.action)
        await make(line, self.stop, Sizing(self.access.portal.batch_capacity, self.access.plan.leak_per_s), terms, judge, *more).run(doubtful)

    def _line(self, kind: Kind, progress: Progress) -> Line:
        return Line(self.access.portal, self.access.pace, self.access.clock, self.journal, self.run_id, progress, kind)

    @property
    def _finishes_s(self) -> float:
        return finishes_s(self.access.portal, self.finishes_s)

    def _leave_entries(self, door: str) -> None:
        problem = RowProblem("not_through_door", f"{door} cannot delete list entries. Take the run back through a webhook, or delete it in the portal.")
        rows = self.journal.queued(self.run_id, -1, entity=ENTRY, action="delete")
        self.journal.settle(self.run_id, [Settled(row.row, "skipped", row.contact_id, problem) for row in rows], ENTRY)


def contact_judge(journal: Journal, undone: RunRecord, undo: RunRecord, access: Access) -> ContactJudge:
    """The judge of one undo, as it was planned: `undo.settings` hold the fields' types and what was asked for."""
    history, settings = History(journal.database), undo.settings
    match = undone.settings.get("match")
    region = match.get("region") if isinstance(match, dict) else None
    own = {str(made_id) for _, _, made_id, _ in history.companies(undone.id) if made_id is not None}
    restoring = Restoring(dict(settings.get("types") or {}), region, own, is_adding_only=access.portal.lacks is not None)
    return ContactJudge(journal, undone, restoring, bool(settings.get("force")), bool(settings.get("needs_companies")))
