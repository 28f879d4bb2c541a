"""`b24-import resume`: its arguments and its printing."""

from __future__ import annotations

import click

from importer.cli import options
from importer.cli.importing import carry_out, tell, tell_json
from importer.cli.notices import addressee, tell_somebody
from importer.cli.run_command import job_of
from importer.errors import ImporterError, UsageError
from importer.resuming import resume


@click.command("resume", short_help="Go on with an interrupted run.")
@click.argument("run", required=False)
@click.option("--plan", "plan_name", type=click.Choice(["standard", "enterprise"]), help="[default: the plan the run began with]")
@options.journal_option
@options.report_dir_option
@options.connection_options
@options.saying_options
@options.notify_option
def command(run: str | None, **given) -> int:
    """Go on with RUN, or with the latest unfinished run: rows of unknown fate are looked up first."""
    saying = options.saying(given)
    whom = None
    try:
        job = job_of(given)
        whom = addressee(given, job)
        ended = carry_out(job, saying, lambda *room: resume(job, run, *room), is_there=True)
    except ImporterError as error:
        if not isinstance(error, UsageError):
            tell_somebody(whom, job, run or "the unfinished run", error)
        raise
    tell(ended, saying)
    tell_somebody(whom, job, ended.facts.source_name, ended)
    if saying.is_json:
        tell_json([ended])
    return ended.exit_code
