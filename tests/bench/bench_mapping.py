"""Rows a second through reader and mapping, on one core: `python -m tests.bench.bench_mapping [--rows N] [--profile]`.

Target: 10,000 rows/s for a typical 12-column CSV. In this process, the best of three passes; the portal's directory of
contact types is known, as in a run.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from importer.mapping.binding import Mapper, bind
from importer.mapping.contact_fields import offline_catalogue
from importer.mapping.mapping_file import load_mapping
from importer.reader.source import Source, open_source
from importer.records import ListItem
from tests.bench.measuring import machine, print_profile, verdict
from tests.bench.typical_file import write_csv, write_mapping

TARGET_ROWS_PER_S = 10_000
_TYPES = tuple(ListItem(word, word.title()) for word in ("CLIENT", "SUPPLIER", "PARTNER", "OTHER"))


def opened(file: Path, mapping: Path) -> tuple[Source, Mapper]:
    """A source and the mapper that fits it, fresh, so that nothing is remembered from the pass before."""
    loaded = load_mapping(mapping)
    source = open_source(file, expected=loaded.columns())
    catalogue = replace(offline_catalogue(), statuses={"CONTACT_TYPE": _TYPES, "SOURCE": _TYPES})
    return source, bind(loaded, source.header, catalogue, source_name=file.name)


def read_and_map(source: Source, mapper: Mapper) -> int:
    """How many rows became contacts."""
    return sum(mapper.map(row).contact is not None for row in source.rows())


def main() -> None:
    """Prints rows/s of reading alone and of reading and mapping."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--profile", action="store_true", help="also show where the time goes")
    given = parser.parse_args()
    print(machine())
    print(f"command: python -m tests.bench.bench_mapping --rows {given.rows}")
    with tempfile.TemporaryDirectory() as folder:
        file, mapping = write_csv(Path(folder) / "typical.csv", given.rows), write_mapping(Path(folder))
        reading_s = min(_seconds(lambda: sum(1 for _ in opened(file, mapping)[0].rows())) for _ in range(3))
        both_s = min(_seconds(lambda: read_and_map(*opened(file, mapping))) for _ in range(3))
        print(f"reading alone:       {given.rows / reading_s:>9,.0f} rows/s")
        print(f"reading and mapping: {given.rows / both_s:>9,.0f} rows/s ({both_s:.2f} s of CPU for {given.rows:,} rows)")
        print(verdict(given.rows / both_s >= TARGET_ROWS_PER_S, f"{TARGET_ROWS_PER_S:,} rows/s"))
        if given.profile:
            profile = cProfile.Profile()
            profile.runcall(read_and_map, *opened(file, mapping))
            print_profile(pstats.Stats(profile))


def _seconds(work) -> float:
    """CPU seconds, which other programs on the machine do not lengthen."""
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
