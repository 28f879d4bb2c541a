"""Going on with a run, or an undo, that was begun: every row is in its journal."""

from __future__ import annotations

import logging
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from importer.access import Access, open_access, renamed_to
from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.ending import Ended, finish
from importer.errors import UsageError
from importer.job import Job
from importer.journal.entries import RunRecord
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.pacing.plans import plan_named
from importer.portals.connection import host_named
from importer.portals.portal import Portal
from importer.reader.source import fingerprint
from importer.sending import Sending
from importer.taking_back import TakingBack

_log = logging.getLogger("b24-import")

_FAMILIES = {"bitrix24": "the portal's own REST API", "vibecode": "VibeCode"}


async def resume(job: Job, name: str | None, journal: Journal, stop: Stop, progress: Progress) -> Ended:
    """Goes on with an unfinished run, or undo: the one named, or the latest. Raises ImporterError before anything is sent
    when there is none, when its file has changed, or when the environment names another portal."""
    history = History(journal.database)
    run = history.unfinished(name)
    if run.undoes is None:
        if not job.may_source_differ:
            _expect_same_source(run)
        _note_changed_mapping(run, progress)
    access = open_access(job.environment, job.to, job.plan or plan_named(str(run.settings["plan"])), progress, renamed_to(history, job.environment, job.to))
    try:
        await access.get_ready()
        return await go_on(job, journal, run, access, stop, progress)
    finally:
        remember_move(journal, access.portal, job, progress)
        await access.portal.close()


def _expect_same_source(run: RunRecord) -> None:
    path = Path(run.source_path)
    if not path.exists():
        return  # every row is in the journal; the file was needed to plan them
    found = fingerprint(path)
    if found != run.source_sha256:
        size = f"{path.stat().st_size} bytes, changed {datetime.fromtimestamp(path.stat().st_mtime):%Y-%m-%d %H:%M}"
        raise UsageError(
            f"{path.name}: the file is not the one that run {run.run} began with (now {size}; SHA-256 {found[:12]}…, then "
            f"{run.source_sha256[:12]}…). Put the old file back or move the new one away to resume; import the new one as a run of its own."
        )


def _note_changed_mapping(run: RunRecord, progress: Progress) -> None:
    """Every row was mapped before the first was sent: a mapping changed since speaks of the next run only."""
    path = Path(run.mapping_path)
    if path.is_file() and sha256(path.read_bytes()).hexdigest() != run.mapping_sha256:
        progress.messages.append(f"{path.name} has changed since run {run.run} began; the run goes on as it was planned then.")


async def go_on(job: Job, journal: Journal, run: RunRecord, access: Access, stop: Stop, progress: Progress) -> Ended:
    """The same for a run and a way into its portal that are at hand. Raises UsageError when the way is another than the run's."""
    _expect_same_way(run, access)
    if run.portal_host != access.portal.host and renamed_to(History(journal.database), job.environment, job.to) is None:
        # A portal that was renamed in the middle of a run says so at the first call.
        await access.describe()
    if run.portal_host != access.portal.host and renamed_to(History(journal.database), job.environment, job.to) is None:
        raise UsageError(
            f"run {run.run} goes to {run.portal_host}, but the environment names {access.portal.host}. Set the address of the first."
        )
    journal.recover(run.id)
    work = Sending if run.undoes is None else TakingBack
    return await finish(work(journal, run.id, access, stop, progress, job.finishes_s), job.report_dir)


def _expect_same_way(run: RunRecord, access: Access) -> None:
    """The way in that the run was planned for: another may lack what its rows need, and look lost rows up elsewhere."""
    begun, family = run.settings.get("family", "bitrix24"), access.portal.traits.family
    if begun != family:
        how = "--to vibecode" if begun == "vibecode" else "--to webhook or --to oauth"
        raise UsageError(f"run {run.run} began through {_FAMILIES[str(begun)]}, and goes on that way only. Resume it with {how}.")
    access.portal.marker = run.settings.get("marker")


def remember_move(journal: Journal, portal: Portal, job: Job, progress: Progress) -> None:
    """Keeps the address of a portal that was renamed meanwhile, and says so."""
    moved_to, host = portal.moved_to, host_named(job.environment, job.to)
    if moved_to and host:
        journal.remember_renamed(host, moved_to, datetime.now().timestamp())
        progress.messages.append(f"The portal was renamed: it answers at {moved_to} now. Change the address you connect with.")
        _log.warning("renamed", extra={"facts": {"new_address": moved_to}})
