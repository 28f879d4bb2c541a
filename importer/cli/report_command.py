"""`b24-import report`: writes a run's report again, from the journal."""

from __future__ import annotations

from pathlib import Path

import click

from importer.cli.one_object import print_object
from importer.cli.options import journal_option, json_option, remember, report_dir_option
from importer.ending import report_folder
from importer.journal.history import History
from importer.report.summary import summary
from importer.report.text import summary_text
from importer.report.writing import write_report


@click.command("report", short_help="Write a run's report again.")
@click.argument("run", required=False)
@journal_option
@report_dir_option
@json_option
def command(run: str | None, journal: Path, report_dir: Path | None, is_json: bool) -> int:
    """Write the report of RUN, or of the latest run."""
    remember(journal)
    history = History.open(journal)
    record = history.find(run)
    directory = report_dir or report_folder(record)
    facts = write_report(history, record, directory)
    if is_json:
        print_object(summary(facts))
    else:
        click.echo(summary_text(facts, directory))
    return 0
