"""Rows whose answer was lost: the portal is asked, nothing is guessed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from importer.batcher.asking import read_all
from importer.batcher.line import Line
from importer.batcher.stopping import Stop
from importer.journal.entries import QueuedRow, Settled
from importer.portals.operations import PAGE_ROWS, FindByOrigin, FindCompanies
from importer.portals.portal import Portal
from importer.records import RowProblem

# The portal cuts a request after 60 s (apidocs.bitrix24.com, "Limits"); until then it may still be writing,
# whatever became of our connection.
PORTAL_FINISHES_S = 60.0

# Its 60 s begin when it has the request, ours when we begin to connect, which may take 15 s (portals, rest.py). And
# a few seconds for a clock that runs differently.
_SLACK_S = 15.0 + 3.0

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


#: how rows are looked up
Find = FindByOrigin | FindCompanies
#: (ORIGINATOR_ID, ORIGIN_ID)
Origin = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the portal knows of some doubtful rows."""

    #: rows that are there, with the id of what they became
    found: list[Settled]
    #: rows that are not there: they may be sent again
    missing: list[QueuedRow]
    #: rows of which the portal does not tell; they stay unsettled, with the reason
    open: list[Settled] = field(default_factory=list)


def wait_s(rows: Iterable[QueuedRow], now: float, finishes_s: float) -> float:
    """Seconds from `now` until the portal's word on these rows is final.

    Never more than the portal takes: a row sent in the future was sent by a clock that was set back since.
    """
    longest_s = whole_s(finishes_s)
    latest = max((row.last_sent for row in rows if row.last_sent is not None), default=now - longest_s)
    return min(max(0.0, latest + longest_s - now), longest_s)


def finishes_s(portal: Portal, asked: float | None) -> float:
    """Seconds until the portal, or the door before it, has certainly finished with a request; what a test asks for wins."""
    own = portal.traits.finishes_s
    return asked if asked is not None else PORTAL_FINISHES_S if own is None else own


def whole_s(finishes_s: float) -> float:
    """Seconds after which nothing is written any more by a request that we began just now."""
    return finishes_s + (_SLACK_S if finishes_s >= PORTAL_FINISHES_S else 0.0)


def conclude(rows: Sequence[QueuedRow], hits: Iterable[tuple[Origin, int]], last_id_before: int | None) -> Findings:
    """What (origin, contact id) hits of the portal say of doubtful rows.

    A contact as old as the run or older was there before the first row was sent: it is not ours, whatever its
    origin. Origins are compared exactly, although the portal's own search is not: it takes `a1` for `A1`.
    """
    ids: dict[Origin, int] = {}
    for origin, contact_id in hits:
        if contact_id > (last_id_before or 0):
            ids[origin] = min(contact_id, ids.get(origin, contact_id))
    found = [Settled(row.row, "created", ids[row.origin]) for row in rows if row.origin in ids]
    there = {settled.row for settled in found}
    return Findings(found, [row for row in rows if row.row not in there])


async def look_up(line: Line, stop: Stop, rows: Sequence[QueuedRow], last_id_before: int | None) -> Findings:
    """Asks the portal for rows by their origins, 50 a command. Raises Failure when it cannot be asked.

    Every row must have an origin, and `wait_s` must have passed.
    """
    pending = _searches(line, rows, last_id_before or 0)
    hits: list[tuple[Origin, int]] = []
    while pending:
        now = [pending.popleft()]
        while pending and len(now) < line.portal.batch_capacity and not any(map(line.portal.travels_alone, (now[0], pending[0]))):
            now.append(pending.popleft())
        for operation, page in zip(now, await read_all(line, stop, now), strict=True):
            hits += [((operation.originator, origin_id), contact_id) for origin_id, contact_id in page]
            if len(page) >= PAGE_ROWS:
                last = max(contact_id for _, contact_id in page)
                pending.append(line.kind.find(operation.originator, operation.ids, last))
    return conclude(rows, hits, last_id_before)


def _searches(line: Line, rows: Sequence[QueuedRow], after_id: int) -> deque[Find]:
    """Searches for all origins, those apart that must not share a request."""
    groups: dict[tuple[str, bool], list[str]] = {}
    for row in rows:
        if row.origin:
            originator, origin_id = row.origin
            is_alone = line.portal.travels_alone(line.kind.find(originator, (origin_id,)))
            groups.setdefault((originator, is_alone), []).append(origin_id)
    return deque(
        line.kind.find(originator, tuple(ids[at : at + PAGE_ROWS]), after_id)
        for (originator, _), ids in groups.items()
        for at in range(0, len(ids), PAGE_ROWS)
    )
