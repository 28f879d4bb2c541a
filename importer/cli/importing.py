"""What `run`, `resume` and `demo` share: one run with its lock, its progress, its ending."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from importer.batcher.progress import Progress
from importer.batcher.stopping import Stop
from importer.cli import signals
from importer.cli.logs import start_logging
from importer.cli.one_object import print_object
from importer.cli.options import Saying, sentence
from importer.cli.progress import shown
from importer.cli.signals import ending_in_good_order, interrupted
from importer.ending import Ended
from importer.errors import ImporterError, UsageError
from importer.job import Job
from importer.journal.database import expect_journal
from importer.journal.journal import Journal
from importer.journal.lock import JournalLock
from importer.report.summary import summary
from importer.report.text import attention_text, summary_text

Result = TypeVar("Result")
Work = Callable[[Journal, Stop, Progress], Awaitable[Result]]


@contextmanager
def journal_held(path: Path, *, is_there: bool = False) -> Iterator[Journal]:
    """The journal open for writing, and nobody else's meanwhile; made where there is none, unless it must be there.

    Raises JournalBusy, ImporterError.
    """
    if is_there:
        expect_journal(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path}: the journal cannot be made there ({error.strerror}). Name another place with --journal.") from error
    with JournalLock(path), Journal(path) as journal:
        yield journal


def carry_out(job: Job, saying: Saying, work: Work[Result], held: Journal | None = None, *, is_there: bool = False) -> Result:
    """Does one run, or plans an undo, under the journal's lock, showing its progress. Raises what ended it before it began,
    Interrupted among it.

    `held` is the journal when the caller holds it already. With `is_there` no journal is made: there must be one.
    """
    start_logging(saying)
    progress = Progress()

    async def whole(journal: Journal) -> Result:
        stop = Stop()
        progress.messages += journal.database.notes
        journal.database.notes.clear()
        with ending_in_good_order(stop, progress, job.goes_on) as was_asked, shown(progress, saying):
            result = await work(journal, stop, progress)
        if isinstance(result, Ended):
            # Also while the report was written, when there was no call left to stop.
            result.is_last = was_asked()
        return result

    try:
        if held is not None:
            return signals.run(whole(held))
        with journal_held(job.journal, is_there=is_there) as journal:
            return signals.run(whole(journal))
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise (interrupted() if job.is_journal_kept else interrupted(job.goes_on)) from None


def tell(ended: Ended, saying: Saying, *, needs_somebody: bool = True) -> None:
    """The summary a person reads, where --json does not ask for the object alone.

    What `needs_somebody` is said on standard error, too, where nobody may see the summary: a nightly run whose standard output
    goes nowhere must not fail in silence.
    """
    if not saying.is_json:
        click.echo(summary_text(ended.facts, ended.report_dir))
    if needs_somebody and ended.exit_code and (saying.is_json or saying.is_quiet) and not (saying.is_log_shown or sys.stdout.isatty()):
        click.echo(attention_text(ended.facts, ended.report_dir), err=True)


def tell_json(results: list[Ended | ImporterError]) -> None:
    """Exactly one JSON object on standard output: the summary, or for several files all of them."""
    objects = list(map(result_object, results))
    whole = objects[0] if len(objects) == 1 else {"exit_code": worst(results), "runs": objects}
    print_object(whole)


def result_object(result: Ended | ImporterError) -> dict[str, object]:
    """The summary of a run, or why there was none."""
    if isinstance(result, Ended):
        return summary(result.facts)
    return {"exit_code": result.exit_code, "error": sentence(result)}


def worst(results: list[Ended | ImporterError]) -> int:
    """The exit code of several runs: the highest, which is the worst."""
    return max((result.exit_code for result in results), default=0)
