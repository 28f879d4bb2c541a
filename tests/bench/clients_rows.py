"""The rows that all clients of `bench_clients` add: invented people with origin, phone and e-mail, in the form each takes.

Ours gets a CSV file and a mapping, the others the very fields that come out of it, as JSON.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAPPING = """\
version: 1
origin: {originator: bench, id: Key}
defaults: {region: RU}
params: {IMPORT: Y}
fields:
  NAME: First name
  LAST_NAME: Last name
  PHONE: {column: Phone, type: WORK}
  EMAIL: {column: E-mail, type: WORK}
"""

_COLUMNS = ("Key", "First name", "Last name", "Phone", "E-mail")
_FIRST = "Antonia Bela Cosmo Delia Emeric Flora Gaspar Hilda Ivo Junia Kasimir Livia Magnus Nora Orfeo Petra Quirin".split()
_LAST = "Alderbrook Brackenbury Copperdale Dunmarrow Elmsgate Fernhollow Greymantle Hazelwick Ironquill Juniperley".split()


@dataclass(frozen=True)
class Files:
    """The same rows in files of one folder."""

    table: Path
    mapping: Path
    #: a list of parameters of crm.contact.add
    contacts: Path


def origins(count: int) -> list[str]:
    """ORIGIN_ID of each row."""
    return [f"K-{number:06}" for number in range(1, count + 1)]


def write_rows(folder: Path, count: int) -> Files:
    """So many rows in all forms; always the same ones."""
    files = Files(folder / "people.csv", folder / "people.yaml", folder / "contacts.json")
    rows = list(_rows(count))
    with files.table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(rows)
    files.mapping.write_text(MAPPING, encoding="utf-8")
    files.contacts.write_text(json.dumps([_contact(*row) for row in rows]), encoding="utf-8")
    return files


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    for number, key in enumerate(origins(count)):
        first, last = _FIRST[number % len(_FIRST)], _LAST[number % len(_LAST)]
        yield key, first, last, f"+7900{number:07}", f"{first}.{last}.{number}@example.com".lower()


def _contact(key: str, first: str, last: str, phone: str, email: str) -> dict[str, object]:
    fields = {
        "NAME": first,
        "LAST_NAME": last,
        "PHONE": [{"VALUE": phone, "VALUE_TYPE": "WORK"}],
        "EMAIL": [{"VALUE": email, "VALUE_TYPE": "WORK"}],
        "ORIGINATOR_ID": "bench",
        "ORIGIN_ID": key,
    }
    return {"fields": fields, "params": {"IMPORT": "Y"}}
