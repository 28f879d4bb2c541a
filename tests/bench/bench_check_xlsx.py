"""Seconds of `check --offline` over 100,000 rows as CSV and as XLSX: `python -m tests.bench.bench_check_xlsx [--rows N] [--profile]`.

Target: under 15 s each on 2 cores.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
from pathlib import Path

from tests.bench.measuring import command_of, machine, measured, measured_over, megabytes, print_profile, verdict
from tests.bench.typical_file import write_csv, write_mapping, write_xlsx

TARGET_S = 15.0


def main() -> None:
    """Prints seconds and peak memory of both kinds of file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--profile", action="store_true", help="also show where the time goes in the XLSX")
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mapping = write_mapping(folder)
        files = folder / "typical.csv", folder / "typical.xlsx"
        for write, file in zip((write_csv, write_xlsx), files, strict=True):
            # In a process of its own: what this one holds would count as the peak of those it starts.
            writer = multiprocessing.get_context("spawn").Process(target=write, args=(file, given.rows))
            writer.start()
            writer.join()
            done, _ = measured_over(given.rows, command_of("check", file, "-m", mapping, "--offline", "--json", "--quiet"), folder)
            print(f"{given.rows:,} rows, {file.stat().st_size / 1e6:.1f} MB: {done.wall_s:.1f} s ({done.cpu_s:.1f} s of CPU), {megabytes(done)}")
            print(verdict(done.wall_s < TARGET_S, f"under {TARGET_S:.0f} s"))
        if given.profile:
            measured(command_of("check", files[1], "-m", mapping, "--offline", "--json", "--quiet", profile=folder / "profile"), folder)
            print_profile(folder / "profile")


if __name__ == "__main__":
    main()
