"""`b24-import verify`: its arguments and its printing."""

from __future__ import annotations

import click

from importer.access import open_access, unreachable
from importer.batcher.progress import Progress
from importer.cli import options, signals
from importer.cli.one_object import print_object
from importer.cli.progress import shown
from importer.cli.run_command import job_of
from importer.errors import UsageError
from importer.journal.history import History
from importer.portals.portal import Failure
from importer.report.wording import counted
from importer.verify import Verified, verify


@click.command("verify", short_help="Compare the portal with the journal.")
@click.argument("run", required=False)
@options.journal_option
@options.connection_options
@options.json_option
def command(run: str | None, is_json: bool, **given) -> int:
    """Look for every contact of RUN, or of the latest run, in the portal: missing, doubled, changed since."""
    job = job_of({**given, "report_dir": None, "is_yes": False})
    history = History.open(given["journal"])
    record = history.find(run)

    progress = Progress("asking")

    async def compare() -> Verified:
        access = open_access(job.environment, job.to, job.limits, progress, history.renamed_portal(record.portal_host))
        access.portal.marker = record.settings.get("marker")
        try:
            await access.get_ready()
            if access.portal.host != record.portal_host and history.renamed_portal(record.portal_host) is None:
                raise UsageError(f"run {record.run} went to {record.portal_host}, but the environment names {access.portal.host}.")
            return await verify(history, record, access.enquiry)
        except Failure as failure:
            raise unreachable(failure, access.portal) from None
        finally:
            await access.portal.close()

    with shown(progress, options.Saying()):
        made = signals.run(compare())
    if is_json:
        print_object(_object(made))
    else:
        click.echo("\n".join(_lines(made)))
    return made.exit_code


def _counts(made: Verified) -> dict[str, int]:
    kinds = [finding.kind for finding in made.findings]
    counts = {kind: kinds.count(kind) for kind in ("missing", "doubled", "changed")}
    return {"rows": made.rows, "sound": made.sound, **counts, "unidentified": made.unidentified, "rejected": made.rejected}


def _lines(made: Verified) -> list[str]:
    counts = _counts(made)
    lines = [f"row {finding.row}: {finding.kind}: {finding.told}" for finding in made.findings]
    told = ", ".join(f"{counts[kind]:,} {kind}" for kind in ("missing", "doubled", "changed"))
    lines.append(f"run {made.run.run}: {counted(made.rows - made.unidentified, 'contact')} looked for, {made.sound:,} there once and unchanged; {told}. {counted(made.requests, 'request')}.")
    if made.rejected:
        lines.append(f"{counted(made.rejected, 'row was', 'rows were')} rejected, so that there is no contact of {'it' if made.rejected == 1 else 'them'} to look for.")
    if made.unidentified:
        lines.append(f"{counted(made.unidentified, 'row')} {'was' if made.unidentified == 1 else 'were'} sent without an identity (`origin: false`) and cannot be looked for.")
    return lines


def _object(made: Verified) -> dict[str, object]:
    findings = [
        {"row": f.row, "kind": f.kind, "contact_ids": list(f.contact_ids), "problem": f.told} for f in made.findings
    ]
    return {"run": made.run.run, "counts": _counts(made), "findings": findings, "requests": made.requests, "exit_code": made.exit_code}
