"""`b24-import undo`: its arguments, its question and its printing."""

from __future__ import annotations

import sys

import click

from importer.cli import options
from importer.cli.importing import carry_out, journal_held, tell, tell_json
from importer.cli.notices import addressee, tell_somebody
from importer.cli.one_object import print_object
from importer.cli.run_command import job_of
from importer.ending import Ended
from importer.errors import ImporterError, UsageError
from importer.job import Job
from importer.journal.journal import Journal
from importer.journal.taking_back import AS_BEFORE, GONE
from importer.report.titles import title_of
from importer.report.wording import counted
from importer.resuming import resume
from importer.undo import UndoPlan, abandon, agree, plan_undo


@click.command("undo", short_help="Take a run back.")
@click.argument("run")
@click.option("--force", "is_forced", is_flag=True, help="Also what people, or later runs, have changed since.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Show what would be done, and do nothing.")
@click.option("--plan", "plan_name", type=click.Choice(["standard", "enterprise"]), help="[default: the plan the run began with]")
@options.journal_option
@options.report_dir_option
@options.connection_options
@options.saying_options
@options.notify_option
def command(run: str, **given) -> int:
    """Delete what RUN created and restore what it changed; contacts that people changed since are left.

    Shows what it would do and asks. Companies and list entries that the run created go too, where nothing uses them.
    """
    saying = options.saying(given)
    whom = None
    try:
        job = job_of(given)
        whom = addressee(given, job)
        with journal_held(job.journal, is_there=True) as journal:
            ended = _take_back(job, run, given, saying, journal)
    except ImporterError as error:
        if not isinstance(error, UsageError):
            tell_somebody(whom, job, f"undo of {run}", error)
        raise
    if ended is None:
        return 0
    tell(ended, saying)
    tell_somebody(whom, job, f"undo of {run}", ended)
    if saying.is_json:
        tell_json([ended])
    return ended.exit_code


def _take_back(job: Job, name: str, given: dict, saying: options.Saying, journal: Journal) -> Ended | None:
    """The undo as it ended; None when nothing was to be done, or only shown."""
    made: UndoPlan = carry_out(job, saying, lambda *room: plan_undo(job, name, *room, is_forced=given["is_forced"]), journal)
    try:
        if made.run_id is None or given["is_dry"]:
            _show(made, saying)
            if saying.is_json:
                print_object(_object(made))
            abandon(journal, made)
            return None
        if not saying.is_log_shown and not (saying.is_quiet and saying.is_yes):
            click.echo("\n".join(_lines(made)), err=True)
        _expect_wanted(made, saying)
    except BaseException:
        abandon(journal, made)
        raise
    undo = agree(journal, made)
    return carry_out(job, saying, lambda *room: resume(job, undo.run, *room), journal)


def _show(made: UndoPlan, saying: options.Saying) -> None:
    if not saying.is_json:
        click.echo("\n".join(_lines(made)))


def _expect_wanted(made: UndoPlan, saying: options.Saying) -> None:
    if saying.is_yes or made.is_begun:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("Nothing was changed: answer with --yes.")
    if not click.confirm("Go on?", default=False, err=True):
        raise UsageError("Nothing was changed.")


def _lines(made: UndoPlan) -> list[str]:
    """What a person reads before it is done."""
    run = made.undone.run
    if made.is_begun:
        return [f"An undo of run {run} was begun and is not finished: it goes on as it was agreed to."]
    lines = [f"Run {run} of {made.undone.portal_host}: {'nothing is left to take back' if made.is_empty else 'undo would'}"]
    if made.is_empty:
        lines[0] += "."
    else:
        lines[0] += ":"
        lines += [f"  {word} {counted(n, 'contact')} {why}" for word, n, why in (
            ("delete", made.deletes, "that it created"), ("restore", made.restores, "that it changed")) if n]  # fmt: skip
        beside = [counted(made.companies, "company", "companies")] if made.companies else []
        beside += [counted(made.entries, "list entry", "list entries")] if made.entries else []
        lines += [f"  delete {' and '.join(beside)} that it created, where nothing uses them"] if beside else []
    for code, n in sorted(made.left.items()):
        lines.append(f"  leave {counted(n, 'contact')}: {title_of(code)}")
        if code not in (GONE, AS_BEFORE):
            lines += [f"    {sentence}" for sentence in made.reasons[code]]
    if made.undone.state != "finished" and not made.is_empty:
        lines.append("  The run was not finished: what it has not sent yet, it never will.")
    if made.in_doubt:
        lines.append(
            f"  {counted(made.in_doubt, 'row')} of the run may be in the portal, and nothing identifies {'it' if made.in_doubt == 1 else 'them'}: "
            "look for the contacts by name; results.csv of the run lists them as `unsettled`."
        )
    return lines


def _object(made: UndoPlan) -> dict[str, object]:
    would = {"delete": made.deletes, "restore": made.restores, "leave": made.left, "companies": made.companies, "list_entries": made.entries}
    return {"run": None, "undoes": made.undone.run, "would": would, "in_doubt": made.in_doubt, "exit_code": 0}
