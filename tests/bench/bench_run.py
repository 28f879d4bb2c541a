"""Client CPU of a run beyond reading and mapping: `python -m tests.bench.bench_run [--rows N] [--profile]`.

Target: 1 s for 10,000 rows. The sandbox is a process of its own whose commands cost next to nothing, on the Enterprise
plan, so that hardly anything is waited for. CPU of `run` (journal, batches, answers, report) less that of `check`
against the same portal (reading, mapping, asking for fields).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measuring import ROOT, Measured, command_of, machine, measured, measured_over, megabytes, print_profile, verdict
from tests.bench.typical_file import write_csv, write_mapping

TARGET_S = 1.0
_PER_ROWS = 10_000


@contextmanager
def quick_sandbox(folder: Path) -> Iterator[str]:
    """The webhook of a sandbox process that answers as fast as it can."""
    command = [sys.executable, "-m", "importer.sandbox", "--plan", "enterprise", "--speed", "1000", "--seconds-per-command", "0.0001"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def main() -> None:
    """Prints CPU seconds of check and run, and their difference for 10,000 rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--profile", action="store_true", help="also show where the time of another run goes")
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as name, quick_sandbox(Path(name)) as webhook:
        folder = Path(name)
        environment = {"B24_WEBHOOK_URL": webhook, "B24_IMPORT_STATE": name}
        file, mapping = write_csv(folder / "typical.csv", given.rows), write_mapping(folder)
        saying = ("--plan", "enterprise", "--yes", "--json", "--quiet")
        checked, _ = measured_over(given.rows, command_of("check", file, "-m", mapping, *saying), folder, environment)
        ran, summary = measured_over(given.rows, command_of("run", file, "-m", mapping, *saying), folder, environment)
        _print_figures(given.rows, checked, ran, summary)
        if given.profile:
            measured(command_of("run", file, "-m", mapping, *saying, profile=folder / "profile"), folder, environment)
            print_profile(folder / "profile")


def _print_figures(rows: int, checked: Measured, ran: Measured, summary: dict) -> None:
    beyond_s = (ran.cpu_s - checked.cpu_s) * _PER_ROWS / rows
    print(f"check: {checked.cpu_s:.2f} s of CPU, {checked.wall_s:.2f} s in all, {megabytes(checked)}")
    print(f"run:   {ran.cpu_s:.2f} s of CPU, {ran.wall_s:.2f} s in all, {megabytes(ran)}")
    print(f"       {summary['counts']['created']:,} created in {summary['requests']['sent']:,} requests, {summary['requests']['limited']} refused")
    print(f"beyond mapping: {beyond_s:.2f} s of CPU for {_PER_ROWS:,} rows")
    print(verdict(beyond_s <= TARGET_S, f"at most {TARGET_S:.0f} s for {_PER_ROWS:,} rows"))


if __name__ == "__main__":
    main()
