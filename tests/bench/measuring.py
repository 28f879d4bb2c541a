"""What the benches share: the machine in a line, and a child process with its seconds, CPU and peak memory."""

from __future__ import annotations

import json
import os
import platform
import pstats
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Measured:
    """One finished child process."""

    exit_code: int
    #: its standard output
    output: str
    wall_s: float
    #: user and system seconds of all its threads
    cpu_s: float
    #: largest resident memory
    peak_bytes: int


def machine() -> str:
    """Processors we may use, their kind, and the interpreter."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return f"machine: {usable} CPUs ({_processor()}){load}; Python {platform.python_version()}, {platform.system()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def speed() -> str:
    """How fast one core is just now: CPU seconds of ten million turns of an empty loop."""
    began = time.process_time()
    for _ in range(10_000_000):
        pass
    return f"speed: ten million turns of an empty loop in {time.process_time() - began:.2f} s"


def command_of(*arguments: object, profile: Path | None = None) -> list[str]:
    """`python -m importer …`, under cProfile when its figures are to go to a file."""
    profiling = ["-m", "cProfile", "-o", str(profile)] if profile else []
    return [sys.executable, *profiling, "-m", "importer", *map(str, arguments)]


def told(command: list[str]) -> str:
    """A command as a person would type it: without folders."""
    return " ".join(Path(word).name if os.sep in word else word for word in command)


def measured(command: list[str], folder: Path, environment: Mapping[str, str] = {}) -> Measured:
    """Runs a command to its end in `folder`, with our own checkout as the package.

    Peak memory begins at what this process holds, because a child starts as its copy: keep large things out of here.
    """
    whole = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env=whole, stdout=subprocess.PIPE, text=True) as process:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    # Kilobytes on Linux, bytes on macOS (getrusage(2)).
    peak_bytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Measured(process.returncode, output, wall_s, usage.ru_utime + usage.ru_stime, peak_bytes)


def measured_over(rows: int, command: list[str], folder: Path, environment: Mapping[str, str] = {}) -> tuple[Measured, dict]:
    """The same for a `--json` command over so many rows, with its summary.

    Exits when the summary is not about all of them: a crash ends in 1 as rejected rows do, and is quick.
    """
    done = measured(command, folder, environment)
    try:
        summary = json.loads(done.output)
        seen = summary["rows"] if "rows" in summary else summary["counts"]["rows"]
    except (ValueError, KeyError):
        raise SystemExit(f"{told(command)} ended with {done.exit_code} and no summary: {done.output}") from None
    if seen != rows:
        raise SystemExit(f"{told(command)} saw {seen} of {rows} rows")
    print(f"command: {told(command)}")
    return done, summary


def megabytes(done: Measured) -> str:
    """Peak memory as people read it, in millions of bytes."""
    return f"peak {done.peak_bytes / 1e6:.0f} MB"


def verdict(is_met: bool, target: str) -> str:
    """A line about a target, with `MISSED` for the eye."""
    return f"target: {target}: {'met' if is_met else 'MISSED'}"


def print_profile(path: Path | pstats.Stats, lines: int = 25) -> None:
    """The functions with the most time of their own, then those with the most in all."""
    stats = path if isinstance(path, pstats.Stats) else pstats.Stats(str(path))
    stats.strip_dirs().sort_stats("tottime").print_stats(lines)
    stats.sort_stats("cumtime").print_stats(lines * 2)
