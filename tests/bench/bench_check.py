"""Seconds and peak memory of `check --offline` over a million rows: `python -m tests.bench.bench_check [--rows N] [--profile]`.

Target: under 300 MB. Memory must not grow with the rows, so a tenth of them is measured beside it.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.bench.measuring import Measured, command_of, machine, measured, measured_over, megabytes, print_profile, verdict
from tests.bench.typical_file import write_csv, write_mapping

TARGET_BYTES = 300_000_000


def main() -> None:
    """Prints seconds, rows/s and peak memory of both sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--profile", action="store_true", help="also show where the time goes, for a tenth of the rows")
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mapping = write_mapping(folder)
        few, many = (write_csv(folder / f"typical_{rows}.csv", rows) for rows in (given.rows // 10, given.rows))
        _checked(few, mapping, given.rows // 10)
        done = _checked(many, mapping, given.rows)
        print(verdict(done.peak_bytes < TARGET_BYTES, "peak memory under 300 MB"))
        if given.profile:
            measured(command_of("check", few, "-m", mapping, "--offline", "--json", "--quiet", profile=folder / "profile"), folder)
            print_profile(folder / "profile")


def _checked(file: Path, mapping: Path, rows: int) -> Measured:
    done, _ = measured_over(rows, command_of("check", file, "-m", mapping, "--offline", "--json", "--quiet"), file.parent)
    print(f"{rows:>9,} rows: {done.wall_s:.1f} s ({done.cpu_s:.1f} s of CPU), {rows / done.wall_s:,.0f} rows/s, {megabytes(done)}")
    return done


if __name__ == "__main__":
    main()
