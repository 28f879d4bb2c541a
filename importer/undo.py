"""The verb that takes a run back: what it would do is found out and journaled first, then done by `taking_back`.

    the run ─▶ rows in doubt are looked up ─▶ contacts are read and judged ─▶ planned, told, agreed to ─▶ done ─▶ report

An undo is a run of its own: journaled before anything is sent, resumable, with a report.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from importer.access import Access, open_access, renamed_to, unreachable
from importer.batcher.fates import given_up
from importer.batcher.kinds import COMPANIES, CONTACTS, Kind
from importer.batcher.likeness import look_alike
from importer.batcher.line import Line
from importer.batcher.progress import Progress
from importer.batcher.reading import Reading
from importer.batcher.settle import finishes_s, look_up, wait_s
from importer.batcher.stopping import Stop, Stopped
from importer.errors import UsageError
from importer.job import Job, new_name
from importer.journal.entries import COMPANY, ENTRY, NewRun, PlannedRow, QueuedRow, RunRecord, Settled
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.journal.memory import forget_what_is_sent
from importer.journal.taking_back import Made, close_taken_back, holds_fields, made_rows, unsettled_rows
from importer.pacing.plans import plan_named
from importer.portals.operations import Add, AddCompany, ListFields, WhoAmI
from importer.portals.portal import Done, Failure, Identity, Stored
from importer.records import PortalField, RowProblem
from importer.resuming import remember_move
from importer.taking_back import ContactJudge, contact_judge

# Contacts read and judged at a time while an undo is planned: ten commands, some megabytes.
_AT_ONCE = 500

# Contacts named for each reason to leave them.
_NAMED = 3


@dataclass(slots=True)
class UndoPlan:
    """What an undo would do."""

    #: the run that is taken back
    undone: RunRecord
    #: id of the undo's own run; None when nothing is left to do
    run_id: int | None = None
    #: contacts to be deleted, and to be restored
    deletes: int = 0
    restores: int = 0
    #: code → contacts that are left, and why; `gone` and `as_before` need nothing
    left: dict[str, int] = field(default_factory=dict)
    #: code → what is said of the first of them
    reasons: dict[str, list[str]] = field(default_factory=dict)
    #: companies and list entries that are looked at afterwards
    companies: int = 0
    entries: int = 0
    #: rows of the run that may be in the portal, and that nothing tells from others
    in_doubt: int = 0
    #: True when an earlier undo of the run was not finished: it is gone on with as it was agreed to
    is_begun: bool = False

    @property
    def is_empty(self) -> bool:
        """True when nothing would be touched."""
        return not (self.deletes or self.restores or self.companies or self.entries)


async def plan_undo(job: Job, name: str, journal: Journal, stop: Stop, progress: Progress, *, is_forced: bool = False) -> UndoPlan:
    """Journals an undo of the run `name` as what it would do; changes nothing in the portal.

    Raises UsageError when the run cannot be taken back or the environment names another portal, PortalStopped.
    """
    history = History(journal.database)
    for dead in history.left_planning():
        journal.forget(dead)
    undone = history.find(name)
    if undone.undoes is not None:
        raise UsageError(f"run {undone.run} takes back run {history.run(undone.undoes).run}; an undo is not undone. Import the file again.")
    if (begun := history.unfinished_undo(undone.id)) is not None:
        return UndoPlan(undone, begun.id, is_begun=True)
    if undone.last_id_before is None:
        raise UsageError(f"run {undone.run} has sent nothing: there is nothing to take back.")
    access = open_access(job.environment, job.to, job.plan or plan_named(str(undone.settings["plan"])), progress, renamed_to(history, job.environment, job.to))
    access.portal.marker = undone.settings.get("marker")
    try:
        await access.get_ready()
        return await _plan(job, journal, undone, access, stop, progress, is_forced)
    except Failure as failure:
        raise unreachable(failure, access.portal) from None
    except Stopped:
        assert stop.reason is not None
        raise stop.reason from None
    finally:
        remember_move(journal, access.portal, job, progress)
        await access.portal.close()


async def _plan(job: Job, journal: Journal, undone: RunRecord, access: Access, stop: Stop, progress: Progress, is_forced: bool) -> UndoPlan:
    answer = await access.enquiry.send([WhoAmI(), ListFields()])
    identity, fields = (result.value if isinstance(result, Done) else None for result in answer.results)
    if undone.portal_host != access.portal.host and renamed_to(History(journal.database), job.environment, job.to) is None:
        raise UsageError(f"run {undone.run} went to {undone.portal_host}, but the environment names {access.portal.host}. Set the address of the first.")
    if isinstance(identity, Identity) and identity.is_read_only:
        raise UsageError(f"{access.portal.display}: the key may only read. Make one with access READWRITE. Nothing was sent.")
    run_id = journal.create_run(_new_run(job, journal, undone, access, identity, fields or {}, is_forced))
    made = UndoPlan(undone, run_id)
    try:
        await _settle_doubtful(job, journal, undone, run_id, access, stop, progress)
        made.in_doubt = unsettled_rows(journal.database, undone.id)
        judge = contact_judge(journal, undone, History(journal.database).run(run_id), access)
        async for rows in _judged(journal, undone, judge, access, stop, progress):
            journal.plan(run_id, rows)
            _count(made, rows)
        made.companies = _plan_beside(journal, undone.id, run_id, COMPANY)
        made.entries = _plan_beside(journal, undone.id, run_id, ENTRY)
    except BaseException:
        journal.forget(run_id)
        raise
    for request, http_status in access.enquiry.requests:
        journal.note_request(run_id, request, http_status)
    if made.is_empty:
        journal.forget(run_id)
        made.run_id = None
    return made


def _new_run(job: Job, journal: Journal, undone: RunRecord, access: Access, identity: object, fields: Mapping[str, PortalField], is_forced: bool) -> NewRun:
    now = datetime.now()
    name = new_name(now)
    user = f"{identity.name} ({identity.user_id})" if isinstance(identity, Identity) else ""
    return NewRun(
        run=name, started=now.timestamp(), source_path=undone.source_path, source_sha256=undone.source_sha256, source_header=(),
        source_sheet=undone.source_sheet, mapping_path=undone.mapping_path, mapping_name=undone.mapping_name,
        mapping_sha256=undone.mapping_sha256, portal_host=access.portal.host, portal_user=user, card_url=access.portal.card_url,
        settings={
            "plan": access.plan.name, "capacity": access.plan.capacity, "leak_per_s": access.plan.leak_per_s,
            "operating_limit_s": access.plan.operating_limit_s, "family": access.portal.traits.family, "marker": access.portal.marker,
            "repeated": dict(job.repeated), "force": is_forced, "types": {name: field.type for name, field in fields.items() if field.type != "string"},
            "needs_companies": holds_fields(journal.database, undone.id, "COMPANY_ID", "COMPANY_IDS"),
        },
        report_dir=str((job.report_dir or job.report_root / name).absolute()), undoes=undone.id,
    )  # fmt: skip


async def _settle_doubtful(job: Job, journal: Journal, undone: RunRecord, run_id: int, access: Access, stop: Stop, progress: Progress) -> None:
    """Rows and companies of the run whose answers were lost are looked up, and journaled as what they became."""
    journal.recover(undone.id)
    for kind, operation in ((COMPANIES, AddCompany), (CONTACTS, Add)):
        rows = [row for row in journal.unsettled(undone.id, kind.entity) if row.origin is not None and row.contact_id is None]
        if rows:
            progress.messages.append(f"{len(rows):,} rows of run {undone.run} are in doubt: they are looked up once the portal has finished with them.")
            await _look_up(job, journal, undone, rows, _line(kind, journal, run_id, access), stop, access.portal.keeps_origin(operation))


async def _look_up(job: Job, journal: Journal, undone: RunRecord, rows: Sequence[QueuedRow], line: Line, stop: Stop, keeps_origin: bool) -> None:
    await stop.cutting(line.clock.sleep(wait_s(rows, line.clock.now(), finishes_s(line.portal, job.finishes_s))))
    try:
        findings = await (look_up if keeps_origin else look_alike)(line, stop, rows, undone.last_id_before if line.kind is CONTACTS else None)
    except Failure as failure:
        raise given_up(failure, line.portal.host) from None
    journal.settle(undone.id, [*findings.found, *findings.open], line.kind.entity)
    journal.settle(undone.id, [Settled(row.row, "new") for row in findings.missing], line.kind.entity)


def _line(kind: Kind, journal: Journal, run_id: int, access: Access) -> Line:
    return Line(access.portal, access.pace, access.clock, journal, run_id, Progress(), kind)


async def _judged(journal: Journal, undone: RunRecord, judge: ContactJudge, access: Access, stop: Stop, progress: Progress) -> AsyncIterator[list[PlannedRow]]:
    """The rows of the run as what an undo would do with each, some hundred at a time."""
    reading = Reading(access.portal, access.pace, access.clock, access.enquiry)
    progress.phase = "reading"
    for page in made_rows(journal.database, undone.id):
        for at in range(0, len(page), _AT_ONCE):
            some = page[at : at + _AT_ONCE]
            there = await stop.cutting(reading.contacts({one.id for one in some if one.id is not None}, with_companies=judge.needs_companies))
            yield [_planned(one, _verdict(one, there.get(one.id or 0), judge)) for one in some]
            progress.rows += len(some)


def _verdict(one: Made, stored: Stored | None, judge: ContactJudge) -> Settled | None:
    """What the row is without being touched; None when it is to be."""
    if stored is None:
        return Settled(one.row, "skipped", one.id, RowProblem("gone", f"Contact {one.id} is not in the portal any more."))
    judged = judge.changes(QueuedRow(one.row, one.row, b"{}", one.origin, 0, contact_id=one.id), {}, stored)
    return judged if isinstance(judged, Settled) and judged.state == "skipped" else None


def _planned(one: Made, settled: Settled | None) -> PlannedRow:
    planned = PlannedRow(one.row, "new", [], one.fields, one.origin, contact_id=one.id, action=one.action)
    if settled is not None:
        planned.state, planned.problem = "skipped", settled.problem
    return planned


def _count(made: UndoPlan, rows: Sequence[PlannedRow]) -> None:
    for row in rows:
        if row.problem is not None:
            made.left[row.problem.code] = made.left.get(row.problem.code, 0) + 1
            said = made.reasons.setdefault(row.problem.code, [])
            if len(said) < _NAMED:
                said.append(f"row {row.row}: {row.problem.problem}")
        elif row.action == "delete":
            made.deletes += 1
        else:
            made.restores += 1


def _plan_beside(journal: Journal, undone_id: int, run_id: int, entity: int) -> int:
    """Companies or entries of the run, all of them: whether they may go is seen when the contacts are gone."""
    count = 0
    for page in made_rows(journal.database, undone_id, entity):
        journal.plan(run_id, [_planned(one, None) for one in page], entity)
        count += len(page)
    return count


# -- carrying out -----------------------------------------------------------------------------


def abandon(journal: Journal, made: UndoPlan) -> None:
    """Forgets an undo that was planned and not agreed to."""
    if made.run_id is not None and not made.is_begun:
        journal.forget(made.run_id)


def agree(journal: Journal, made: UndoPlan) -> RunRecord:
    """The undo as a run that `resuming.resume` carries out, now or after a death; the run that it takes back is at its end."""
    assert made.run_id is not None
    history = History(journal.database)
    undo = history.run(made.run_id)
    if not made.is_begun:
        close_taken_back(journal.database, made.undone, undo.run)
        forget_what_is_sent(journal.database, undo.id)
        journal.ready(undo.id)
    return history.run(undo.id)
