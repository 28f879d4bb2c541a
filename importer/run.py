"""A new import: the place that joins the rooms. Going on with one is in `resuming`, what one is asked in `job`.

    prepare and plan (planning.py) ─▶ journal every row ─▶ guard rails ─▶ send (sending.py) ─▶ report
"""

from __future__ import annotations

import logging
import os
import tempfile
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from importer.access import Access, open_access, renamed_to, unreachable
from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop, Stopped
from importer.company_links import open_company_links
from importer.ending import Ended, finish
from importer.errors import GuardRail, Interrupted, SourceChanged, UsageError
from importer.findings import Findings, hold, most_rejects, note_planned, skipped_lines
from importer.job import Job, new_name
from importer.journal.entries import COMPANY, ENTRY, NewRun, RunRecord
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.journal.memory import forget_what_is_sent
from importer.mapping.mapping_file import LoadedMapping, read_mapping, with_its_faults
from importer.matching import Matching, open_matching
from importer.mending import Earlier
from importer.needed import planned_companies, planned_entries
from importer.planning import plan, plan_matched
from importer.portals.describe import Description
from importer.portals.portal import Failure
from importer.preparing import Preparation, open_table, prepare, source_folder
from importer.reader.source import fingerprint
from importer.resuming import go_on, remember_move
from importer.sending import Sending

_log = logging.getLogger("b24-import")

async def import_file(job: Job, file: Path, mapping: Path, journal: Journal, stop: Stop, progress: Progress) -> Ended:
    """Imports one file. Raises ImporterError when it ends before a run has begun; later ends are in `Ended`.

    The journal's lock is held by the caller.
    """
    loaded = read_mapping(mapping)
    with with_its_faults(loaded):
        return await _import(job, file, loaded, journal, stop, progress)


async def _import(job: Job, file: Path, loaded: LoadedMapping, journal: Journal, stop: Stop, progress: Progress) -> Ended:
    digest = fingerprint(file)
    history = History(journal.database)
    try:
        for left in history.left_planning():
            journal.forget(left)
    except Interrupted as error:
        raise _no_room_to_plan(journal, error) from error
    source = open_table(file, loaded, job.choices)
    renamed = renamed_to(history, job.environment, job.to)
    access = open_access(job.environment, job.to, job.limits, progress, renamed, is_watched=job.is_watched)
    access.portal.marker = loaded.marker
    try:
        await access.get_ready()
        if (open_run := _to_resume(job, history, loaded, file, digest, access.portal.host)) is not None:
            return await go_on(job, journal, open_run, access, stop, progress)
        description = await access.describe(with_companies=loaded.needs_companies)
        if description.identity.is_read_only:
            raise UsageError(f"{access.portal.display}: the key may only read. Make one with access READWRITE. Nothing was sent.")
        preparation = prepare(source, loaded, job.choices, description.catalogue)
        beside = {"preset_id": await access.preset_id()} if preparation.mapper.has_addresses else {}
        run_id = await _plan_run(job, preparation, digest, description, journal, access, stop, progress, beside)
        return await finish(Sending(journal, run_id, access, stop, progress, job.finishes_s), job.report_dir)
    finally:
        remember_move(journal, access.portal, job, progress)
        await access.portal.close()


def _to_resume(job: Job, history: History, loaded: LoadedMapping, file: Path, digest: str, host: str) -> RunRecord | None:
    """The unfinished run of the same file, mapping and portal, if a person wants to go on with it."""
    run = None if job.is_new_run else history.unfinished_of(digest, loaded.sha256, host)
    if run is None:
        _expect_no_other_unfinished(job, history, file, host)
        return None
    if job.offer_resume is None:
        raise UsageError(
            f"run {run.run} of this file is not finished. Go on with `b24-import resume {run.run}`, or answer so here with --yes; "
            "--new-run starts anew and may double what is in doubt of that run."
        )
    return run if job.offer_resume(run.run) else None


def _expect_no_other_unfinished(job: Job, history: History, file: Path, host: str) -> None:
    """A run of this very path that never ended, of which the file or the mapping has changed since."""
    run = None if job.is_new_run else history.unfinished_at(str(file.absolute()), host)
    if run is not None:
        raise UsageError(
            f"run {run.run} of {file.name} is not finished, and the file or its mapping has changed since. Put back what it began with "
            f"and `b24-import resume {run.run}`, or start anew with --new-run: rows whose `origin` that run has created are then "
            "skipped, all others are created, also those that were in doubt."
        )


async def _plan_rows(run_id: int, preparation: Preparation, findings: Findings, journal: Journal, access: Access, stop: Stop,
                     progress: Progress) -> None:  # fmt: skip
    """Journals every row of the file as what is to be done with it. Raises Failure, or Stopped when a person ends it."""
    history, host = History(journal.database), access.portal.host
    matching: Matching | None = None
    earlier = Earlier.of(history, host)
    if preparation.terms is not None:
        recall = partial(history.known_rows, host, preparation.loaded.sha256)
        matching = open_matching(preparation.terms, preparation.differences, source_folder(preparation.source.path), access, recall, earlier)
    links = open_company_links(preparation.loaded, preparation.catalogue, access, findings.note)
    run = history.run(run_id).run
    rows = plan(preparation, run, findings, earlier)
    try:
        async for chunk in plan_matched(rows, matching, stop.cutting, progress, links):
            note_planned(findings, chunk, preparation.mapper)
            journal.plan(run_id, chunk)
        progress.messages += [*(matching.notes if matching is not None else []), *(links.notes if links is not None else [])]
    finally:
        if matching is not None:
            matching.close()


async def _plan_run(job: Job, preparation: Preparation, digest: str, description: Description, journal: Journal,
                    access: Access, stop: Stop, progress: Progress, beside: dict[str, str]) -> int:  # fmt: skip
    source, loaded = preparation.source, preparation.loaded
    now = datetime.now()
    name = new_name(now)
    new = NewRun(
        run=name, started=now.timestamp(), source_path=str(source.path.absolute()), source_sha256=digest,
        source_header=source.header, source_sheet=source.sheet, mapping_path=os.path.abspath(loaded.path),
        mapping_name=loaded.name, mapping_sha256=loaded.sha256, portal_host=access.portal.host,
        portal_user=f"{description.identity.name} ({description.identity.user_id})", card_url=access.portal.card_url,
        settings={
            "plan": access.plan.name, "capacity": access.plan.capacity, "leak_per_s": access.plan.leak_per_s,
            "operating_limit_s": access.plan.operating_limit_s, "family": access.portal.traits.family,
            "marker": loaded.marker, "params": preparation.mapper.params,
            "in_order": preparation.mapper.sorts_by_date_create, "source_changed_ns": changed_ns(source.path), "limit": job.choices.limit,
            "folder": str(source_folder(source.path)) if loaded.names_files else None, "company_prefixes": preparation.mapper.company_prefixes,
            "item_lists": {one: whose.name for one, whose in preparation.mapper.item_lists.items()}, **beside,
            **({"match": preparation.differences.as_settings()} if preparation.terms is not None else {}),
            "repeated": dict(job.repeated), **({} if job.is_journal_kept else {"is_journal_kept": False}),
        },
        report_dir=str((job.report_dir or job.report_root / name).absolute()),
    )  # fmt: skip
    _expect_writable(Path(new.report_dir or "."))
    run_id = journal.create_run(new)
    findings = Findings()
    try:
        await _plan_rows(run_id, preparation, findings, journal, access, stop, progress)
        _expect_unchanged(source.path, digest)
        journal.plan(run_id, planned_companies(findings.companies, name), COMPANY)
        journal.plan(run_id, planned_entries(findings.entries), ENTRY)
        try:
            hold(findings, job.rails)
        except GuardRail as broken:
            raise GuardRail(f"{source.path.name}: {broken}") from None
        # First, for a death right after `ready` leaves a run that is resumed, and must not leave what is known of its rows.
        forget_what_is_sent(journal.database, run_id)
        rejects_of = {"rejects_of": findings.rejects_of} if findings.rejects_of else {}
        journal.ready(run_id, {**new.settings, "max_rejects": most_rejects(findings, job.rails), **rejects_of})
    except Interrupted as error:
        raise _no_room_to_plan(journal, error) from error
    except Stopped:
        journal.forget(run_id)
        assert stop.reason is not None
        raise stop.reason from None
    except Failure as failure:
        journal.forget(run_id)
        raise unreachable(failure, access.portal) from None
    except BaseException:
        journal.forget(run_id)
        raise
    for request, http_status in access.enquiry.requests:
        journal.note_request(run_id, request, http_status)
    progress.messages += [*preparation.notes, *description.notes]
    if preparation.terms is not None:
        progress.messages += skipped_lines(findings)
    elif findings.skips:
        progress.messages.append(f"{findings.skips:,} row{'s are' if findings.skips != 1 else ' is'} skipped: earlier runs of this journal created their contacts.")
    elif earlier := History(journal.database).finished_of(digest, loaded.sha256, access.portal.host):
        progress.messages.append(f"This very file was imported before, by run {earlier.run}: its contacts are created once more.")
    return run_id


def _no_room_to_plan(journal: Journal, error: Interrupted) -> Interrupted:
    """The end of a run that cannot be planned, or of what a dead one left of its plan: there is nothing to resume."""
    return Interrupted(f"{journal.path}: {error.__cause__ or error}. Nothing was sent yet: make room, then run it again.")


def _expect_unchanged(path: Path, digest: str) -> None:
    """A file that is copied over while it is read may give half of one and half of another."""
    if fingerprint(path) != digest:
        raise SourceChanged(f"{path.name}: the file was written to while it was read. Nothing was sent; run it when it is whole.")


def _expect_writable(directory: Path) -> None:
    """A report that cannot be written is told before anything is sent. Leaves nothing behind."""
    made = [folder for folder in (directory, *directory.parents) if not folder.exists()]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise UsageError(f"{directory}: the report cannot be written there ({error.strerror}). Name another folder with --report-dir.") from error
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


def changed_ns(path: Path) -> int:
    """When the source was written to last, in nanoseconds since 1970; 0 when it is gone."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
