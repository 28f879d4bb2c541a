"""Client CPU of a run beyond reading and mapping: `python -m tests.bench.bench_run [--rows FEW MANY] [--sandbox] [--profile]`.

Target: 1 s for 10,000 rows. CPU of `run` (journal, batches, answers, report) less that of `check` against the same portal
(reading, mapping, asking for fields), at two sizes that lie 10,000 rows apart: what grows with the rows is told apart from
what every run costs once (modules for sending and reports). A shared machine is half as fast in one minute as in the next:
each round measures all four, one right after the other, and the round in the middle counts; an empty loop timed before and
after tells how fast the machine is just then.

The portal answers from a template (template_portal.py), for a real one does its work elsewhere; the plan is Enterprise, so
that no request waits. With `--sandbox` the sandbox answers, which takes three times the client's CPU on the same processor.
With `--rows 5000 25000` half of the larger run's requests wait for the portal's pace. Either way the client finds the
processor's caches cold when its turn comes, and its work takes longer.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.measuring import ROOT, Measured, command_of, machine, measured, measured_over, megabytes, print_profile, speed, verdict
from tests.bench.typical_file import write_csv, write_mapping

TARGET_S = 1.0
_PER_ROWS = 10_000


@contextmanager
def quick_sandbox(folder: Path) -> Iterator[str]:
    """The webhook of a sandbox process that answers as fast as it can."""
    with _portal(folder, "importer.sandbox", "--plan", "enterprise", "--speed", "1000", "--seconds-per-command", "0.0001") as webhook:
        yield webhook


@contextmanager
def _template_portal(folder: Path) -> Iterator[str]:
    """The webhook of a portal whose answers cost next to nothing, a sandbox behind it."""
    with quick_sandbox(folder) as behind, _portal(folder, "tests.bench.template_portal", behind) as webhook:
        yield webhook


@contextmanager
def _portal(folder: Path, module: str, *arguments: str) -> Iterator[str]:
    command = [sys.executable, "-m", module, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@dataclass
class Costs:
    """CPU seconds over one size of file, a value a round."""

    rows: int
    check_s: list[float] = field(default_factory=list)
    run_s: list[float] = field(default_factory=list)
    peak: str = ""
    #: against the whole sandbox, whose work then shares the processor
    is_before_sandbox: bool = False

    @property
    def beyond_s(self) -> list[float]:
        """What a run takes more than a check, round by round."""
        return [run_s - check_s for run_s, check_s in zip(self.run_s, self.check_s, strict=True)]

    def measure(self) -> None:
        """One more round."""
        self.check_s.append(_run(self.rows, "check", is_before_sandbox=self.is_before_sandbox).cpu_s)
        ran = _run(self.rows, "run", is_before_sandbox=self.is_before_sandbox)
        self.run_s.append(ran.cpu_s)
        self.peak = megabytes(ran)

    def __str__(self) -> str:
        checks, runs = (", ".join(f"{seconds:.2f}" for seconds in found) for found in (self.check_s, self.run_s))
        return f"{self.rows:,} rows: check {checks} s of CPU, run {runs}, {self.peak}"


def main() -> None:
    """Prints CPU seconds of check and run at two sizes, and what their difference is for 10,000 rows and once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs=2, metavar=("FEW", "MANY"), default=(2_000, 12_000))
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--sandbox", action="store_true", help="let the sandbox answer, on the processor that is measured")
    parser.add_argument("--profile", action="store_true", help="also show where the time of another run goes")
    given = parser.parse_args()
    print(machine())
    print(speed())
    few, many = (Costs(rows, is_before_sandbox=given.sandbox) for rows in given.rows)
    for _ in range(given.repeat):
        few.measure()
        many.measure()
    print(few, many, speed(), sep="\n")
    slopes = [(more - less) / (many.rows - few.rows) for more, less in zip(many.beyond_s, few.beyond_s, strict=True)]
    each_s = median(slopes)
    once_s = median(less - slope * few.rows for less, slope in zip(few.beyond_s, slopes, strict=True))
    rounds = ", ".join(f"{slope * _PER_ROWS:.2f}" for slope in sorted(slopes))
    print(f"beyond mapping: {each_s * _PER_ROWS:.2f} s of CPU for {_PER_ROWS:,} rows ({rounds}), and {once_s:.2f} s once a run")
    print(verdict(each_s * _PER_ROWS <= TARGET_S, f"at most {TARGET_S:.0f} s for {_PER_ROWS:,} rows"))
    if given.profile:
        _run(given.rows[1], "run", profile=True)


def _run(rows: int, verb: str, *, profile: bool = False, is_before_sandbox: bool = False) -> Measured:
    """One check or run with a portal and a journal of its own: nothing is there already."""
    portal = quick_sandbox if is_before_sandbox else _template_portal
    with tempfile.TemporaryDirectory() as name, portal(Path(name)) as webhook:
        folder = Path(name)
        environment = {"B24_WEBHOOK_URL": webhook, "B24_IMPORT_STATE": name}
        file, mapping = write_csv(folder / "typical.csv", rows), write_mapping(folder)
        arguments = (verb, file, "-m", mapping, "--plan", "enterprise", "--yes", "--json", "--quiet")
        if profile:
            done = measured(command_of(*arguments, profile=folder / "profile"), folder, environment)
            print_profile(folder / "profile")
            return done
        done, summary = measured_over(rows, command_of(*arguments), folder, environment)
        if verb == "run":
            counts, requests = summary["counts"], summary["requests"]
            print(f"  {counts['created']:,} created in {requests['sent']:,} requests, {requests['limited']} refused, {done.wall_s:.0f} s in all")
        return done


if __name__ == "__main__":
    main()
