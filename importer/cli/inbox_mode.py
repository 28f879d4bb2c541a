"""`run` with --move-done or --move-failed: takes the files of an inbox one after another and puts each away when it is finished.

    runs left unfinished ─▶ which files are whole ─▶ each: a run, then moved

A file is moved only when its run is in the journal as finished, so a death at any moment leaves it where the next call
finds it, and the journal tells that call what is still to do: send the rest, or only move it.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from importer.cli.importing import Work, carry_out, journal_held, result_object, tell, worst
from importer.cli.logs import start_logging
from importer.cli.notices import tell_somebody
from importer.cli.one_object import print_object
from importer.cli.options import Saying, sentence
from importer.cli.path_names import refuse_unwritable
from importer.cli.signals import interrupted
from importer.ending import Ended, exit_code_of, report_folder
from importer.errors import (
    GuardRail,
    ImporterError,
    Interrupted,
    JournalBusy,
    MappingError,
    PortalStopped,
    SourceChanged,
    SourceError,
    UsageError,
)
from importer.inbox import Watched, expand, expect_folder, is_named_by, is_pattern, put_away, takeable, watch
from importer.job import Job
from importer.journal.entries import RunRecord
from importer.journal.history import History
from importer.journal.journal import Journal
from importer.mapping.mapping_file import LoadedMapping, load_mapping
from importer.notify import Addressee
from importer.portals.connection import host_named
from importer.reader.source import fingerprint
from importer.report.facts import gather
from importer.report.writing import write_report
from importer.resuming import resume
from importer.run import changed_ns, import_file

_log = logging.getLogger("b24-import")

# What is wrong with the file itself. Everything else is no reason to put a file among the failed: it would be imported
# as it is once the portal, the environment or the disk is in order.
_FILES_OWN = (SourceError, MappingError, GuardRail)

# After one of these the next file would end the same way.
_ENDS_ALL = (Interrupted, JournalBusy, PortalStopped)


@dataclass(frozen=True, slots=True)
class Inbox:
    """Which files are taken, and where they go."""

    patterns: tuple[Path, ...]
    move_done: Path | None
    move_failed: Path | None
    #: seconds for which nothing may have happened to a file before it is taken
    settle_s: float
    wants_marker: bool

    @property
    def folders(self) -> list[Path]:
        """Where files are moved to."""
        return [folder for folder in (self.move_done, self.move_failed) if folder is not None]


@dataclass(slots=True)
class _Emptying:
    """One call over an inbox."""

    inbox: Inbox
    job: Job
    loaded: LoadedMapping
    saying: Saying
    journal: Journal
    whom: Addressee | None
    results: list[Ended | ImporterError] = field(default_factory=list)
    #: beside each result: its file, and where that went
    objects: list[dict[str, object]] = field(default_factory=list)
    waiting: dict[Path, str] = field(default_factory=dict)
    is_over: bool = False
    has_unmoved: bool = False

    @property
    def exit_code(self) -> int:
        """The worst of the runs'; 1 at least when a finished file could not be moved."""
        return max(worst(self.results), int(self.has_unmoved))

    def go(self) -> None:
        """Finishes what an earlier call left, then takes every whole file, until something ends it all."""
        for run in self._left_unfinished():
            path = Path(run.source_path)
            self._take(path, lambda *room, name=run.run: resume(replace(self.job, may_source_differ=True), name, *room), run)
            if self.is_over:
                return
        for path in self._whole_files():
            if (earlier := self._finished_earlier(path)) is not None:
                self._put_away_only(path, earlier)
            else:
                self._take(path, lambda *room, path=path: import_file(self.job, path, self.loaded.path, *room))
            if self.is_over:
                return

    def end(self, error: Interrupted) -> None:
        """Takes no further file."""
        click.echo(sentence(error), err=True)
        self.results.append(error)

    def _left_unfinished(self) -> Iterator[RunRecord]:
        """Runs of this inbox's files that died or were stopped; those that a guard rail stopped wait for a person."""
        history = History(self.journal.database)
        here = host_named(self.job.environment, self.job.to)
        for run in history.runs():
            # A way in that names no host says at its first call which portal it leads to; resuming then compares.
            is_ours = here is None or run.portal_host == here or history.renamed_portal(run.portal_host) is not None
            if run.undoes is None and run.state != "finished" and run.exit_code != GuardRail.exit_code and is_ours and is_named_by(self.inbox.patterns, run.source_path):
                yield run

    def _whole_files(self) -> list[Path]:
        found = [path for path in takeable(_expanded(self.inbox.patterns), self.inbox.folders) if path.is_file()]
        watched: Watched = watch(found, self.inbox.settle_s, wants_marker=self.inbox.wants_marker, now=time.time, sleep=time.sleep)
        self.waiting = watched.waiting
        for path, why in watched.waiting.items():
            self._wait(path, why)
        if not found and not self.results:
            self._say(f"{', '.join(map(str, self.inbox.patterns))}: no file is there, nothing to do.")
        return watched.whole

    def _finished_earlier(self, path: Path) -> RunRecord | None:
        """The run that imported this very file, whole and with this mapping, and died before it was moved; none taken back since."""
        runs = History(self.journal.database).runs()
        taken_back = {run.undoes for run in runs}
        about = (str(path.absolute()), self.loaded.sha256, changed_ns(path))
        for run in reversed(runs):
            told = (run.source_path, run.mapping_sha256, run.settings.get("source_changed_ns"))
            is_whole = run.undoes is None and run.state == "finished" and run.settings.get("limit") is None and run.id not in taken_back
            if told == about and is_whole and run.source_sha256 == fingerprint(path):
                return run
        return None

    def _put_away_only(self, path: Path, run: RunRecord) -> None:
        self._say(f"{path.name}: run {run.run} has imported it and ended before it was moved.")
        history, folder = History(self.journal.database), report_folder(run)
        if run.exit_code != Interrupted.exit_code and (folder / "summary.json").is_file():
            self._conclude(path, Ended(run, gather(history, run), folder, run.exit_code or 0))
            return
        # A disk that was full when the run ended has room for its report by now.
        self.journal.set_exit_code(run.id, exit_code_of(history.counts(run.id)))
        run = history.run(run.id)
        self._conclude(path, Ended(run, write_report(history, run, folder), folder, run.exit_code or 0))

    def _take(self, path: Path, work: Work, left: RunRecord | None = None) -> None:
        try:
            ended = carry_out(self.job, self.saying, work, held=self.journal)
        except SourceChanged:
            self._wait(path, "it was written to while it was read")
            return
        except ImporterError as error:
            click.echo(sentence(error), err=True)
            _log.error("failed", extra={"facts": {"source": path.name, "error": type(error).__name__, "exit_code": error.exit_code}})
            self._conclude(path, error)
            return
        tell(ended, self.saying)
        # A run of before may have been a trial, or of another file, whose name this one has now.
        is_its_file = left is None or (path.is_file() and fingerprint(path) == left.source_sha256)
        self._conclude(path, ended, is_its_file=is_its_file and ended.run.settings.get("limit") is None)
        if ended.is_last and not self.is_over:
            self.end(interrupted())
            self.is_over = True

    def _conclude(self, path: Path, result: Ended | ImporterError, *, is_its_file: bool = True) -> None:
        """Notes how a file ended and moves it where it belongs then."""
        is_same_again = not isinstance(result, (Ended, *_FILES_OWN)) and any(str(result) == str(earlier) for earlier in self.results)
        self.results.append(result)
        self.is_over = isinstance(result, _ENDS_ALL) or result.exit_code in (3, 4) or is_same_again
        folder = self._folder_for(result) if is_its_file else None
        moved = None
        if folder is not None and path.exists():
            try:
                moved = put_away(path, folder, result.run.run if isinstance(result, Ended) else None)
            except SourceError as error:
                # What was sent is sent; the next call only moves it.
                click.echo(sentence(error), err=True)
                self.has_unmoved = True
            else:
                self._say(f"{path} → {moved}")
                _log.info("moved", extra={"facts": {"source": path.name, "to": str(moved)}})
        tell_somebody(self.whom, self.job, path.name, result)
        self.objects.append({"file": str(path), "moved_to": str(moved) if moved else None, **result_object(result)})

    def _folder_for(self, result: Ended | ImporterError) -> Path | None:
        """None for a file that stays where it is."""
        if isinstance(result, Ended):
            return {0: self.inbox.move_done, 1: self.inbox.move_done, 2: self.inbox.move_failed}.get(result.exit_code)
        return self.inbox.move_failed if isinstance(result, _FILES_OWN) else None

    def _wait(self, path: Path, why: str) -> None:
        self.waiting[path] = why
        self._say(f"{path}: {why}; it waits for the next time.")
        _log.info("waiting", extra={"facts": {"source": path.name, "why": why}})

    def _say(self, sentence: str) -> None:
        # Where standard error is the log, its events say the same.
        if not self.saying.is_quiet and not self.saying.is_log_shown:
            click.echo(sentence, err=True)


def empty(inbox: Inbox, job: Job, mapping: Path, saying: Saying, whom: Addressee | None = None) -> int:
    """Takes the files of an inbox and tells `whom` of each; the exit code is the worst of their runs', 0 when there is none.

    Raises what concerns no single file: an unusable folder or mapping, a journal in use. Then no file was touched.
    """
    _expect_usable(inbox, job)
    start_logging(saying)
    loaded = load_mapping(mapping)
    with journal_held(job.journal) as journal:
        emptying = _Emptying(inbox, replace(job, offer_resume=lambda run: True), loaded, saying, journal, whom)
        try:
            emptying.go()
        except KeyboardInterrupt:
            # Between two runs, as while files are watched: what was done until then is told all the same.
            emptying.end(interrupted())
    if saying.is_json:
        waiting = {str(path): why for path, why in emptying.waiting.items()}
        print_object({"exit_code": emptying.exit_code, "runs": emptying.objects, "waiting": waiting})
    return emptying.exit_code


def _expect_usable(inbox: Inbox, job: Job) -> None:
    if job.choices.limit is not None:
        raise UsageError("--limit imports a part of a file only, after which it must not be moved: leave out --move-done and --move-failed.")
    for pattern in inbox.patterns:
        expect_folder(pattern)
        if pattern.is_dir():
            raise UsageError(f"{pattern} is a folder. Name the files in it, such as '{pattern}/*.csv'.")
    sources = {_folder_of(pattern) for pattern in inbox.patterns}
    for folder in inbox.folders:
        # What lies in such a folder is not taken again; above the inbox that would be all of it.
        if any(source.is_relative_to(folder.resolve()) for source in sources):
            raise UsageError(f"{folder}: files cannot be moved to where they are taken from, nor to a folder above. Name another folder.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise UsageError(f"{folder}: files cannot be moved there ({error.strerror}). Name another folder, or correct its rights.") from error


def _folder_of(pattern: Path) -> Path:
    """The folder below which all files of a pattern lie."""
    return next(folder for folder in pattern.absolute().parents if not is_pattern(str(folder))).resolve()


def _expanded(patterns: Iterable[Path]) -> list[Path]:
    files = expand(patterns)
    refuse_unwritable(map(str, files))
    return files


def files_named(patterns: Iterable[Path]) -> tuple[Path, ...]:
    """The files of a run without an inbox, patterns expanded. UsageError when a pattern fits no file."""
    found: list[Path] = []
    for pattern in patterns:
        files = _expanded([pattern])
        if not files:
            raise UsageError(f"{pattern}: no file fits. Correct the path, or wait for the file.")
        found += files
    return tuple(expand(found))
