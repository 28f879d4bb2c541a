"""Journaled rows as the operations that send them: files read in, placeholders replaced by what was created before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from importer.batcher.attachments import FileGone, file_data
from importer.batcher.kinds import Kind
from importer.batcher.terms import Terms
from importer.journal.entries import QueuedRow, Settled
from importer.portals.operations import Add, AddCompany, NewAddress, Operation
from importer.portals.portal import Portal
from importer.records import STAMP, RowProblem

# Our own choice: content of files in one request, as base64, so that a slow line still carries it within the 60 s
# that the portal gives a request (4 Mbit/s do). One row alone may have more.
MOST_BATCH_BYTES = 16 * 1024 * 1024

# And in all requests on their way: each holds its content in memory some three times over.
MOST_BYTES_AT_ONCE = 2 * MOST_BATCH_BYTES

#: Commands of a contact with an address: itself, its requisite, the address. Source: apidocs.bitrix24.com, crm.address.add.
COMMANDS_WITH_ADDRESS = 3

# Rows whose values are in memory together while they are made ready: of a thousand, the processor's cache holds only some,
# and each takes a quarter longer (measured).
_PREPARED_AT_ONCE = 100

# Bytes of contacts that are made ready ahead, each of which takes up to three as it is sent; five hundred take some 300 kB.
_MOST_BYTES_AHEAD = 4 * 1024 * 1024


@dataclass(slots=True)
class Load:
    """Rows that leave in one request, each with its operation."""

    rows: list[QueuedRow] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    #: base64 of files in the operations
    size: int = 0
    #: rows that did not fit any more
    left: list[QueuedRow] = field(default_factory=list)
    #: rows that cannot leave at all
    refused: list[Settled] = field(default_factory=list)
    #: what the people of rows should know although the rows went
    warnings: dict[int, RowProblem] = field(default_factory=dict)


class Loader:
    """Makes the operations of one run's rows."""

    def __init__(self, kind: Kind, terms: Terms, portal: Portal) -> None:
        self._kind, self._terms, self._portal = kind, terms, portal
        # What is replaced or read from files is not known until the row leaves.
        self._is_known_ahead = kind.operation in (Add, AddCompany) and not terms.replacements and terms.folder is None

    def prepare(self, rows: Sequence[QueuedRow]) -> None:
        """Does ahead what can be done of sending these rows; what is left undone of one is done when it leaves."""
        plain = [row for row in rows if not row.address] if self._is_known_ahead else []
        size = 0
        for at in range(0, len(plain), _PREPARED_AT_ONCE):
            some = plain[at : at + _PREPARED_AT_ONCE]
            size += sum(len(row.contact) for row in some)
            if size > _MOST_BYTES_AHEAD:
                return
            for row, ready in zip(some, self._portal.ahead(self._kind.operation, [row.fields for row in some], self._terms.params), strict=True):
                row.ready = ready

    def bare(self, row: QueuedRow) -> Operation:
        """The row's operation with its files still by name: enough to judge it by."""
        return self._add(row, row.fields)

    def _add(self, row: QueuedRow, fields: dict[str, object]) -> Operation:
        address = self.address(row)
        more: dict[str, object] = {} if address is None else {"address": address}
        if self._kind.operation in (Add, AddCompany):
            more["row"] = row.row
        return self._kind.operation(fields, self._terms.params, **more)

    def address(self, row: QueuedRow) -> NewAddress | None:
        """The address that goes with the row's contact, named after it."""
        if not row.address or self._terms.preset_id is None:
            return None
        fields = row.fields
        name = " ".join(str(fields[part]) for part in ("LAST_NAME", "NAME") if part in fields)
        # A dollar sign might read as a reference; nothing hangs on the name.
        name = "Address" if "$" in name or not name else name
        return NewAddress(row.address, self._terms.preset_id, name, STAMP)

    def load(self, rows: Sequence[QueuedRow], most_commands: int) -> Load:
        """As many of these rows, in their order, as one request may carry: at least one of those that can leave."""
        load, commands = Load(), 0
        for at, row in enumerate(rows):
            commands += COMMANDS_WITH_ADDRESS if row.address else 1
            if load.rows and commands > most_commands:
                load.left = list(rows[at:])
                break
            try:
                operation, size = self._operation(row)
            except _Refused as refused:
                load.refused.append(Settled(row.row, "rejected", problem=refused.problem))
                commands -= COMMANDS_WITH_ADDRESS if row.address else 1
                continue
            if load.rows and size and load.size + size > MOST_BATCH_BYTES:
                load.left = list(rows[at:])
                break
            load.rows.append(row)
            load.operations.append(operation)
            load.size += size
        return load

    def _operation(self, row: QueuedRow) -> tuple[Operation, int]:
        if row.ready is not None:
            return row.ready, 0
        fields, size = self._filled(row.fields)
        return self._add(row, fields), size

    def _filled(self, filled: dict[str, object]) -> tuple[dict[str, object], int]:
        for name, table in self._terms.replacements.items():
            if name in filled:
                filled[name] = _each(filled[name], lambda value, table=table: _replaced(table.get(value, value)))
        if self._terms.folder is None:
            return filled, 0
        sizes: list[int] = []
        for name, value in filled.items():
            if not isinstance(value, str) and _names_files(value):
                filled[name] = _each(value, lambda one, folder=self._terms.folder: _read(folder, one, sizes))
        return filled, sum(sizes)


class _Refused(Exception):
    def __init__(self, problem: RowProblem) -> None:
        super().__init__(problem.problem)
        self.problem = problem


def _each(value: object, change) -> object:
    return [change(one) for one in value] if isinstance(value, list) else change(value)


def _replaced(found: str | RowProblem) -> str:
    if isinstance(found, RowProblem):
        raise _Refused(found)
    return found


def _names_files(value: object) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and first.keys() == {"file"}


def _read(folder: Path, named: dict[str, str], sizes: list[int]) -> dict[str, list[str]]:
    try:
        data = file_data(folder, named["file"])
    except FileGone as gone:
        raise _Refused(gone.problem) from gone
    sizes.append(len(data[1]))
    return {"fileData": data}
