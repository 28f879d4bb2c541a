"""What a run asks the portal on its way: the values of readings in their order, and what the lack of one means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from importer.batcher.line import Line
from importer.batcher.retry import repeat
from importer.batcher.stopping import Stop
from importer.pacing.pace import Pace
from importer.portals import portal
from importer.portals.operations import Operation
from importer.portals.portal import Done, Failure, Portal, Refused, Result, Verdict


async def read_all(line: Line, stop: Stop, operations: Sequence[Operation], *, purpose: str = "find", may_be_gone: bool = False) -> list:
    """What each of these operations, of one request, found; an incomplete answer is asked for again as a whole.

    They may run twice: readings, and deletions. With `may_be_gone` the value is None where what is asked about is not in
    the portal. Raises Failure.
    """

    async def once(attempt: int) -> list:
        answer = await line.read(operations, stop.cutting, purpose=purpose, attempt=attempt)
        return values_of(line, operations, answer.results, may_be_gone=may_be_gone)

    return await repeat(once, lambda seconds: stop.cutting(line.clock.sleep(seconds)), is_read=True)


def values_of(line: Line, operations: Sequence[Operation], results: Sequence[Result], *, may_be_gone: bool = False) -> list:
    """The value of each result. Raises Failure where one has none, but None with `may_be_gone` where it is about nothing any more."""
    for operation, result in zip(operations, results, strict=True):
        if not isinstance(result, Done) and not (may_be_gone and isinstance(result, Refused) and result.is_gone):
            raise failure_of(line, result, operation)
    return [result.value if isinstance(result, Done) else None for result in results]


class Paced(Protocol):
    """Whoever asks a portal at its pace."""

    portal: Portal
    pace: Pace


def failure_of(who: Paced, result: Result, operation: Operation) -> Failure:
    """What a command that did not succeed means for the request it was in; a refused budget is noted for its own method."""
    failure = portal.failure_of(result)
    if failure.verdict is Verdict.AFTER_RESET:
        failure.wait_s = who.pace.budget_refused(who.portal.method_of(operation))
    return failure
