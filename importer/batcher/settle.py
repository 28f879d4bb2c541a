"""Rows whose answer was lost: the portal is asked, nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from importer.batcher.line import Line
from importer.batcher.retry import repeat
from importer.batcher.stopping import Stop
from importer.journal.entries import QueuedRow, Settled
from importer.portals.portal import PAGE_ROWS, Done, Failure, FindByOrigin, Refused, Unanswered, Verdict
from importer.records import RowProblem

# The portal cuts a request after 60 s (apidocs.bitrix24.com, "Limits"); until then it may still be writing,
# whatever became of our connection. A few seconds more for a clock that runs differently.
PORTAL_FINISHES_S = 60.0
_SLACK_S = 3.0

_NOT_YET_LOOKED_UP = RowProblem(
    "answer_lost",
    "The answer to this row was lost, so it may or may not be in the portal. `b24-import resume` looks it up and goes on.",
)
_WITHOUT_IDENTITY = RowProblem(
    "answer_lost",
    "The answer to this row was lost and nothing in the row identifies it, so it may or may not be in the portal. "
    "Look for it by name or phone; give the mapping an `origin` so that the next run can look by itself.",
)


def lost_answer(row: QueuedRow) -> RowProblem:
    """What a person reads of a doubtful row for as long as it is one."""
    return _WITHOUT_IDENTITY if row.origin is None else _NOT_YET_LOOKED_UP


@dataclass(frozen=True, slots=True)
class Findings:
    """What the portal knows of some doubtful rows."""

    #: rows that are there, with their contact's id
    found: list[Settled]
    #: rows that are not there: they may be sent again
    missing: list[QueuedRow]


def ready_at(rows: Iterable[QueuedRow], finishes_s: float) -> float:
    """The Unix second from which the portal's word on these rows is final."""
    starts = [row.last_sent for row in rows]
    slack_s = _SLACK_S if finishes_s >= PORTAL_FINISHES_S else 0.0
    return max((start for start in starts if start is not None), default=0.0) + finishes_s + slack_s


def conclude(rows: Sequence[QueuedRow], hits: Iterable[tuple[str, int]], last_id_before: int | None) -> Findings:
    """What (origin id, contact id) hits of the portal say of doubtful rows.

    A contact as old as the run or older was there before the first row was sent: it is not ours, whatever its
    origin. Origins are compared exactly, although the portal's own search is not: it takes `a1` for `A1`.
    """
    ids: dict[str, int] = {}
    for origin_id, contact_id in hits:
        if contact_id > (last_id_before or 0):
            ids[origin_id] = min(contact_id, ids.get(origin_id, contact_id))
    found = [Settled(row.row, "created", ids[row.origin[1]]) for row in rows if row.origin and row.origin[1] in ids]
    there = {settled.row for settled in found}
    return Findings(found, [row for row in rows if row.row not in there])


async def look_up(line: Line, stop: Stop, rows: Sequence[QueuedRow], last_id_before: int | None) -> Findings:
    """Asks the portal for rows by their origins, 50 a command. Raises Failure when it cannot be asked.

    Every row must have an origin, and the time of `ready_at` must have passed.
    """
    by_originator: dict[str, list[str]] = {}
    for row in rows:
        if row.origin:
            by_originator.setdefault(row.origin[0], []).append(row.origin[1])
    pending = [
        FindByOrigin(originator, tuple(ids[at : at + PAGE_ROWS]))
        for originator, ids in by_originator.items()
        for at in range(0, len(ids), PAGE_ROWS)
    ]
    hits: list[tuple[str, int]] = []
    while pending:
        now, pending = pending[: line.portal.batch_capacity], pending[line.portal.batch_capacity :]
        for operation, page in zip(now, await _read(line, stop, now), strict=True):
            hits += page
            if len(page) >= PAGE_ROWS:
                last = max(contact_id for _, contact_id in page)
                pending.append(FindByOrigin(operation.originator, operation.ids, last))
    return conclude(rows, hits, last_id_before)


async def _read(line: Line, stop: Stop, operations: Sequence[FindByOrigin]) -> list[list[tuple[str, int]]]:
    """One page for each operation; an incomplete answer is asked for again as a whole."""

    async def once(attempt: int) -> list[list[tuple[str, int]]]:
        answer = await line.read(operations, purpose="find", attempt=attempt)
        pages: list[list[tuple[str, int]]] = []
        for result in answer.results:
            if isinstance(result, Done):
                pages.append(result.value)
            else:
                raise _failure(line, result)
        return pages

    return await repeat(once, lambda seconds: stop.cutting(line.clock.sleep(seconds)), is_read=True)


def _failure(line: Line, result: Refused | Unanswered) -> Failure:
    if isinstance(result, Unanswered):
        return Failure(Verdict.DOUBT, "garbled_answer", "the answer says nothing of a command")
    if result.verdict is Verdict.AFTER_RESET:
        method = line.portal.method_of(FindByOrigin("", ()))
        return Failure(result.verdict, result.code, result.text, wait_s=line.pace.budget_refused(method))
    verdict = Verdict.STOP if result.verdict is Verdict.REJECT else result.verdict
    return Failure(verdict, result.code, result.text, advice=result.advice)
