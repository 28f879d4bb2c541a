"""The requisites with addresses that a run added to contacts which were there: deleted, once the contacts are restored.

Asked for each time, so that a lost answer or a death costs nothing: what is gone already is not there to be deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from importer.batcher.asking import read_all
from importer.batcher.line import Line
from importer.batcher.stopping import Stop
from importer.journal.taking_back import added_requisites
from importer.portals.existing import DeleteRequisite, ReadRequisites
from importer.records import STAMP, RowProblem

_SAME_MOMENT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class OwnRequisites:
    """The requisites of one undone run. `line` is the undo's."""

    line: Line
    stop: Stop
    #: the undone run
    run_id: int
    #: delete also what people changed since
    is_forced: bool

    async def remove(self) -> None:
        """Deletes what the run added and nobody has changed. Raises Failure, Stopped."""
        rows = added_requisites(self.line.journal.database, self.run_id, self.line.run_id)
        size = self.line.portal.batch_capacity
        if self.line.portal.lacks is not None:
            told = f"the requisite with its address stays: {self.line.portal.lacks.door} cannot delete it. Look at it in the portal."
            self.line.journal.warn(self.line.run_id, [(row, _kept(f"Contact {contact_id}: {told}")) for row, contact_id in rows])
            return
        for at in range(0, len(rows), size):
            await self._remove(rows[at : at + size])

    async def _remove(self, rows: Sequence[tuple[int, int]]) -> None:
        found = await read_all(self.line, self.stop, [ReadRequisites(contact_id, STAMP) for _, contact_id in rows], may_be_gone=True)
        doomed: list[int] = []
        kept: list[tuple[int, RowProblem]] = []
        for (row, contact_id), requisites in zip(rows, found, strict=True):
            for number, created, modified in requisites or []:
                if _is_changed(created, modified) and not self.is_forced:
                    sentence = f"Contact {contact_id}: its requisite {number} with the address was changed since, and stays."
                    kept.append((row, _kept(sentence)))
                else:
                    doomed.append(number)
        for at in range(0, len(doomed), self.line.portal.batch_capacity):
            deletions = [DeleteRequisite(number) for number in doomed[at : at + self.line.portal.batch_capacity]]
            # Again also when the answer was lost: what is deleted twice is deleted once.
            await read_all(self.line, self.stop, deletions, purpose="beside", may_be_gone=True)
        self.line.journal.warn(self.line.run_id, kept)


def _kept(sentence: str) -> RowProblem:
    return RowProblem("requisite_kept", sentence, is_warning=True)


def _is_changed(created: str, modified: str) -> bool:
    """Beyond the seconds that writing the address takes."""
    try:
        return datetime.fromisoformat(modified) - datetime.fromisoformat(created) > _SAME_MOMENT
    except ValueError:
        return False
