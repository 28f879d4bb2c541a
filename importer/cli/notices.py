"""--notify: what is told of a run that ended, or that could not begin, and what is said when telling fails."""

from __future__ import annotations

import logging

import click

from importer.cli import signals
from importer.cli.importing import result_object
from importer.cli.options import sentence
from importer.ending import Ended
from importer.errors import ImporterError
from importer.job import Job
from importer.notify import Addressee, Notice, tell_address, tell_portal
from importer.report.text import summary_text

_log = logging.getLogger("b24-import")

#: The variable that names the addressee where the command line does not: an address may be a secret.
VARIABLE = "B24_IMPORT_NOTIFY"


def addressee(given: dict, job: Job) -> Addressee | None:
    """Whom to tell, from the command line, else the environment; None for nobody. Raises UsageError."""
    text = given.get("notify") or job.environment.get(VARIABLE, "")
    return Addressee.parse(text) if text.strip() else None


def tell_somebody(whom: Addressee | None, job: Job, source: str, result: Ended | ImporterError) -> None:
    """Tells how a run of `source` ended, also when none began. A failure is a warning and changes nothing else."""
    if whom is None:
        return
    notice = Notice(_text(source, result), {"source": {"file": source}, **result_object(result)})
    if whom.url is None:
        failed = signals.run(tell_portal(job.environment, job.to, job.limits, notice))
    else:
        failed = signals.run(tell_address(whom, notice))
    if failed:
        click.echo(f"--notify {whom}: nobody was told how {source} ended: {failed.rstrip('.')}.", err=True)
    _log.log(logging.WARNING if failed else logging.INFO, "not_notified" if failed else "notified", extra={"facts": {"whom": str(whom)}})


def _text(source: str, result: Ended | ImporterError) -> str:
    if isinstance(result, Ended):
        return f"b24-import: {summary_text(result.facts, result.report_dir)}"
    # Not "nothing was imported": the process may have died late, or gone on with what an earlier one sent.
    return f"b24-import: the import of {source} did not come to its end (exit code {result.exit_code}).\n{sentence(result)}"
