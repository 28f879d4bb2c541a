"""`b24-import demo`: a sandbox portal of its own, the sample imported into it, the report named."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import click

from importer.cli import options
from importer.cli.importing import carry_out, tell, tell_json
from importer.cli.signals import Terminated, interrupted
from importer.ending import Ended
from importer.errors import ImporterError, Interrupted
from importer.job import BEGINS_ANEW, Job
from importer.pacing.plans import PLANS
from importer.run import import_file

SAMPLE, MAPPING = "clients.xlsx", "clients.yaml"


def shipped(folder: str, name: str) -> Path:
    """A file of `samples/` or `mappings/`, wherever the package is installed."""
    for root in (Path(str(files("importer"))) / "shipped", Path(str(files("importer"))).parent):
        if (root / folder / name).is_file():
            return root / folder / name
    raise ImporterError(f"{folder}/{name} is not installed. Install b24-import again.")


@click.command("demo", short_help="Start the sandbox portal, import the samples into it.")
@click.option("--keep", "is_kept", is_flag=True, help="Leave the portal up, so that its contact pages can be opened.")
@options.report_dir_option
@options.saying_options
def command(is_kept: bool, **given) -> int:
    """Start the sandbox portal on a free port, import a sample of some hundred contacts, name the report."""
    saying = options.saying(given)
    try:
        ended = _shown(given["report_dir"], saying, is_kept=is_kept)
    except KeyboardInterrupt:
        raise interrupted(BEGINS_ANEW) from None
    return _exit_code(ended)


def _shown(report_dir: Path | None, saying: options.Saying, *, is_kept: bool) -> Ended:
    with _sandbox() as (webhook, folder):
        if not saying.is_quiet:
            click.echo(f"Sandbox portal at {webhook.split('/rest/')[0]}/ · importing {SAMPLE} with {MAPPING}", err=True)
        job = Job(
            journal=folder / "journal.db", environment={"B24_WEBHOOK_URL": webhook, "B24_IMPORT_STATE": str(folder)},
            plan=PLANS["standard"], report_dir=report_dir, is_journal_kept=False,
        )  # fmt: skip
        sample, mapping = shipped("samples", SAMPLE), shipped("mappings", MAPPING)
        ended = carry_out(job, saying, lambda *room: import_file(job, sample, mapping, *room))
        # Its rejected rows are wrong on purpose.
        tell(ended, saying, needs_somebody=False)
        if saying.is_json:
            tell_json([ended])
        if is_kept and ended.exit_code != Interrupted.exit_code:
            _keep(webhook)
        elif not saying.is_json:
            click.echo("The sandbox has ended; `b24-import demo --keep` leaves it up so that the report's links open.")
    return ended


def _exit_code(ended: Ended) -> int:
    """0 also for the sample's rows that are wrong on purpose: the demo did what it should."""
    return 0 if ended.exit_code == 1 else ended.exit_code


def _keep(webhook: str) -> None:
    try:
        click.echo(f"The portal stays up at {webhook.split('/rest/')[0]}/ until Ctrl-C.", err=True)
        signal.pause() if hasattr(signal, "pause") else input()
    except Terminated:
        raise
    except (KeyboardInterrupt, EOFError):
        return


@contextmanager
def _sandbox() -> Iterator[tuple[str, Path]]:
    """The webhook of a sandbox that runs as a process of its own, as a real portal would, and a folder that goes with it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "importer.cli.demo_portal"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        # A signal to the terminal's programs is for the import.
        start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    try:
        folder, webhook = (process.stdout.readline().strip() for _ in range(2))
        if not webhook.startswith("http://127.0.0.1:"):
            raise ImporterError("The sandbox portal did not start. `b24-import sandbox` shows why.")
        yield webhook, Path(folder)
    finally:
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
