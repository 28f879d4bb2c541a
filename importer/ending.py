"""The end that imports and undos share: what is left is sent, the run ends in the journal, its report is written."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from importer.errors import ImporterError, Interrupted
from importer.events import CURRENT_RUN
from importer.journal.entries import RunRecord
from importer.journal.history import History
from importer.journal.memory import remember_what_is_there
from importer.report.facts import Facts, gather
from importer.sending import Sending
from importer.taking_back import TakingBack

_log = logging.getLogger("b24-import")


@dataclass(slots=True)
class Ended:
    """How a run ended."""

    run: RunRecord
    facts: Facts
    #: None when the report could not be written
    report_dir: Path | None
    exit_code: int
    #: why it ended early, for a person
    reason: str | None = None
    #: a signal came when its calls had ended: nothing is begun after it
    is_last: bool = False


async def finish(work: Sending | TakingBack, report_dir: Path | None) -> Ended:
    """Sends what is left of a run, ends it in the journal and writes its report, by default where the run says."""
    journal, run_id, clock, progress = work.journal, work.run_id, work.access.clock, work.progress
    history = History(journal.database)
    CURRENT_RUN.set(history.run(run_id).run)
    began = clock.now()
    reason: ImporterError | None = None
    try:
        await work.send()
    except ImporterError as error:
        reason = error
    state = "finished" if reason is None else "interrupted" if reason.exit_code == 4 else "stopped"
    exit_code = reason.exit_code if reason is not None else exit_code_of(history.counts(run_id))
    progress.phase = "reporting"
    _log.info("end", extra={"facts": {"state": state, "exit_code": exit_code, **history.counts(run_id)}})
    remember_what_is_there(journal.database, run_id)
    journal.end(run_id, state, clock.now(), exit_code=exit_code, busy_s=clock.now() - began, stopped_by=str(reason) if reason else None)
    # openpyxl and Jinja2 load in a fifth of a second: every other command does without them.
    from importer.report.writing import write_report

    run = history.run(run_id)
    directory: Path | None = report_dir or report_folder(run)
    try:
        facts = write_report(history, run, directory)
    except ImporterError as error:
        # What was sent is sent: 2 would say that nothing was. 4 says that the disk is full.
        progress.messages.append(f"{error} The run itself is {state}; `b24-import report {run.run} --report-dir DIR` writes its report elsewhere.")
        directory, exit_code = None, max(exit_code, error.exit_code if isinstance(error, Interrupted) else 1)
        journal.set_exit_code(run_id, exit_code)
        run = history.run(run_id)
        facts = gather(history, run)
    _log_rows_left_out(facts)
    return Ended(run, facts, directory, exit_code, str(reason) if reason else None)


def report_folder(run: RunRecord) -> Path:
    """Where a run's report is, or goes when it is written again."""
    return Path(run.report_dir or Path("reports") / run.run)


def _log_rows_left_out(facts: Facts) -> None:
    """One event a reason, with the first rows that have it: the report lists them all."""
    for event, groups in (("rejected", facts.rejected), ("unsettled", facts.unsettled)):
        for group in groups:
            first = sorted(row for example in group.examples for row in example.first)
            _log.warning(event, extra={"facts": {"code": group.code, "rows": group.rows, "first_rows": first}})


def exit_code_of(counts: dict[str, int]) -> int:
    """Of a finished run, by its rows."""
    return 1 if counts.get("rejected") or counts.get("unsettled") else 0
