"""Addresses whose fate is open: the contact is there, its requisite or its address may not be.

Asked for, and only what is missing is added; nothing is guessed. A row stays unsettled until its address is settled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from importer.batcher.asking import failure_of, values_of
from importer.batcher.line import Line
from importer.batcher.stopping import Stop
from importer.journal.entries import QueuedRow, Settled
from importer.portals.operations import AddAddress, AddRequisite, ListAddresses, ListRequisites, NewAddress, Operation
from importer.portals.portal import Done, Failure, Refused, Result, Verdict
from importer.records import RowProblem

# How often addresses are asked for and completed before the portal is given up: as often as a lost row.
_MOST_ROUNDS = 8

_FIRST_WAIT_S = 2.0


def address_refused(refused: Refused) -> RowProblem:
    """What the person of a row reads whose contact is there and whose address is not."""
    said = f"{refused.code}: {refused.text}" if refused.code and refused.text else refused.code or refused.text or "no reason given"
    return RowProblem("address_refused", f"The contact is created, but the portal refused its address: {said}. Enter it in the portal.", is_warning=True)


def address_open() -> RowProblem:
    """What a person reads of a row whose contact is there and whose address may be."""
    return RowProblem("answer_lost", "The contact is created; whether its address is there is not known. `b24-import resume` looks and goes on.")


@dataclass(slots=True)
class _Open:
    """One contact whose address is open."""

    row: QueuedRow
    contact_id: int
    address: NewAddress
    requisite_id: int | None = None


@dataclass(slots=True)
class Completion:
    """Completes the addresses of some rows whose contacts are there, and which no request writes to any more."""

    line: Line
    stop: Stop
    #: seconds until a request whose answer was lost can write nothing any more
    finishes_s: float
    settled: list[Settled] = field(default_factory=list)
    #: is told of (row, contact id) before these contacts get a requisite they did not have
    on_missing: Callable[[list[tuple[int, int]]], None] = lambda rows: None

    async def complete(self, rows: Sequence[tuple[QueuedRow, int, NewAddress]]) -> list[Settled]:
        """The outcome of each (row, contact id, address). Raises Failure when the portal cannot be brought to tell."""
        pending = [_Open(*row) for row in rows]
        for round_ in range(1, _MOST_ROUNDS + 1):
            try:
                for some in _chunks(pending, self.line.portal.batch_capacity):
                    await self._round(some)
                return self.settled
            except Failure as failure:
                if failure.verdict is Verdict.STOP or round_ == _MOST_ROUNDS:
                    raise
                wait_s = max(failure.wait_s or 0.0, self.finishes_s if failure.verdict is Verdict.DOUBT else _FIRST_WAIT_S * 2**round_)
            there = {settled.row for settled in self.settled}
            pending = [one for one in pending if one.row.row not in there]
            await self.stop.cutting(self.line.clock.sleep(wait_s))
        raise AssertionError("the last round returns or raises")

    async def _round(self, some: list[_Open]) -> None:
        """Looks at the portal, adds what is missing, and settles what is whole; Failure where anything stays open."""
        originator = some[0].address.originator
        listed = await self._read([ListRequisites(one.contact_id, originator) for one in some])
        for one, found in zip(some, listed, strict=True):
            one.requisite_id = min((number for number, whose in found if whose == originator), default=None)
        missing = [one for one in some if one.requisite_id is None]
        if missing:
            self.on_missing([(one.row.row, one.contact_id) for one in missing])
        adding = [AddRequisite(one.contact_id, one.address) for one in missing]
        added = await self._ask("beside", adding)
        for one, result in zip(missing, added, strict=True):
            one.requisite_id = result.value if isinstance(result, Done) else None
        self._settle(missing, [result for result in added if not isinstance(result, Done)], skip_done=True)
        _expect(self.line, adding, added)
        ready = [one for one in some if one.requisite_id is not None]
        kinds = await self._read([ListAddresses(one.requisite_id) for one in ready])
        bare = [one for one, found in zip(ready, kinds, strict=True) if not found]
        writing = [AddAddress(one.requisite_id, one.address) for one in bare]
        written = await self._ask("beside", writing)
        self._settle([one for one in ready if one not in bare], [])
        self._settle(bare, written)
        _expect(self.line, writing, written)

    def _settle(self, some: Sequence[_Open], results: Sequence[Result], *, skip_done: bool = False) -> None:
        """Rows are created once their address is there, or is refused for good; others stay open."""
        unsure = [one for one in some if one.requisite_id is None] if skip_done else some
        for one, result in zip(unsure, results or [Done(True)] * len(unsure), strict=True):
            if isinstance(result, Refused) and result.verdict is Verdict.REJECT:
                self.settled.append(Settled(one.row.row, "created", one.contact_id, warning=address_refused(result)))
            elif isinstance(result, Done):
                self.settled.append(Settled(one.row.row, "created", one.contact_id))

    async def _read(self, operations: Sequence[Operation]) -> list[list]:
        """What each reading found; Failure when one did not answer."""
        return values_of(self.line, operations, await self._ask("find", operations))

    async def _ask(self, purpose: str, operations: Sequence[Operation]) -> list[Result]:
        if not operations:
            return []
        return (await self.line.read(operations, self.stop.cutting, purpose=purpose)).results


def _chunks(pending: Sequence[_Open], size: int) -> Iterator[list[_Open]]:
    for at in range(0, len(pending), size):
        yield list(pending[at : at + size])


def _expect(line: Line, operations: Sequence[Operation], results: Sequence[Result]) -> None:
    """Failure when one of these writings is neither done nor refused for good."""
    for operation, result in zip(operations, results, strict=True):
        if not isinstance(result, Done) and not (isinstance(result, Refused) and result.verdict is Verdict.REJECT):
            raise failure_of(line, result, operation)
