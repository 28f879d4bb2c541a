"""`b24-import runs`: the journal's runs, one line each."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from importer.cli.options import journal_option, json_option
from importer.cli.progress import duration
from importer.journal.history import History


@click.command("runs", short_help="List the journal's runs.")
@journal_option
@json_option
def command(journal: Path, is_json: bool) -> int:
    """The journal's runs, oldest first."""
    history = History.open(journal)
    runs = [(run, history.counts(run.id)) for run in history.runs()]
    if is_json:
        objects = [
            {"run": run.run, "state": run.state, "started": _time(run.started, "T"), "source": Path(run.source_path).name,
             "portal": run.portal_host, "counts": counts, "exit_code": run.exit_code}
            for run, counts in runs
        ]  # fmt: skip
        click.echo(json.dumps({"runs": objects}, ensure_ascii=False, indent=2))
        return 0
    for run, counts in runs:
        told = ", ".join(f"{n:,} {_said(state)}" for state, n in counts.items()) or "no rows"
        click.echo(f"{run.run}  {_time(run.started, ' ')}  {run.state:<11}  {duration(run.busy_s):>12}  "
                   f"{Path(run.source_path).name} → {run.portal_host}: {told}")  # fmt: skip
    return 0


def _said(state: str) -> str:
    return {"new": "not sent yet", "sending": "in flight"}.get(state, state)


def _time(seconds: float, between: str) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(sep=between, timespec="minutes")
