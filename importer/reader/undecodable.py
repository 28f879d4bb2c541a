"""Records with bytes that have no meaning in the file's encoding: such a record is broken, and its text fit to be kept.

`encoding` decodes such bytes to marks. They are told here, of the records of every kind of file: a mark that got
further could be neither journaled nor sent.
"""

from __future__ import annotations

from importer.reader.encoding import MARKED
from importer.reader.grid import Record
from importer.records import RowProblem

_PROBLEM = RowProblem(
    "bad_encoding",
    "the record has bytes that have no meaning in the file's encoding (shown as �). "
    "Correct them, or say which encoding the file is in.",
)


def has_marks(text: str) -> bool:
    """The text has marks of undecodable bytes."""
    return MARKED.search(text) is not None


def without_marks(record: Record) -> Record:
    """The record as it is, or broken and with each mark shown as a replacement character."""
    number, cells, problem, flaws = record
    if not any(map(has_marks, cells)):
        return record
    return number, [MARKED.sub("\N{REPLACEMENT CHARACTER}", cell) for cell in cells], problem or _PROBLEM, flaws
