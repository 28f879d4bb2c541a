"""`b24-import run`: its arguments and its printing."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from importer.cli import options
from importer.cli.importing import carry_out, tell, tell_json, worst
from importer.cli.inbox_mode import Inbox, empty, files_named
from importer.cli.notices import addressee, tell_somebody
from importer.cli.signals import interrupted
from importer.ending import Ended
from importer.errors import ImporterError, Interrupted, JournalBusy, PortalStopped, UsageError
from importer.findings import GuardRails
from importer.job import Job
from importer.pacing.plans import PLANS
from importer.preparing import Choices
from importer.run import import_file

# After one of these the next file would end the same way.
_ENDS_ALL = (Interrupted, JournalBusy, PortalStopped)


@click.command("run", short_help="Import files.")
@options.files_argument
@options.planning_options
@options.journal_option
@options.report_dir_option
@options.connection_options
@options.saying_options
@click.option("--new-run", "is_new_run", is_flag=True, help="Start anew although an unfinished run of the same file exists.")
@options.inbox_options
@options.notify_option
def command(files: tuple[Path, ...], **given) -> int:
    """Import each FILE with the mapping; a run and a report of its own for each.

    FILE may be a pattern such as 'inbox/*.csv'. With --move-done or --move-failed finished files are moved away: those whose
    rows were sent, also if some were rejected, and those that could not be used.
    """
    saying = options.saying(given)
    inbox = Inbox(files, given["move_done"], given["move_failed"], given["settle_s"], given["wants_marker"])
    if inbox.folders:
        return _empty(inbox, given, saying)
    if given["wants_marker"]:
        raise UsageError("--marker is for an inbox: name with --move-done, --move-failed where files go.")
    return _import_each(files_named(files), given, saying)


def _empty(inbox: Inbox, given: dict, saying: options.Saying) -> int:
    whom = None
    try:
        job = job_of({**given, "report_dir": None})
        job = replace(job, report_root=given["report_dir"] or job.report_root)
        whom = addressee(given, job)
        return empty(inbox, job, given["mapping"], saying, whom)
    except ImporterError as error:
        if whom is not None:
            tell_somebody(whom, job, ", ".join(map(str, inbox.patterns)), error)
        raise


def _import_each(files: tuple[Path, ...], given: dict, saying: options.Saying) -> int:
    results: list[Ended | ImporterError] = []
    for file, folder in zip(files, report_folders(files), strict=True):
        # What is wrong with the command line or the environment would be for every file.
        job = job_of(given, folder)
        mapping, whom = given["mapping"], addressee(given, job)
        try:
            ended = carry_out(job, saying, lambda *room: import_file(job, file, mapping, *room))  # noqa: B023
        except ImporterError as error:
            click.echo(options.sentence(error), err=True)
            results.append(error)
            tell_somebody(whom, job, file.name, error)
            if isinstance(error, _ENDS_ALL):
                break
            continue
        tell(ended, saying)
        results.append(ended)
        tell_somebody(whom, job, file.name, ended)
        if ended.exit_code in (3, 4):
            break
        if ended.is_last and file != files[-1]:
            results.append(why := interrupted())
            click.echo(str(why), err=True)
            break
    if saying.is_json:
        tell_json(results)
    return worst(results)


def report_folders(files: tuple[Path, ...]) -> list[str]:
    """For each of several files its own folder under --report-dir, named after it; empty for a single file."""
    if len(files) == 1:
        return [""]
    names: list[str] = []
    for file in files:
        nth = 1
        while (name := file.stem if nth == 1 else f"{file.stem}-{nth}") in names:
            nth += 1
        names.append(name)
    return names


def job_of(given: dict, report_folder: str = "") -> Job:
    """The verb's own data from the command line's."""
    rows, percent = options.max_rejects(given.get("max_rejects"))
    rails = GuardRails(rows, percent, given.get("max_creates"), given.get("max_updates"), given.get("min_rows"))
    report_dir = given["report_dir"] / report_folder if given["report_dir"] is not None else None
    environment = options.environment(given["env_file"])
    return Job(
        journal=given["journal"], environment=environment, to=given["to"], plan=PLANS[given["plan_name"]] if given.get("plan_name") else None,
        report_dir=report_dir, repeated=options.remember(given["journal"], given["env_file"], given["to"]), rails=rails, choices=choices_of(given), is_new_run=bool(given.get("is_new_run")),
        offer_resume=_offer(bool(given["is_yes"])), is_watched=_is_attended(), finishes_s=options.finishes_s(environment),
    )  # fmt: skip


def choices_of(given: dict) -> Choices:
    """How the file is read, as far as the command line says."""
    return Choices(
        sheet=options.sheet_named(given.get("sheet")), header_row=given.get("header_row"), encoding=given.get("encoding"),
        delimiter=options.delimiter_named(given.get("delimiter")), limit=given.get("limit"),
        on_match=given.get("on_match"), is_rechecked=bool(given.get("is_rechecked")),
    )  # fmt: skip


def _is_attended() -> bool:
    """True when a person is at a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _offer(is_yes: bool):
    if is_yes:
        return lambda run: True
    if _is_attended():
        return lambda run: click.confirm(f"Run {run} of this file is not finished. Go on with it?", default=True, err=True)
    return None
