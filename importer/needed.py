"""What planned rows need beside their contacts, as the journal's own rows: companies, and entries of lists.

Which they are is collected while rows are planned (findings.py); they are sent before the rows (sending.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from importer.journal.entries import PlannedRow
from importer.mapping.new_items import ItemList
from importer.records import STAMP


def planned_companies(titles: Iterable[str], run: str) -> Iterator[PlannedRow]:
    """The companies that a planned file needs and the portal does not have, each once, with the run's stamp."""
    for number, title in enumerate(titles, start=1):
        origin = (STAMP, f"{run}:c{number}")
        fields = {"TITLE": title, "ORIGINATOR_ID": origin[0], "ORIGIN_ID": origin[1]}
        yield PlannedRow(number, "new", [title], fields, origin)


def planned_entries(entries: Iterable[tuple[ItemList, str]]) -> Iterator[PlannedRow]:
    """The list entries that a planned file needs and the portal does not have, each once, with the code it gets there."""
    for number, (whose, text) in enumerate(entries, start=1):
        fields = {"text": text, "is_directory": whose.is_directory}
        yield PlannedRow(number, "new", [text], fields, (whose.name, whose.code(text)))
