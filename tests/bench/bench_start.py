"""Start time of `b24-import --help`: `python -m tests.bench.bench_start [--profile]`.

Target: under 0.3 s. The median of eleven starts, after one that warms the disk's cache.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.measuring import ROOT, command_of, machine, measured, told, verdict

TARGET_S = 0.3


def main() -> None:
    """Prints the median, the best and the worst start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", action="store_true", help="also show the imports that take longest")
    given = parser.parse_args()
    print(machine())
    command = command_of("--help")
    with tempfile.TemporaryDirectory() as folder:
        starts = [measured(command, Path(folder)) for _ in range(12)][1:]
    walls = [start.wall_s for start in starts]
    print(f"command: {told(command)}")
    print(f"median {statistics.median(walls):.3f} s, best {min(walls):.3f} s, worst {max(walls):.3f} s; CPU {statistics.median(s.cpu_s for s in starts):.3f} s")
    print(verdict(statistics.median(walls) < TARGET_S, f"under {TARGET_S} s"))
    if given.profile:
        _print_slow_imports()


def _print_slow_imports() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "importer", "--help"]
    report = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr
    # "import time: self [us] | cumulative | imported package"
    lines = [line for line in report.splitlines() if line.startswith("import time:") and "[us]" not in line]
    lines.sort(key=lambda line: -int(line.split("|")[1]))
    print("\n".join(lines[:15]))


if __name__ == "__main__":
    main()
