"""Contacts that are there are changed or deleted: read, judged as they are now, journaled, and only then touched.

    take from the queue ─▶ read the contacts ─▶ judge ─┬─▶ nothing to do: settled without a call
                ▲                                      └─▶ before-image journaled ─▶ sent as any batch
                └──── lost: from the start once the portal has finished; what has arrived shows when it is read
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from importer.batcher.addresses import Completion
from importer.batcher.asking import read_all
from importer.batcher.batcher import Batcher
from importer.batcher.fates import given_up, gone
from importer.batcher.line import Line
from importer.batcher.loading import Load
from importer.batcher.settle import whole_s
from importer.batcher.stopping import Stop, Stopped
from importer.batcher.terms import Terms
from importer.journal.entries import QueuedRow, Settled
from importer.journal.memory import REQUISITES, BeforeImage, keep_images
from importer.pacing.sizing import Sizing
from importer.portals.existing import Delete, ReadCompanyLinks, Update
from importer.portals.operations import Operation, ReadContacts
from importer.portals.portal import Failure, Stored
from importer.records import STAMP, RowProblem


class Judge(Protocol):
    """What is to be done with one contact, now that it was read."""

    #: True when COMPANY_IDS must be among the stored fields, which takes a command more for each contact
    needs_companies: bool

    def changes(self, row: QueuedRow, wanted: Mapping[str, object], stored: Stored) -> dict[str, object] | Partly | Settled:
        """The fields to send, of a deletion none; or what the row is without a call."""
        ...


@dataclass(frozen=True, slots=True)
class Partly:
    """Fields to send, and what its person should know of the rest."""

    fields: dict[str, object]
    warning: RowProblem


class Updating:
    """The judge of an import: what differs is sent."""

    def __init__(self, between, *, needs_companies: bool) -> None:
        """`between(wanted, stored)` gives the fields that differ."""
        self._between, self.needs_companies = between, needs_companies

    def changes(self, row: QueuedRow, wanted: Mapping[str, object], stored: Stored) -> dict[str, object] | Settled:
        """What differs; of a row whose answer was lost, nothing differs once it has arrived."""
        differing = self._between(wanted, stored.fields)
        if differing:
            return differing
        if row.last_sent is not None or row.address:
            return Settled(row.row, "updated", stored.id)
        return Settled(row.row, "skipped", stored.id, RowProblem("unchanged", f"Contact {stored.id} is as the row says."))


class Changes(Batcher):
    """A batcher of what changes or deletes contacts. Lost answers cost nothing here: the same change twice is one."""

    def __init__(self, line: Line, stop: Stop, sizing: Sizing, terms: Terms, judge: Judge) -> None:
        super().__init__(line, stop, sizing, terms)
        self._judge = judge
        #: rows whose change turned out not to bear company
        self._alone: set[int] = set()

    def _travels_alone(self, row: QueuedRow) -> bool:
        return row.row in self._alone or super()._travels_alone(row)

    async def _prepare(self, load: Load) -> bool:
        """Reads the contacts of a batch and leaves in it what is to be sent to them."""
        reserved = len(load.rows)
        try:
            stored = await self._there(load.rows)
            warnings = await self._addresses([row for row in load.rows if row.row in stored])
            self._judge_all(load, stored, warnings)
        except Failure as failure:
            self._queue.give_back(load.rows)
            self._stop.because(given_up(failure, self._line.portal.host))
            load.rows.clear()
        except Stopped:
            load.rows.clear()
            raise
        finally:
            self._line.pace.release(self._method, reserved - len(load.rows))
        return bool(load.rows)

    def _judge_all(self, load: Load, stored: Mapping[int, Stored], warnings: Mapping[int, RowProblem]) -> None:
        settled: list[Settled] = []
        ready: list[tuple[QueuedRow, Operation]] = []
        images: list[BeforeImage] = []
        later: list[QueuedRow] = []
        for row, operation in zip(load.rows, load.operations, strict=True):
            there = stored.get(row.row)
            judged = self._judged(row, operation, there)
            if isinstance(judged, Settled):
                settled.append(replace(judged, warning=judged.warning or warnings.get(row.row)))
                continue
            assert there is not None, "a row without its contact is settled"
            if isinstance(judged, Partly):
                load.warnings[row.row], judged = judged.warning, judged.fields
            change = self._operation(there, judged, operation)
            if self._line.portal.travels_alone(change) and len(load.rows) > 1:
                self._alone.add(row.row)
                later.append(row)
                continue
            ready.append((row, change))
            if isinstance(change, Update):
                # With the moment of its last change: what people did before us must not hide behind what we do now.
                held = {"DATE_MODIFY": there.modified, **{name: there.fields.get(name) for name in judged}}
                images.append(BeforeImage(row.row, there.id, held, {name: _without_content(row, name, value) for name, value in judged.items()}))
        if images:
            keep_images(self._journal.database, self._run_id, images)
        if settled:
            self._journal.settle(self._run_id, settled, self._entity)
            for one in settled:
                self._progress.count(one.state)
        self._queue.give_back(later)
        load.warnings.update(warnings)
        load.rows[:], load.operations[:] = [row for row, _ in ready], [change for _, change in ready]

    def _judged(self, row: QueuedRow, operation: Operation, there: Stored | None) -> dict[str, object] | Partly | Settled:
        if there is None:
            return gone(row, self._line.kind.outcome, self._line.kind.thing)
        return self._judge.changes(row, operation.fields if isinstance(operation, Update) else {}, there)

    def _operation(self, there: Stored, fields: dict[str, object], planned: Operation) -> Operation:
        return Update(there.id, fields, planned.params) if isinstance(planned, Update) else Delete(there.id)

    async def _there(self, rows: Sequence[QueuedRow]) -> dict[int, Stored]:
        """Row → what it is about, as the portal has it now; a row without any is absent. Raises Failure."""
        found = await self._read({row.contact_id for row in rows if row.contact_id is not None})
        return {row.row: found[row.contact_id] for row in rows if row.contact_id in found}

    async def _read(self, ids: Collection[int]) -> dict[int, Stored]:
        if not ids:
            return {}
        [page] = await self._values([ReadContacts(tuple(sorted(ids)))])
        found = {stored.id: stored for stored in page}
        if self._judge.needs_companies and found:
            links = await self._values([ReadCompanyLinks(number) for number in found])
            for stored, companies in zip(found.values(), links, strict=True):
                stored.fields["COMPANY_IDS"] = [str(company) for company in companies]
        return found

    async def _values(self, operations: Sequence[Operation]) -> list:
        """What each reading found; an empty list where what it asks about is not there."""
        found = await read_all(self._line, self._stop, operations, may_be_gone=True)
        return [[] if value is None else value for value in found]

    async def _addresses(self, rows: Sequence[QueuedRow]) -> dict[int, RowProblem]:
        """Writes the addresses that contacts lack, before the contacts themselves: what is there already is left as it is."""
        needing = [(row, row.contact_id, address) for row in rows if row.contact_id and (address := self._loader.address(row))]
        if not needing:
            return {}
        completion = Completion(self._line, self._stop, whole_s(self._terms.finishes_s), on_missing=self._note_requisites)
        settled = await completion.complete(needing)
        return {one.row: one.warning for one in settled if one.warning is not None}

    def _note_requisites(self, rows: Sequence[tuple[int, int]]) -> None:
        """That there were none before is what an undo must know to take them away again."""
        images = [BeforeImage(row, contact_id, {REQUISITES: []}, {REQUISITES: STAMP}) for row, contact_id in rows]
        keep_images(self._journal.database, self._run_id, images)

    async def _settle(self, rows: Sequence[QueuedRow]) -> None:
        """Lost rows go back to the queue once the portal has certainly finished with them."""
        self._progress.count("unsettled", len(rows))
        try:
            await self._until_final(rows, rows)
        except Stopped:
            return
        outcomes, again = self._losses.verdicts(rows)
        self._settled(outcomes)
        self._queue.give_back(again)
        self._stop_if_nothing_gets_through(again)


def _without_content(row: QueuedRow, name: str, value: object) -> object:
    """What the journal keeps of a sent value: a file by its path, never its bytes."""
    first = value[0] if isinstance(value, list) and value else value
    return row.fields.get(name) if isinstance(first, dict) and "fileData" in first else value
