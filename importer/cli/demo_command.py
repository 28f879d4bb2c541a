"""`b24-import demo`: a sandbox portal of its own, the sample imported into it, the report named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import click

from importer.cli import options
from importer.cli.importing import carry_out, tell, tell_json
from importer.ending import Ended
from importer.errors import ImporterError
from importer.pacing.plans import PLANS
from importer.run import Job, import_file

SAMPLE, MAPPING = "clients.xlsx", "clients.yaml"

# The portal's 0.08 s a contact shown four times as fast: long enough to watch, short enough to wait for.
_SPEED = "4"


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
    with tempfile.TemporaryDirectory(prefix="b24-import-demo-") as folder, _sandbox() as webhook:
        if not saying.is_quiet:
            click.echo(f"Sandbox portal at {webhook.split('/rest/')[0]}/ · importing {SAMPLE} with {MAPPING}", err=True)
        job = Job(
            journal=Path(folder) / "journal.db", environment={"B24_WEBHOOK_URL": webhook, "B24_IMPORT_STATE": folder},
            plan=PLANS["standard"], report_dir=given["report_dir"],
        )  # fmt: skip
        sample, mapping = shipped("samples", SAMPLE), shipped("mappings", MAPPING)
        ended = carry_out(job, saying, lambda *room: import_file(job, sample, mapping, *room))
        tell(ended, saying)
        if saying.is_json:
            tell_json([ended])
        if is_kept:
            _keep(webhook)
        elif not saying.is_json:
            click.echo("The sandbox has ended; `b24-import demo --keep` leaves it up so that the report's links open.")
    return _exit_code(ended)


def _exit_code(ended: Ended) -> int:
    """0 also for the sample's rows that are wrong on purpose: the demo did what it should."""
    return 0 if ended.exit_code == 1 else ended.exit_code


def _keep(webhook: str) -> None:
    click.echo(f"The portal stays up at {webhook.split('/rest/')[0]}/ until Ctrl-C.", err=True)
    try:
        signal.pause() if hasattr(signal, "pause") else input()
    except (KeyboardInterrupt, EOFError):
        return


@contextmanager
def _sandbox() -> Iterator[str]:
    """The webhook of a sandbox that runs as a process of its own, as a real portal would."""
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", "sandbox", "--port", "0", "--speed", _SPEED],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        # Ctrl-C in the terminal is for the import; the portal must live until the calls in flight are answered.
        start_new_session=True,
    )  # fmt: skip
    try:
        webhook = process.stdout.readline().strip() if process.stdout else ""
        if not webhook.startswith("http://127.0.0.1:"):
            raise ImporterError("The sandbox portal did not start. `b24-import sandbox` shows why.")
        yield webhook
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
