"""`b24-import runs`: the journal's runs, one line each; with --prune, removing old ones."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

import click

from importer.cli.one_object import print_object
from importer.cli.options import journal_option, json_option, remember
from importer.errors import UsageError
from importer.journal.care import DAY_S, kept_copies, prunable, prune, size
from importer.journal.entries import RunRecord
from importer.journal.history import History
from importer.report.wording import duration


@click.command("runs", short_help="List the journal's runs, or remove old ones.")
@journal_option
@json_option
@click.option("--prune", "days", type=click.IntRange(0), metavar="DAYS", help="Remove the runs that were finished more than so many days ago.")
@click.option("--yes", "is_yes", is_flag=True, help="Answer yes to every question.")
def command(journal: Path, is_json: bool, days: int | None, is_yes: bool) -> int:
    """The journal's runs, oldest first, and its size."""
    remember(journal)
    history = History.open(journal)
    if days is not None:
        history.close()
        return _prune(journal, days, is_json=is_json, is_yes=is_yes)
    runs = [(run, history.counts(run.id)) for run in history.runs()]
    names = {run.id: run.run for run, _ in runs}
    if is_json:
        print_object({"runs": [_object(*run, names) for run in runs], "size_bytes": size(journal)})
        return 0
    for run, counts in runs:
        told = ", ".join(f"{n:,} {_said(state)}" for state, n in counts.items()) or "no rows"
        what = Path(run.source_path).name if run.undoes is None else f"undo of {names.get(run.undoes, 'a run')} ({Path(run.source_path).name})"
        click.echo(f"{run.run}  {_time(run.started, ' ')}  {run.state:<11}  {duration(run.busy_s):>12}  {what} → {run.portal_host}: {told}")
    click.echo(f"{journal}: {_megabytes(size(journal))}, {len(runs)} run{'' if len(runs) == 1 else 's'}")
    return 0


def _object(run: RunRecord, counts: dict[str, int], names: dict[int, str]) -> dict[str, object]:
    return {
        "run": run.run, "state": run.state, "started": _time(run.started, "T"), "source": Path(run.source_path).name,
        "portal": run.portal_host, "counts": counts, "exit_code": run.exit_code,
        **({"undoes": names.get(run.undoes)} if run.undoes is not None else {}),
    }  # fmt: skip


# -- removing old runs --------------------------------------------------------------------------


def _prune(journal: Path, days: int, *, is_json: bool, is_yes: bool) -> int:
    # Listing runs does without all that a run needs.
    from importer.cli.importing import journal_held

    before = time.time() - days * DAY_S
    with journal_held(journal) as held:
        runs = History(held.database).runs()
        old, copies, size_before = prunable(runs, before), kept_copies(journal, before), size(journal)
        if old or copies:
            _expect_wanted(old, copies, is_yes)
            prune(held.database, old)
            for copy in copies:
                copy.unlink(missing_ok=True)
    unfinished = [run.run for run in runs if run.state != "finished"]
    if is_json:
        told = {"pruned": [run.run for run in old], "copies": [copy.name for copy in copies], "unfinished": unfinished,
                "size_bytes_before": size_before, "size_bytes": size(journal)}  # fmt: skip
        print_object(told)
        return 0
    click.echo(f"{_runs(len(old))} removed, {len(runs) - len(old)} kept; {journal}: {_megabytes(size_before)} before, {_megabytes(size(journal))} now.")
    if unfinished:
        click.echo(f"Unfinished ones are never removed: {', '.join(unfinished)}. `b24-import resume RUN` finishes one.")
    return 0


def _expect_wanted(old: list[RunRecord], copies: list[Path], is_yes: bool) -> None:
    if is_yes:
        return
    also = f" and {len(copies)} cop{'y' if len(copies) == 1 else 'ies'} of the journal" if copies else ""
    question = (
        f"Removes {_runs(len(old))}{also} with all their rows. They can then no longer be undone, verified or reported again; a row "
        "of theirs that comes once more is no longer known by the journal, so that without `match` its contact is created again. "
        "Reports and sources stay. Go on?"
    )
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{question.removesuffix(' Go on?')} Nothing was removed: answer with --yes.")
    if not click.confirm(question, default=False, err=True):
        raise UsageError("Nothing was removed.")


def _runs(number: int) -> str:
    return f"{number} run{'' if number == 1 else 's'}"


def _megabytes(number: int) -> str:
    return f"{number / 1_000_000:,.1f} MB"


def _said(state: str) -> str:
    return {"new": "not sent yet", "sending": "in flight"}.get(state, state)


def _time(seconds: float, between: str) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(sep=between, timespec="minutes")
